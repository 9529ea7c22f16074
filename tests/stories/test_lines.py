"""Lines keep what one side alone knows of them, whatever the other side does with its own."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Unavailable
from tests.stories.customers import SAGE, VTIGER, flow_of
from tests.stories.drafts import Invoices, Line, line

A, B, C = line("W", "2"), line("C", "3", "5.00"), line("B", "1", "7.50", tax="0")
CODES = (
    {"ledger_account_id": "4001", "eu_goods_services_type_id": "GOODS"},
    {"ledger_account_id": "4900", "trade_of_asset": True},
    {"ledger_account_id": "4010", "tax_rate_id": "GB_EXEMPT", "analysis_type_categories": ["NORTH"]},
)
OWN = ("ledger_account_id", "eu_goods_services_type_id", "trade_of_asset", "analysis_type_categories")


def coded(*codes: dict[str, Any]) -> Invoices:
    """An invoice of three lines that the bookkeeper has coded by hand."""
    here = Invoices()
    here.enter(A, B, C)
    here.code(*(codes or CODES))
    return here


def facts(here: Invoices) -> dict[str, tuple[Any, ...]]:
    return {one["product_id"]: tuple(one.get(name) for name in OWN) for one in here.sage()}


def test_an_edit_of_one_line_leaves_the_coding_of_all_and_names_both_values() -> None:
    here = coded()
    before, untouched = facts(here), here.sage()[1:]
    here.in_vtiger({**A, "quantity": "3"}, B, C)
    here.says("updated", "line 1 “W”: quantity 2 → 3")
    assert facts(here) == before
    assert [_without_id(one) for one in here.sage()[1:]] == [_without_id(one) for one in untouched]
    (change,) = [one for row in here.rows() for one in row.changes]
    assert (change["field"], change["system"], change["before"], change["after"]) == (
        "line 1 “W”: quantity", VTIGER, 2, 3,
    )  # fmt: skip


def test_a3_exempt_and_no_tax_sold_at_zero_stay_so_on_an_edit() -> None:
    here = Invoices()
    here.enter(line("C", tax="0"), line("B", tax="0"), line("W", tax="0"))
    here.code({"tax_rate_id": "GB_EXEMPT"}, {"tax_rate_id": "GB_NO_TAX"}, {"tax_rate_id": "GB_ZERO"})
    here.in_vtiger(line("C", "4", tax="0"), line("B", "1", "8.00", tax="0"), line("W", tax="0", text="other"))
    here.says("updated", "quantity 1 → 4", "unit price 10.00 → 8.00", "description W → other")
    assert [code for _, code in here.coded("tax_rate_id")] == ["GB_EXEMPT", "GB_NO_TAX", "GB_ZERO"]


def test_a_rate_that_changed_gets_a_code_of_its_own_and_the_others_keep_theirs() -> None:
    here = coded()
    here.in_vtiger({**A, "tax": "5"}, B, C)
    here.says("updated", "line 1 “W”: tax rate 20 → 5")
    assert here.coded("tax_rate_id") == [("W", "GB_LOWER"), ("C", "GB_STANDARD"), ("B", "GB_EXEMPT")]
    assert here.coded("ledger_account_id")[0] == ("W", "4001")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((C, A, B), "order of the lines 1, 2, 3 → 3, 1, 2"),
        ((line("Z"), A, B, C), "line 1 “Z” added: quantity 1, unit price 10.00"),
        ((A, line("Z"), B, C), "line 2 “Z” added"),
        ((A, C), "line 2 “C” removed: quantity 3"),
        ((C, {**A, "listprice": "11.00"}), "line 2 “W”: unit price 10.00 → 11.00"),
        (tuple({**one, "listprice": f"{float(one['listprice']) * 1.05:.5f}"} for one in (A, B, C)), "10.50"),
    ],
    ids=["reordered", "inserted above", "inserted within", "deleted", "all at once", "prices raised 5 %"],
)
def test_every_line_keeps_its_own_whatever_happens_around_it(lines: tuple[Line, ...], said: str) -> None:
    here = coded()
    before = facts(here)
    here.in_vtiger(*lines)
    here.says("updated", said)
    assert [one["product_id"] for one in here.sage()] == [one["product"] for one in lines]
    assert {item: own for item, own in facts(here).items() if item in before} == {
        item: own for item, own in before.items() if item in {one["product"] for one in lines}
    }
    assert all(one["ledger_account_id"] == "4000" for one in here.sage() if one["product_id"] == "Z")


def test_an_item_exchanged_for_another_is_coded_anew() -> None:
    here = coded()
    here.in_vtiger({**A, "product": "Z", "comment": "Z", "name": "Z"}, B, C)
    here.says("updated", "line 1 “Z” added", "line 1 “W” removed")
    assert here.coded("ledger_account_id") == [("Z", "4000"), ("C", "4900"), ("B", "4010")]


def test_a_line_that_is_split_is_coded_as_it_was_in_both_parts() -> None:
    here = coded()
    here.in_vtiger(A, {**B, "quantity": "1"}, C, {**B, "quantity": "2", "comment": "later"})
    here.says("updated", "line 2 “C”: quantity 3 → 1", "line 4 “later” added")
    assert here.coded("ledger_account_id", "trade_of_asset")[1::2] == [
        ("C", "4900", True),
        ("later", "4900", True),
    ]


def test_one_of_two_equal_lines_of_one_coding_is_deleted() -> None:
    here = Invoices()
    here.enter(A, B, A)
    here.code({"ledger_account_id": "4001"}, {"ledger_account_id": "4900"}, {"ledger_account_id": "4001"})
    here.in_vtiger(A, B)
    here.says("updated", "line 3 “W” removed")
    assert here.coded("ledger_account_id") == [("W", "4001"), ("C", "4900")]


def test_one_of_two_equal_lines_of_two_codings_is_deleted_and_a_person_says_which() -> None:
    here = Invoices()
    here.enter(A, B, A)
    here.code(
        {"ledger_account_id": "4001", "coding": "4001 Trade"},
        {"ledger_account_id": "4900"},
        {"ledger_account_id": "4002", "coding": "4002 Retail"},
    )
    kept = here.sage()
    here.in_vtiger(A, B)
    here.says("held", "“4001 Trade”", "“4002 Retail”", rule="line identity", field="lines")
    assert here.sage() == kept
    here.hear(VTIGER, "inv")
    here.says("held", rule="line identity")
    here.in_sage(kept[2], kept[1])
    assert here.rows()[-1].outcome.kind in ("updated", "unchanged")
    assert here.coded("ledger_account_id") == [("W", "4002"), ("C", "4900")]
    here.in_vtiger(A, {**B, "quantity": "9"})
    here.says("updated", "line 2 “C”: quantity 3 → 9")
    assert here.coded("ledger_account_id") == [("W", "4002"), ("C", "4900")]


def test_the_same_item_four_times_with_two_nominals() -> None:
    here = Invoices()
    here.enter(A, A, A, A)
    here.code(*({"ledger_account_id": code, "coding": code} for code in ("4001", "4001", "4002", "4002")))
    here.in_vtiger(A, A, {**A, "quantity": "5"}, A)
    here.says("held", "“4001” or “4002”", rule="line identity")
    assert [code for _, code in here.coded("ledger_account_id")] == ["4001", "4001", "4002", "4002"]
    here.in_vtiger(A, A, A, A)
    assert here.rows()[-1].outcome.kind in ("updated", "unchanged")


def test_four_equal_lines_stay_as_they_are_when_another_is_edited() -> None:
    here = Invoices()
    here.enter(A, A, B, A, A)
    here.code(*({"ledger_account_id": code} for code in ("4001", "4002", "4900", "4001", "4002")))
    here.in_vtiger(A, A, {**B, "listprice": "6.00"}, A, A)
    here.says("updated", "line 3 “C”: unit price 5.00 → 6.00")
    assert [code for _, code in here.coded("ledger_account_id")] == ["4001", "4002", "4900", "4001", "4002"]


def test_what_vtiger_alone_knows_of_a_line_stays_when_sage_edits() -> None:
    here = Invoices()
    here.enter({**A, "further": {"description": "blue, for the shop"}}, B, C)
    more = {"quantity": "4", "tax_amount": "4.00"}
    here.in_sage(*({**one, **more} if one["product_id"] == "C" else one for one in here.sage()[::-1]))
    here.says("updated", "line 2 “C”: quantity 3 → 4")
    assert [(one["product"], one.get("further"), int(Decimal(one["quantity"]))) for one in here.vtiger()] == [
        ("B", None, 1),
        ("C", None, 4),
        ("W", {"description": "blue, for the shop"}, 2),
    ]


def test_a_new_coding_in_sage_changes_nothing_in_vtiger_and_is_kept() -> None:
    here = coded()
    writes = len(here.rig.systems[VTIGER].writes)
    here.in_sage(*({**one, "ledger_account_id": "4999"} for one in here.sage()))
    assert len(here.rig.systems[VTIGER].writes) == writes
    here.in_vtiger(A, {**B, "quantity": "5"}, C)
    assert [code for _, code in here.coded("ledger_account_id")] == ["4999", "4999", "4999"]


def test_a_write_that_failed_is_made_good_later_with_the_coding_of_then() -> None:
    here = coded()
    with here.at(f"{SAGE}.update", Unavailable("down")):
        here.in_vtiger(C, {**A, "quantity": "3"}, {**B, "quantity": "1"}, {**B, "quantity": "2"})
    here.wait(hours=1)
    assert here.coded("ledger_account_id") == [("B", "4010"), ("W", "4001"), ("C", "4900"), ("C", "4900")]


def test_a_penny_that_was_laid_on_a_line_stays_there() -> None:
    here = Invoices()
    pennies = [line(item, "1", "10.02") for item in ("W", "C", "B")]
    here.enter(*pennies)
    assert [str(one["tax_amount"]) for one in here.sage()] == ["2.01", "2.00", "2.00"]
    here.in_vtiger(*pennies, line("Z", "1", "100.00"))
    assert [str(one["tax_amount"]) for one in here.sage()] == ["2.01", "2.00", "2.00", "20.00"]


def test_a_rate_that_the_ledger_no_longer_offers_stays_on_a_line_that_has_it() -> None:
    here = Invoices()
    here.enter(line("W", "1", tax="20"), line("C"))
    here.code({"tax_rate_id": "GB_STANDARD", "ledger_account_id": "4001"}, {})
    here.in_vtiger(line("W", "1", tax="20", text="new words"), line("C"))
    assert here.coded("tax_rate_id", "ledger_account_id")[0] == ("new words", "GB_STANDARD", "4001")


def test_lines_of_a_link_that_was_stored_before_they_had_ids() -> None:
    here = coded()
    _forget_ids(here)
    before = facts(here)
    here.in_vtiger(C, {**A, "quantity": "3"}, B)
    here.says("updated", "quantity 2 → 3")
    assert facts(here) == before


def _forget_ids(here: Invoices) -> None:
    from dataclasses import replace

    from shared.ports import Commit

    for link in here.rig.links():
        if link.entity == "invoice":
            old = replace(
                link, lines=(), sides={name: replace(side, lines=()) for name, side in link.sides.items()}
            )
            here.rig.stores.links.commit(Commit(old, link.version, "test", None), here.rig.clock.now())


def _without_id(one: Line) -> Line:
    return {name: value for name, value in one.items() if name != "id"}


@pytest.mark.parametrize("direction", ["from vtiger", "from sage_accounting"])
def test_a_flow_that_goes_one_way_keeps_what_the_other_side_knows(direction: str) -> None:
    here = Invoices()
    here.enter({**A, "further": {"description": "blue"}}, B, C)
    here.code(*CODES)
    here.rig.flow = flow_of(f'[invoice]\ndirection = "{direction}"')
    before = facts(here)
    if direction == "from vtiger":
        here.in_vtiger(C, {**A, "quantity": "3"}, B)
        assert facts(here) == before
    else:
        more = {"quantity": "4", "tax_amount": "4.00"}
        here.in_sage(*({**one, **more} if one["product_id"] == "C" else one for one in here.sage()[::-1]))
        assert [one.get("further") for one in here.vtiger()] == [None, None, {"description": "blue"}]
    here.says("updated", "order of the lines")


def test_both_sides_edit_lines_and_the_coding_stays_with_its_line() -> None:
    """Sage wins a conflict over lines; what Vtiger had is in the log."""
    here = coded()
    here.rig.systems[VTIGER].put("Invoice", "inv", {"LineItems": [A, {**B, "quantity": "7"}, C]})
    here.in_sage(*({**one, "description": f"{one['description']}!"} for one in here.sage()[::-1]))
    assert here.coded("ledger_account_id") == [("B!", "4010"), ("C!", "4900"), ("W!", "4001")]
    assert [one["comment"] for one in here.vtiger()] == ["B!", "C!", "W!"]
    assert [field for _, field, _ in here.lost()] == ["lines"]


def test_an_undo_gives_the_lines_back_with_the_coding_that_they_have() -> None:
    here = coded()
    before = facts(here)
    here.in_vtiger({**A, "quantity": "3"}, C, B)
    run = here.rows()[-1].run_id
    here.rig.clock.advance(600)
    assert [one.kind for one in here.undo(run)] == ["restored"]
    assert [(one["product_id"], int(Decimal(one["quantity"]))) for one in here.sage()] == [
        ("W", 2), ("C", 3), ("B", 1),
    ]  # fmt: skip
    assert facts(here) == before


def test_an_invoice_entered_on_both_sides_meets_its_twin_with_its_coding() -> None:
    """Storage was lost: the link is made anew by matching, and an edit that happened meanwhile goes over."""
    here = coded()
    for link in here.rig.links():
        if link.entity == "invoice":
            here.rig.stores.links.erase(link.link_id)
    before = facts(here)
    here.rig.clock.advance(600)
    here.hear(VTIGER, "inv")
    here.wait(minutes=10)
    here.ids.clear()
    here.says("updated", "linked with")
    here.in_vtiger({**A, "listprice": "12.00"}, B, C)
    assert facts(here) == before


def test_an_issued_invoice_is_left_alone_and_nothing_is_asked_about_its_lines() -> None:
    here = Invoices()
    here.enter(A, A)
    here.code({"ledger_account_id": "4001"}, {"ledger_account_id": "4002"})
    sage = here.id_of(SAGE, "inv")
    here.rig.systems[SAGE].put("sales_invoices", sage, {"status_id": "UNPAID"})
    here.hear(SAGE, sage)
    here.forget()
    here.in_vtiger({**A, "quantity": "9"})
    here.says("skipped", rule="released")

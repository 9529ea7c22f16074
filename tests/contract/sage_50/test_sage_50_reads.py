"""Searches and single reads of Sage 50, and its lists of changes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.errors import (
    MissingField,
    RuleInvalid,
)
from shared.ports import Condition, Gone, ObjectSpec, Snapshot
from tests.contract.sage_50.world import CUSTOMER, FULL_ORDER, ORDER, PRODUCT, Bench, line, order


def test_a_customer_reads_alike_from_search_and_by_itself(bench: Bench) -> None:
    sage = bench.sage()
    by_search = sage.read(CUSTOMER, ["EUR001", "exa001"])
    single = sage.read(replace(CUSTOMER, fields=(*CUSTOMER.fields, "memo")), ["EUR001"])["EUR001"]
    found = by_search["EUR001"]
    assert isinstance(found, Snapshot) and isinstance(single, Snapshot)
    assert {name: single.values[name] for name in found.values} == found.values
    assert (found.values["currency"], found.values["onHold"], found.values["inactiveAccount"]) == (
        "2",
        True,
        True,
    )
    other = by_search["exa001"]
    assert isinstance(other, Snapshot)
    assert (other.id, other.values["telephone"], other.values["defTaxCode"]) == ("EXA001", "0113 000000", "1")
    assert other.values["creditLimit"] == Decimal("1500.50")


def test_many_customers_are_read_in_a_few_calls(bench: Bench) -> None:
    bench.post("/customers", [{"accountRef": f"C{n:03}", "name": f"Customer {n}"} for n in range(120)])
    bench.calls()
    found = bench.sage().read(CUSTOMER, [f"C{n:03}" for n in range(120)])
    assert all(isinstance(one, Snapshot) and one.id == key for key, one in found.items())
    assert bench.calls() == {"POST searchsalesledger": 4}


def test_every_id_is_in_the_answer_and_what_is_not_there_is_gone(bench: Bench) -> None:
    bench.post("/customers", {"accountRef": "DEL001", "name": "Deleted"})
    bench.admin.delete("/customers/DEL001?keep=1")
    found = bench.sage().read(CUSTOMER, ["EXA001", "NEVER1", "DEL001"])
    assert [type(found[one]) for one in ("EXA001", "NEVER1", "DEL001")] == [Snapshot, Gone, Gone]
    assert bench.sage().read(CUSTOMER, []) == {}
    assert isinstance(bench.sage().read(FULL_ORDER, ["7777"])["7777"], Gone)


def test_older_services_read_a_customer_by_path(bench: Bench) -> None:
    bench.post("/options", {"old_customer_read": True, "new_response": False})
    found = bench.sage().read(replace(CUSTOMER, fields=("memo",)), ["EXA001"])["EXA001"]
    assert isinstance(found, Snapshot) and found.values["memo"] == ""


def test_prices_are_rounded_back_from_raw_doubles(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(
        FULL_ORDER, order(invoiceItems=[line(stockCode="WIDGET/01", unitPrice=Decimal("2.75"))]), "KEY"
    )
    found = sage.read(FULL_ORDER, [made.id])[made.id]
    assert isinstance(found, Snapshot) and isinstance(found.values["invoiceItems"], list)
    assert found.values["invoiceItems"][0]["unitPrice"] == Decimal("2.75")
    assert "2.7499999999999996" in str(bench.tape.lines)
    product = sage.read(PRODUCT, ["widget/01"])["widget/01"]
    assert isinstance(product, Snapshot) and product.values["taxCode"] == "1"


def test_find_asks_in_chunks_and_answers_every_value(bench: Bench) -> None:
    sage = bench.sage()
    sage.create(ORDER, order(), "K7")
    bench.calls()
    found = sage.find(ORDER, "customerOrderNumber", [f"K{n}" for n in range(120)] + ["", " "])
    assert bench.calls() == {"POST searchsalesorder": 4}, (
        "three chunks, and one search for what is marked as deleted"
    )
    assert len(found) == 122
    assert [key for key, rows in found.items() if rows] == ["K7"]


def test_find_with_one_in_list(bench: Bench) -> None:
    sage = bench.sage(search_in="yes")
    sage.create(ORDER, order(), "K'7")
    sage.create(ORDER, order(), "K8")
    assert [len(rows) for rows in sage.find(ORDER, "customerOrderNumber", ["K8", "K9"]).values()] == [1, 0]
    assert [len(rows) for rows in sage.find(ORDER, "customerOrderNumber", ["K'7", "K8"]).values()] == [1, 1]
    sent = [one["request"][0]["type"] for one in bench.tape.lines if "search" in one["path"]]
    assert sent == ["in", "gte", "eq", "gte"]


def test_find_compares_account_references_in_upper_case_and_other_text_exactly(bench: Bench) -> None:
    found = bench.sage().find(CUSTOMER, "accountRef", ["exa001", "EXA001 ", "EXA0"])
    assert [len(rows) for rows in found.values()] == [1, 1, 0]
    assert bench.sage().find(CUSTOMER, "name", ["example trading ltd"]) == {"example trading ltd": []}


def test_find_leaves_out_what_is_marked_deleted(bench: Bench) -> None:
    made = bench.sage().create(ORDER, order(), "KEY")
    bench.post(f"/orders/{made.id}", {"recordDeleted": 1})
    assert bench.sage().find(ORDER, "customerOrderNumber", ["KEY"]) == {"KEY": []}
    assert list(bench.sage().changes(ORDER, None))[-1].records == ()


def test_find_answers_from_search_rows_alone(bench: Bench) -> None:
    """A batch of account references costs one call and one look for deleted rows, whatever else the rules
    map."""
    bench.calls()
    rules = replace(CUSTOMER, fields=(*CUSTOMER.fields, "memo"))
    found = bench.sage().find(rules, "accountRef", ["EXA001", "EUR001"])
    assert all(len(rows) == 1 and "memo" not in rows[0].values for rows in found.values())
    assert bench.calls() == {"POST searchsalesledger": 2}


def test_a_path_that_cannot_be_searched_is_named(bench: Bench) -> None:
    with pytest.raises(MissingField, match="'memo'"):
        bench.sage().find(CUSTOMER, "memo", ["x"])
    with pytest.raises(RuleInvalid, match="'invoice'"):
        bench.sage().read(ObjectSpec("sage_50", "invoice", "invoice", "", None, ()), ["1"])


def test_changes_are_read_in_one_call_and_an_idle_poll_too(bench: Bench) -> None:
    sage = bench.sage()
    first = list(sage.changes(CUSTOMER, None))
    assert [one.id for page in first for one in page.records] == ["EUR001", "EXA001"]
    bench.calls()
    again = list(sage.changes(CUSTOMER, first[-1].cursor))
    assert bench.calls() == {"POST searchsalesledger": 1}
    assert again[-1].cursor == first[-1].cursor and again[-1].last


def test_an_old_change_is_not_read_again(bench: Bench) -> None:
    sage = bench.sage()
    bench.post("/clock", {"shift_seconds": 3600})
    bench.post("/customers", {"accountRef": "EXA001", "name": "Renamed"})
    (page,) = sage.changes(CUSTOMER, None)
    bench.post("/clock", {"shift_seconds": 7200})
    bench.post("/customers", {"accountRef": "EUR001", "name": "Umbenannt"})
    (page,) = sage.changes(CUSTOMER, page.cursor)
    assert [(one.id, one.values["name"]) for one in page.records if isinstance(one, Snapshot)] == [
        ("EXA001", "Renamed"),
        ("EUR001", "Umbenannt"),
    ]
    (page,) = sage.changes(CUSTOMER, page.cursor)
    assert [one.id for one in page.records] == ["EUR001"]


def test_changes_keep_to_their_conditions(bench: Bench) -> None:
    where = (
        Condition("inactiveAccount", "equals", "0"),
        Condition("telephone", "not_blank"),
        Condition("name", "equals", "Example Trading Ltd"),
        Condition("creditLimit", "gt", "1000"),
    )
    (page,) = bench.sage().changes(replace(CUSTOMER, where=where), None)
    assert [one.id for one in page.records] == ["EXA001"]
    (page,) = bench.sage().changes(
        replace(CUSTOMER, where=(Condition("accountRef", "in", ("EUR001", "X")),)), None
    )
    assert [one.id for one in page.records] == ["EUR001"]


def test_changes_hold_the_lines_when_the_rules_want_them(bench: Bench) -> None:
    sage = bench.sage()
    sage.create(FULL_ORDER, order(), "KEY")
    (page,) = sage.changes(replace(FULL_ORDER, poll_mode="cursor"), None)
    (found,) = page.records
    assert isinstance(found, Snapshot) and isinstance(found.values["invoiceItems"], list) and found.version

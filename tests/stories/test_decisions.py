"""What nobody can tell is asked once: singly, by file, or for a whole VAT group; kept, and taken back by
undo."""

from datetime import date
from decimal import Decimal

import pytest

from shared.domain.decision import Verdict
from shared.domain.record import replace
from shared.operations.decide import CannotDecide, all_with, of_lines, of_record, store
from shared.operations.look_alikes import LookAlike, look_alikes, with_balances
from shared.operations.pairs_file import FileRefused, read, written
from shared.operations.preview import preview_entity
from shared.sync.matching.facts import facts_of
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.test_who_is_who import GROUP, pairs

SYSTEMS = (VTIGER, SAGE)
SHOWN = {"hdnTaxType": "individual", "invoicestatus": "Created"}


def two_of_one_group() -> Customers:
    here = Customers()
    here.enter(SAGE, "S1", name="Acme Wholesale Ltd", vat_number=GROUP, billing_postcode="YO1 7HH")
    here.enter(VTIGER, "retail", name="Acme Retail Ltd", vat_number=GROUP)
    here.sync()
    here.forget()
    return here


def test_a1_different_makes_each_on_the_other_side_and_is_never_asked_again() -> None:
    here = two_of_one_group()
    services = here.rig.services()
    store(services, of_record(services, "retail", "different"))
    here.wait(minutes=5)
    assert len(here.records(SAGE)) == len(here.records(VTIGER)) == 2
    assert "held" not in here.log()
    here.sync()
    assert list(look_alikes(here.rig.services(), "account")) == []


def test_a1_same_makes_one_pair_of_them() -> None:
    here = two_of_one_group()
    services = here.rig.services()
    store(services, of_record(services, "Acme Retail Ltd", "same", "S1"))
    here.wait(minutes=5)
    assert pairs(here) == [("retail", "S1")]
    assert len(here.records(SAGE)) == len(here.records(VTIGER)) == 1
    assert any("somebody decided" in note for row in here.rows() for note in row.outcome.notes)


def test_a_decision_is_taken_back_and_holds_no_longer() -> None:
    here = two_of_one_group()
    services = here.rig.services()
    run = store(services, of_record(services, "retail", "different", "S1"))
    assert [one.kind for one in here.undo(run)] == ["restored"]
    here.wait(minutes=5)
    assert len(here.records(SAGE)) == 1 and here.rig.stores.decisions.of("account") == []


def test_taking_back_the_second_word_brings_the_first_one_back() -> None:
    here = two_of_one_group()
    services = here.rig.services()
    store(services, of_record(services, "retail", "different", "S1"))
    run = store(services, of_record(services, "retail", "same", "S1"))
    here.undo(run)
    assert [one.verdict for one in here.rig.stores.decisions.of("account")] == ["different"]


def test_what_is_said_again_is_no_new_decision_and_the_first_can_be_taken_back() -> None:
    here = two_of_one_group()
    services = here.rig.services()
    first = store(services, of_record(services, "retail", "different", "S1"))
    assert store(services, of_record(services, "retail", "different", "S1")) == ""
    (undone,) = here.undo(first)
    assert "nothing is decided" in undone.reason
    assert here.rig.stores.decisions.of("account") == []


@pytest.mark.parametrize("order", [(2, 1, 0), (0, 1, 2), (1, 2, 0), (1, 0, 2)])
def test_a_look_alike_decided_again_and_again_is_taken_back_in_any_order(order: tuple[int, ...]) -> None:
    here = two_of_one_group()
    services = here.rig.services()
    said: tuple[Verdict, ...] = ("different", "same", "different")
    runs = [store(services, of_record(services, "retail", verdict, "S1")) for verdict in said]
    left = [0, 1, 2]
    for number in order:
        was = left[-1]
        left.remove(number)
        (undone,) = here.undo(runs[number])
        assert undone.kind == ("restored" if number == was else "unchanged")
        kept = [(one.verdict, one.run_id) for one in here.rig.stores.decisions.of("account")]
        assert kept == ([(said[left[-1]], runs[left[-1]])] if left else [])


def test_a_whole_vat_group_is_settled_at_once() -> None:
    here = Customers()
    for number in range(3):
        here.enter(SAGE, f"S{number}", name=f"Acme North {number}", vat_number=GROUP)
        here.enter(VTIGER, f"V{number}", name=f"Acme South {number}", vat_number=GROUP)
    here.sync()
    assert len(list(look_alikes(here.rig.services(), "account"))) == 9
    services = here.rig.services()
    with pytest.raises(CannotDecide, match="would be the same as"):
        all_with(services, f"vat_number={GROUP}", "same")
    store(services, all_with(services, "vat_number=GB 123 4567 89", "different"))
    here.wait(minutes=5)
    assert len(here.records(SAGE)) == len(here.records(VTIGER)) == 6


def test_the_file_says_which_two_why_and_what_waits_for_them() -> None:
    here = two_of_one_group()
    (pair,) = with_balances(here.rig.services(), list(look_alikes(here.rig.services(), "account")))
    rows = written([pair], SYSTEMS).splitlines()
    assert rows[0].startswith("entity,vtiger_id,sage_accounting_id,") and rows[0].endswith(",decision")
    assert rows[1].startswith("account,retail,S1,Acme Retail Ltd,Acme Wholesale Ltd,")
    assert f"{GROUP},{GROUP},,YO1 7HH" in rows[1] and "same VAT number, but another name" in rows[1]
    assert rows[1].endswith(",")


def test_what_waits_for_a_pair_is_counted_with_its_money() -> None:
    here = two_of_one_group()
    for number, total in (("i1", "30.00"), ("i2", "12.50")):
        values = {"name": number, "account": "retail", "invoice_date": date(2026, 11, 20)}
        here.enter(VTIGER, number, "invoice", **values)
        here.rig.systems[VTIGER].put("Invoice", number, {**SHOWN, "hdnGrandTotal": total})
    here.sync()
    (pair,) = look_alikes(here.rig.services(), "account")
    assert (pair.documents, sum(pair.money.values())) == (2, Decimal("42.50"))
    assert ",2,42.50," in written([pair], SYSTEMS)


def test_the_file_comes_back_and_is_taken_as_a_whole() -> None:
    here = two_of_one_group()
    text = written(look_alikes(here.rig.services(), "account"), SYSTEMS)
    filled = text.replace(",0,,\r\n", ",0,,different\r\n")
    lines = read("pairs.csv", filled.encode("utf-8-sig"), SYSTEMS)
    services = here.rig.services()
    store(services, of_lines(services, "pairs.csv", lines))
    here.wait(minutes=5)
    assert len(here.records(SAGE)) == 2
    bad = filled + "account,nobody,S1,,,,,,,,,,,,,,,same\r\n"
    with pytest.raises(FileRefused) as no:
        of_lines(services, "pairs.csv", read("pairs.csv", bad.encode(), SYSTEMS))
    assert "line 3, column vtiger_id: “nobody”" in str(no.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("account,retail", "account,"), "line 2, column vtiger_id: empty"),
        (
            lambda text: text.replace(",yes\r", ",perhaps\r"),
            "decision: “perhaps”; allowed: same, different, or",
        ),
        (lambda text: text.replace("decision\r", "verdict\r"), "line 1: the column “decision” must be there"),
        (lambda text: text.replace(",yes\r", ",same,and\r"), "line 2: "),
        (lambda text: text.replace("Retail", "Ret\0ail"), "NUL"),
        (lambda text: text.replace("retail", '"retail'), "line 2: not readable as CSV"),
        (lambda text: "", "empty"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_taken(change: object, said: str) -> None:
    row = "account,retail,S1,Acme Retail Ltd,B,,,,,,,,,,why,0,,yes\r\n"
    head = written([], SYSTEMS)
    cells = head.count(",") - row.count(",")
    text = head + row.replace(",,,,", ",,,," + "," * cells)
    assert callable(change)
    with pytest.raises(FileRefused) as no:
        read("pairs.csv", str(change(text)).encode(), SYSTEMS)
    assert said in str(no.value)


def test_two_lines_that_contradict_each_other_are_refused() -> None:
    head = written([], SYSTEMS)
    rest = "," * (head.count(",") - 3)
    text = head + "".join(f"account,{left},{right}{rest},{word}\r\n" for left, right, word in (
        ("a", "1", "same"), ("a", "1", "different"), ("b", "1", "same"), ("a", "2", "SAME"),
    ))  # fmt: skip
    with pytest.raises(FileRefused) as no:
        read("p.csv", text.encode(), SYSTEMS)
    assert len(no.value.faults) == 3


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "+44", "-1", "@SUM(A1)", "'=1", "plain", "'quoted'", "\t=1"]
)
def test_no_cell_is_a_formula_and_every_cell_reads_back(name: str) -> None:
    left, right = facts_of(name, {"name": name}), facts_of("S1", {"name": name})
    text = written([LookAlike("account", left, right, name)], SYSTEMS)
    body = text.partition("\r\n")[2]
    assert not any(
        cell.lstrip('"')[:1] in ("=", "+", "-", "@", "\t") for cell in body.split(",") if cell != "-"
    )
    (line,) = read("p.csv", (text.removesuffix("\r\n") + "same\r\n").encode(), SYSTEMS)
    assert line.left == name.strip()


def test_what_a_customer_has_to_its_credit_is_a_number_in_the_file() -> None:
    (pair,) = look_alikes(two_of_one_group().rig.services(), "account")
    text = written([replace(pair, balance=Decimal("-30.00"))], SYSTEMS)
    assert ",-30.00," in text and "'" not in text


def test_the_preview_shows_each_pair_once_by_which_keys_and_what_it_overwrites() -> None:
    here = Customers()
    for number in range(30):
        here.enter(SAGE, f"S{number}", name=f"Firm {number} Ltd", phone="0113 496 0001", vat_number="n/a")
        here.enter(VTIGER, f"V{number}", name=f"Firm {number} Limited", phone="0113 496 0002")
    before, notes = len(here.rig.line.calls), list[str]()
    forecasts = list(preview_entity(here.rig.services(), "account", notes))
    assert [one.would for one in forecasts] == ["link"] * 30 and not here.linked()
    assert forecasts[0].joined and "joined by the same name; phone differs" in forecasts[0].notes
    assert {"field": "phone", "system": VTIGER, "lost": "0113 496 0002"} in forecasts[0].changes
    assert notes == ["no VAT number is “n/a” (30): neither proves nor forbids anything"]
    calls = here.rig.line.calls[before:]
    asked = [
        call for call in calls if call.endswith((".changes", ".find", ".read")) and call[:5] in "vtiger sage_"
    ]
    assert asked == [f"{VTIGER}.changes", f"{SAGE}.changes", f"{VTIGER}.read"], "pages, and one look at 30"
    assert here.writes(VTIGER) == here.writes(SAGE) == 0


def test_the_preview_tells_of_a_linked_pair_once_whichever_side_was_edited() -> None:
    here = Customers()
    for number in range(6):
        here.enter(VTIGER, f"V{number}", name=f"Firm {number} Ltd", phone="0113 496 0001")
    here.sync()
    sage = dict(pairs(here))
    here.wait(minutes=5)
    here.edit(VTIGER, "V0", phone="0113 496 0002")
    here.edit(SAGE, sage["V1"], phone="0113 496 0003")
    forecasts = list(preview_entity(here.rig.services(), "account"))
    assert sorted(one.would for one in forecasts) == ["nothing"] * 4 + ["update"] * 2
    assert {system for one in forecasts for system in one.writes} == {VTIGER, SAGE}

"""`tieout why`: each cause is seeded once, and named with its cure. Without a vendor, in milliseconds."""

from datetime import datetime
from typing import Any

import pytest

from shared.domain import codec
from shared.domain.causes import CURES, OF_THE_FLOW, of_outcome
from shared.domain.link import ChangeEvent, LogRow, Outcome, OutcomeKind
from shared.domain.outcomes import by_flow
from shared.domain.rules import FlowRule, Rule
from shared.operations.dead_letters import DeadLetter, understood
from shared.operations.handle_batch import Message, handle
from shared.operations.why import Why, why
from shared.operations.why_find import meant, not_asked
from shared.ports.dead_letters import Letter
from shared.sync.engine.dead_letter import note_failure
from tests.stories.causes import (
    DESKS,
    LISTS,
    NOWHERE,
    SAID,
    SMITH,
    Given,
    change,
    paused,
    stored,
)
from tests.stories.customers import SAGE as BOOKS
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SAGE, SUGAR, Orders
from tests.stories.world import World


def asked(here: World, name: tuple[str, str, str] = DESKS, **more: Any) -> Why:
    return why(here.rig.services(), name, **more)


def first(here: World, name: tuple[str, str, str] = DESKS, **more: Any) -> tuple[str, str]:
    found = asked(here, name, **more).causes
    assert found, "silence is no answer"
    assert all(one.cure == CURES[one.name if one.name in CURES else OF_THE_FLOW] for one in found)
    return found[0].name, found[0].says


@pytest.mark.parametrize(("kind", "rule"), SAID)
def test_an_outcome_is_named_with_its_sentence_and_its_cure(kind: OutcomeKind, rule: Any) -> None:
    here = Orders()
    outcome = Outcome(kind, f"the sentence of {rule}", rule, notes=("and its note",))
    stored(here, outcome)
    name, says = first(here)
    assert says == f"the sentence of {rule}; and its note"
    assert name in (str(rule), f"{kind}: {rule}")
    cure = of_outcome(outcome).cure
    assert cure.endswith(".") and (
        f"{kind}: {rule}" in CURES or str(rule) in CURES or "sentence says" in cure
    )


@pytest.mark.parametrize(("name", "given", "says"), NOWHERE, ids=[one[1].__name__ for one in NOWHERE])
def test_a_record_that_is_nowhere_or_somewhere_is_told_why(name: str, given: Given, says: str) -> None:
    here = Orders()
    given(here)
    found = first(here)
    assert found[0] == name and says in found[1], found


@pytest.mark.parametrize(
    ("record", "name", "says"),
    [
        ((SUGAR, "invoice", "i1"), "not in the flow", "An opportunity has no field for an invoice"),
        ((SUGAR, "quotation", "q1"), "not in the flow", "carries none"),
        (("vtiger", "sales_order", "s1"), "not in the mapping", "no sales order records of Vtiger"),
        ((SAGE, "account", "SMITH001"), "only looked up", "only looks up account records"),
    ],
)
def test_what_the_flow_does_not_carry_is_said_to_be_so(record: Any, name: str, says: str) -> None:
    found = first(Orders(), record)
    assert found[0] == name and says in found[1], found


@pytest.mark.parametrize(("name", "given", "says"), LISTS)
def test_what_stops_a_whole_list_is_told_too(name: str, given: Given, says: str) -> None:
    here = Orders()
    here.win("desks")
    given(here)
    found = {one.name: one for one in asked(here).causes}
    assert name in found and says in found[name].says and found[name].cure == CURES[name], found


def test_a_paused_connection_is_not_called() -> None:
    here = Orders()
    here.win("desks")
    paused(here)
    assert first(here)[0] == "paused"
    assert not [call for call in here.rig.line.calls if call.startswith(f"{SUGAR}.read")]
    assert not_asked(here.rig.services()) == ["SugarCRM: wrong password"]


def test_missing_records_and_an_unread_queue_are_told() -> None:
    here = Orders()
    here.win("desks")
    told = asked(here, unread={"sales_order": "no function reads it"}).causes
    assert ("no reader", "no function reads it") in [(one.name, one.says) for one in told]
    books = Customers()
    for number in range(12):
        books.enter(VTIGER, f"c{number}", name=f"Customer {number}")
    books.sync()
    books.wait(minutes=5)
    for number in range(12):
        books.rig.systems[VTIGER].drop("Accounts", f"c{number}")
    books.sync()
    books.rig.run_on(3)
    causes = {one.name for one in asked(books, (VTIGER, "account", "new")).causes}
    assert "missing records" in causes


def letter(here: Orders, event: ChangeEvent) -> list[DeadLetter]:
    return understood([Letter("m1", "sales_order", codec.dumps(event))], lambda name: here.rig.stores)


def test_a_dead_letter_is_told_and_one_that_is_left_over_too() -> None:
    here = Orders()
    event = here.event(SUGAR, "desks")
    note_failure(here.rig.services().context(), event, ValueError("odd"))
    assert first(here, letters=lambda queue: letter(here, event))[0] == "failed: unexpected"
    here.win("desks")
    here.hear(SUGAR, "desks")
    left = asked(here, letters=lambda queue: letter(here, event)).causes
    assert [one.name for one in left][:2] == ["there", "left over letter"]


def test_a_dead_letter_without_a_link_is_told() -> None:
    here = Orders()
    now, event = here.rig.clock.now(), here.event(SUGAR, "desks")
    outcome = Outcome("failed", "an unexpected fault (KeyError: x)", FlowRule("odd"))
    here.rig.stores.log.append([LogRow(now, "r", *DESKS, "poll", outcome)])
    names = [one.name for one in asked(here, letters=lambda queue: letter(here, event)).causes]
    assert "dead letter" in names


def test_two_way_records_are_told_the_same() -> None:
    here = Customers()
    here.enter(BOOKS, "S1", name="Smith & Co")
    here.enter(BOOKS, "S2", name="Smith & Co")
    here.enter(VTIGER, "smith", name="Smith & Co")
    assert first(here, SMITH)[0] == "match", "planned, though nothing was ever polled"
    here.sync()
    assert first(here, SMITH)[0] == "match" and "Smith" in first(here, SMITH)[1]
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer", account="smith")
    assert first(here, (VTIGER, "contact", "ann"))[0] == "waiting: reference"


def test_asking_writes_nothing_anywhere_and_reads_the_record_once() -> None:
    here = Orders()
    here.win("desks")
    before, calls = here.rig.versions(), len(here.rig.line.calls)
    asked(here)
    made = [
        one for one in here.rig.line.calls[calls:] if one.startswith((SUGAR, SAGE)) and "table" not in one
    ]
    assert made.count(f"{SUGAR}.read") == 1 and not [
        one for one in made if "create" in one or "update" in one
    ]
    assert here.rig.versions() == before and here.rig.stores.log.rows() == []
    assert here.rig.stores.waits.all() == []


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("desks", [DESKS]),
        ("Deal desks", [DESKS]),
        ("Never won", [(SUGAR, "sales_order", "lost")]),
        ("lost", [(SUGAR, "sales_order", "lost")]),
        ("sugarcrm/sales_order/x", [(SUGAR, "sales_order", "x")]),
        ("nobody", []),
    ],
)
def test_a_record_is_found_by_name_whether_or_not_the_log_knows_it(said: str, names: list[Any]) -> None:
    here = Orders()
    here.win("desks")
    here.sync()
    here.edit("lost", stage="Closed Lost", name="Never won")
    assert meant(here.rig.services(), said) == names


def test_every_rule_of_ours_has_a_cure_and_every_cure_is_one_sentence_or_two() -> None:
    assert {str(rule) for rule in Rule} - {str(name) for name in CURES} == set()
    for name, cure in CURES.items():
        assert name == "there" or cure.endswith("."), name


def test_seeded_are_more_than_sixty() -> None:
    assert len(SAID) + len(NOWHERE) + len(LISTS) >= 60


def test_rows_of_a_time_when_nothing_was_live_do_not_count_any_more() -> None:
    here = Orders()
    here.win("desks")
    change(here, live=False)
    event = here.event(SUGAR, "desks")
    handle([Message("1", event)], lambda name: here.rig.services())
    assert first(here) == ("previews only", by_flow.not_live().reason)
    change(here, live=True)
    assert first(here)[0] == "next"
    assert isinstance(here.rig.clock.now(), datetime)

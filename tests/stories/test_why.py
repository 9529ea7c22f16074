"""`tieout why`: each cause is seeded once, and named with its cure. Without a vendor, in milliseconds."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain import codec
from shared.domain.causes import CURES, OF_THE_FLOW, of_outcome
from shared.domain.keys import link_id
from shared.domain.link import ChangeEvent, Intent, Lease, Link, LogRow, Outcome, OutcomeKind, Side
from shared.domain.outcomes import by_flow
from shared.domain.rules import FlowRule, Rule
from shared.errors import BadCredentials, MissingPermission, RecordRejected, Unavailable
from shared.operations.dead_letters import DeadLetter, understood
from shared.operations.handle_batch import Message, handle
from shared.operations.why import Why, why
from shared.operations.why_find import meant, not_asked
from shared.ports import Commit, Parked, Run
from shared.ports.dead_letters import Letter
from shared.sync.engine.dead_letter import note_failure
from tests.properties.rig import NAME
from tests.stories.customers import SAGE as BOOKS
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SAGE, SUGAR, Orders
from tests.stories.world import World

DESKS = (SUGAR, "sales_order", "desks")
SMITH = (VTIGER, "account", "smith")
Given = Callable[[Orders], object]


def asked(here: World, name: tuple[str, str, str] = DESKS, **more: Any) -> Why:
    return why(here.rig.services(), name, **more)


def first(here: World, name: tuple[str, str, str] = DESKS, **more: Any) -> tuple[str, str]:
    found = asked(here, name, **more).causes
    assert found, "silence is no answer"
    assert all(one.cure == CURES[one.name if one.name in CURES else OF_THE_FLOW] for one in found)
    return found[0].name, found[0].says


def change(here: World, **values: Any) -> None:
    store = here.rig.world.integrations
    before = store.state(NAME)
    assert store.change_state(NAME, before, replace(before, **values))


def settings(here: World, **values: Any) -> None:
    store = here.rig.world.integrations
    store.save(replace(store.load(NAME), **values))


def stored(here: World, outcome: Outcome | None, **parts: Any) -> Link:
    """The link of the opportunity, as some earlier work left it."""
    own = link_id(NAME, "sales_order", SUGAR, "desks")
    sides = {SUGAR: Side("desks", label="Six desks")}
    at = here.rig.clock.now()
    link = Link(own, "sales_order", SUGAR, "desks", sides=sides, outcome=outcome, updated_at=at)
    lease = parts.pop("lease", None)
    owner = lease.owner if lease else "worker"
    return here.rig.stores.links.commit(Commit(replace(link, **parts), 0, owner, lease), at)


# The outcomes, by their rules: one of each kind that the engine gives.

_SKIPPED = """
    WHERE DIRECTION NOT_LIVE CREATE_ONCE PRICING UNREADABLE MANDATORY NOT_MADE LINES ITEM ONE_TAX TAX
    INCLUDES_VAT EXCHANGE_RATE TOTALS RELEASED EMPTIED DELETED DELETES MOVED TURNED ELSEWHERE NO_ORDER
"""
_HELD = """
    PRICE MASK LINE_IDENTITY TOTALS NEGATIVE_LINE DELETES MISSING MOVED COPIED VANISHED REFERENCE CONFLICT
    MATCH TAKEN ORIGIN UNKNOWN_OUTCOME DOUBLED REJECTED NOT_STORED FLAPPING UNDO
"""
SAID: list[tuple[OutcomeKind, str]] = [
    *(("skipped", Rule[name]) for name in _SKIPPED.split()),
    *(("held", Rule[name]) for name in _HELD.split()),
    ("skipped", FlowRule("amount")),
    ("held", FlowRule("credit_note")),
    ("held", FlowRule("credit_limit")),
    ("waiting", Rule.REFERENCE),
    ("failed", Rule.UNEXPECTED),
]


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


# What stops it before anything is known of it, seeded by what would bring it about.


def never_polled(here: Orders) -> None:
    here.win("desks")


def previews(here: Orders) -> None:
    here.win("desks")
    change(here, live=False)


def off(here: Orders) -> None:
    here.rig.flow = _directed(here, "off")


def other_way(here: Orders) -> None:
    here.rig.flow = _directed(here, f"from {SAGE}")


def _directed(here: Orders, direction: str) -> Any:
    entities = here.rig.flow.entities
    return replace(
        here.rig.flow,
        entities={**entities, "sales_order": replace(entities["sales_order"], direction=direction)},
    )


def filtered(here: Orders) -> None:
    here.edit("desks", stage="Negotiation/Review")


def filtered_in_the_log(here: Orders) -> None:
    filtered(here)
    here.hear(SUGAR, "desks")


def numbered(here: Orders) -> None:
    here.edit("desks", number="77")


def not_there(here: Orders) -> None:
    here.sync()


def deleted_before_anything(here: Orders) -> None:
    here.edit("desks", stage="Prospecting")
    here.hear(SUGAR, "desks")
    here.rig.systems[SUGAR].drop("Opportunities", "desks")


def merged(here: Orders) -> None:
    here.edit("desks")
    here.edit("tables")
    here.rig.systems[SUGAR].merge("Opportunities", "desks", "tables")


def fails(fault: Exception) -> Given:
    def given(here: Orders) -> None:
        here.win("desks")

        def on(call: str) -> None:
            if call == f"{SUGAR}.read":
                raise fault

        here.rig.line.on = on

    return given


def late(here: Orders) -> None:
    here.sync()
    here.rig.clock.advance(60)
    here.win("desks")


def unseen(here: Orders) -> None:
    """It was there, and won, before the list was read; the list did not show it."""
    here.win("desks")
    here.rig.clock.advance(60)
    now = here.rig.clock.now()
    here.rig.stores.log.put_run(Run("r", "poll", "sales_order", SUGAR, now, now, "done", "0 read"))
    here.rig.systems[SUGAR]._version = lambda *_: (now - timedelta(hours=1)).isoformat()  # type: ignore[attr-defined,method-assign]


def refused_by_rule(here: Orders) -> None:
    here.win("desks", amount=None)


def would_be_held(here: Orders) -> None:
    here.win("desks", amount="-3.00")


def would_wait(here: Orders) -> None:
    here.win("desks", customer="NOBODY01")


def at_work(here: Orders) -> None:
    stored(here, None, lease=Lease("another", here.rig.clock.now() + timedelta(seconds=60)))


def cut_off(here: Orders) -> None:
    now = here.rig.clock.now()
    intent = Intent(SAGE, "create", "KEY", now - timedelta(hours=1))
    stored(here, None, lease=Lease("another", now - timedelta(minutes=30), intent))


def parked(here: Orders) -> None:
    here.win("desks")
    at = here.rig.clock.now() + timedelta(hours=2)
    here.rig.stores.parks.park([Parked(here.event(SUGAR, "desks"), at, "Sage 50 is busy")])


def there(here: Orders) -> None:
    here.win("desks")
    here.sync()


def another_ones(here: Orders) -> None:
    stored(here, Outcome("created", "made"), sides={SUGAR: Side("other"), SAGE: Side("101", label="101")})
    here.rig.stores.links.claim(link_id(NAME, "sales_order", SUGAR, "desks"), [DESKS])


def half(here: Orders) -> None:
    stored(here, None, pending=True)


def frozen(here: Orders) -> None:
    stored(here, None, held={"amount": "both sides changed it"})


NOWHERE: list[tuple[str, Given, str]] = [
    ("next", never_polled, "nothing stands in its way"),
    ("previews only", previews, "not live yet"),
    ("switched off", off, "switched off"),
    ("wrong way", other_way, "takes no sales order records from there"),
    ("where", filtered, "sales stage is “Negotiation/Review”; this flow takes only “Closed Won”"),
    ("where", filtered_in_the_log, "“Negotiation/Review”"),
    ("numbered", numbered, "“77”"),
    ("no such record", not_there, "shows the sync user no sales order record desks"),
    ("no such record", deleted_before_anything, "no sales order record desks"),
    ("merged", merged, "merged into SugarCRM tables"),
    ("no right", fails(MissingPermission("no right to Opportunities")), "no right to Opportunities"),
    ("no such record", fails(RecordRejected("an id has 36 characters")), "36 characters"),
    ("not readable", fails(Unavailable("no answer")), "could not be asked: no answer"),
    ("not readable", fails(BadCredentials("wrong password")), "wrong password"),
    ("not polled yet", late, "the list was last read at"),
    ("never listed", unseen, "meets all conditions"),
    ("amount", refused_by_rule, "The amount is blank"),
    ("credit_note", would_be_held, "below zero"),
    ("waiting: reference", would_wait, "“NOBODY01” does not exist in Sage 50"),
    ("in hand", at_work, "at work on it"),
    ("unfinished", cut_off, "being created in Sage 50"),
    ("parked", parked, "Sage 50 is busy; tried again automatically at"),
    ("there", there, "it is in both systems: SugarCRM Deal desks and Sage 50 101"),
    ("other link", another_ones, "its place is taken by SugarCRM other and Sage 50 101"),
    ("half written", half, "a part of it was not written yet"),
    ("frozen field", frozen, "amount is left as it is on both sides: both sides changed it"),
]  # fmt: skip


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


# What stands in the way of a whole list.


def paused(here: Orders) -> None:
    here.rig.stores.gate.pause(SUGAR, "wrong password")


def cooling(here: Orders) -> None:
    here.rig.stores.gate.cool(SAGE, here.rig.clock.now() + timedelta(minutes=5), "429")


def braked(here: Orders) -> None:
    change(here, braked={f"sales_order.{SUGAR}": "1,000 records would change"})


def recovering(here: Orders) -> None:
    change(here, recovering_since=here.rig.clock.now())


def queued(here: Orders) -> None:
    here.rig.notify(SUGAR, "sales_order", "chairs")


def poll_stopped(here: Orders) -> None:
    now = here.rig.clock.now()
    here.rig.stores.log.put_run(
        Run("r", "poll", "sales_order", SUGAR, now, now, "stopped", "HTTP 422: Invalid field amuont")
    )


def new(here: Orders) -> None:
    return None


LISTS: list[tuple[str, Given, str]] = [
    ("paused", paused, "SugarCRM is paused: wrong password"),
    ("cooling", cooling, "Sage 50 is not called until"),
    ("braked", braked, "1,000 records would change"),
    ("recovering", recovering, "recovering since"),
    ("in the queue", queued, "not handled yet: 1 message of sales order records"),
    ("poll stopped", poll_stopped, "HTTP 422: Invalid field amuont"),
    ("never polled", new, "the list of sales order records in SugarCRM was not read yet"),
]


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


def test_sixty_causes_take_no_time() -> None:
    here, began = Orders(), time.process_time()
    here.win("desks", amount=None)
    for _ in range(10):
        asked(here)
    assert time.process_time() - began < 2.0


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

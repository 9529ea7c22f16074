"""What becomes of a message that could not be finished now: sent again soon, or parked until later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.operations.defer import LONGEST_DELAY, MOST_DEFERRALS, put_off, wake_all, wake_due
from shared.sync.engine import Deferred
from tests.properties.orders import CRM, ENTITY, order_rig
from tests.properties.rig import Rig


@pytest.fixture
def rig() -> Rig:
    return order_rig()


def test_a_short_wait_sends_the_event_again_with_a_delay(rig: Rig) -> None:
    counts = put_off(rig.stores, [(rig.event(CRM, ENTITY, "o1"), Deferred(20, "busy"))], rig.clock.now())
    assert counts == {"deferred": 1, "parked": 0}
    assert rig.world.receive(ENTITY) == []
    rig.clock.advance(20)
    assert [event.attempt for event in rig.world.receive(ENTITY)] == [1]


def test_what_was_not_begun_does_not_count_as_an_attempt(rig: Rig) -> None:
    put_off(
        rig.stores, [(rig.event(CRM, ENTITY, "o1"), Deferred(1, "no time", started=False))], rig.clock.now()
    )
    rig.clock.advance(1)
    assert [event.attempt for event in rig.world.receive(ENTITY)] == [0]


@pytest.mark.parametrize(
    ("attempt", "seconds", "parked"),
    [
        (0, LONGEST_DELAY, False),
        (0, LONGEST_DELAY + 1, True),
        (MOST_DEFERRALS - 1, 5, False),
        (MOST_DEFERRALS, 5, True),
    ],
)
def test_parks_after_five_deferrals_or_for_a_long_wait(
    rig: Rig, attempt: int, seconds: float, parked: bool
) -> None:
    event = replace(rig.event(CRM, ENTITY, "o1"), attempt=attempt)
    put_off(rig.stores, [(event, Deferred(seconds, "closed"))], rig.clock.now())
    assert rig.stores.parks.count() == int(parked)
    assert rig.stores.queue.depth(ENTITY) == int(not parked)


def test_a_parked_record_is_in_the_log_and_queued_when_due(rig: Rig) -> None:
    event = replace(
        rig.event(CRM, ENTITY, "o1"), attempt=3, snapshot={"id": "o1"}, observed_at=rig.clock.now()
    )
    put_off(rig.stores, [(event, Deferred(3600, "the connection is paused"))], rig.clock.now())
    row = rig.stores.log.rows(record=(CRM, ENTITY, "o1"))[0]
    assert row.outcome.kind == "parked" and "paused" in row.outcome.reason and row.outcome.until is not None
    assert wake_due(rig.stores, rig.clock.now()) == 0
    assert wake_due(rig.stores, row.outcome.until + timedelta(seconds=1)) == 1
    again = rig.world.receive(ENTITY)[0]
    assert (again.cause, again.attempt, again.snapshot) == ("retry", 0, None)
    assert rig.stores.parks.count() == 0


def test_all_that_is_parked_is_queued_at_once_when_a_person_has_mended_it(rig: Rig) -> None:
    """Also more than one poll wakes, and what would wake in a year."""
    events = [(rig.event(CRM, ENTITY, f"o{number}"), Deferred(3600, "paused")) for number in range(1200)]
    put_off(rig.stores, events, rig.clock.now())
    put_off(rig.stores, events[:1], rig.clock.now() + timedelta(days=365))
    assert wake_all(rig.stores) == 1201 and rig.stores.parks.count() == 0
    assert rig.stores.queue.depth(ENTITY) == 1201


def test_many_messages_wait_their_own_time(rig: Rig) -> None:
    events = [(rig.event(CRM, ENTITY, f"o{seconds}"), Deferred(seconds, "busy")) for seconds in (5, 60, 600)]
    assert put_off(rig.stores, events, rig.clock.now())["deferred"] == 3
    rig.clock.advance(61)
    assert [event.record_id for event in rig.world.receive(ENTITY)] == ["o5", "o60"]

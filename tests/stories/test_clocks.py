"""The machine's own clock was an hour ahead and has been put right: what was said by it ends when it should,
and nothing is made twice."""

from shared.domain.spans import LONGEST_LEASE
from shared.errors import Unavailable
from tests.properties.ports import Killed
from tests.stories.orders import SAGE, SUGAR, Orders

HOUR = 3600.0


def back(here: Orders) -> None:
    """The clock is put right."""
    here.rig.clock.advance(-HOUR)


def test_f26_a_gate_that_was_closed_by_a_clock_ahead_is_not_shut_for_an_hour() -> None:
    here = Orders()
    here.win()
    here.rig.clock.advance(HOUR)
    with here.at(f"{SAGE}.create", Unavailable("no way to Sage")):
        here.hear(SUGAR, "desks")
    back(here)
    assert here.rig.stores.gate.read([SAGE])[SAGE].state == "ok"
    here.hear(SUGAR, "desks")
    here.wait(minutes=5)
    assert len(here.orders()) == 1


def test_f26_a_worker_that_died_under_a_clock_ahead_holds_its_record_for_a_quarter_of_an_hour_at_most() -> (
    None
):
    """Its create had gone through: the order is found by our key, not made again."""
    here = Orders()
    here.win()
    here.rig.clock.advance(HOUR)
    with here.at(f"{SAGE}.create done", Killed()):
        here.hear(SUGAR, "desks")
    back(here)
    here.rig.flights.clear()
    here.hear(SUGAR, "desks")
    held = here.rig.links()[0].link_id
    lease = here.rig.stores.links.load([held])[held].lease
    assert lease is not None and lease.until <= here.rig.clock.now() + LONGEST_LEASE
    here.wait(hours=0.5)
    assert len(here.orders()) == 1 and here.number() == here.orders()[0][0]


def test_a_clock_that_was_behind_ends_everything_early_and_doubles_nothing() -> None:
    here = Orders()
    here.win()
    with here.at(f"{SAGE}.create done", Killed()):
        here.hear(SUGAR, "desks")
    here.rig.clock.advance(HOUR)
    here.wait(minutes=10)
    assert len(here.orders()) == 1

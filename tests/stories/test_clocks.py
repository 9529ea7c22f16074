"""The machine's own clock was an hour ahead and has been put right: what was said by it ends when it should,
and nothing is made twice."""

import pytest

from shared.domain.spans import LONGEST_LEASE
from shared.errors import Unavailable
from shared.operations import left_off
from tests.properties import rig
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


@pytest.mark.parametrize("hours", [1, 30, 9000])
def test_f26_what_was_parked_by_a_clock_ahead_wakes_with_the_first_poll_after(hours: float) -> None:
    here = Orders()
    here.win()
    here.rig.clock.advance(hours * HOUR)
    _parked(here)
    here.rig.poll()
    here.rig.clock.advance(-hours * HOUR)
    here.sync()
    here.wait(minutes=2)
    assert len(here.orders()) == 1 and here.rig.stores.parks.count() == 0


def test_f26_where_no_poll_fell_into_that_time_the_daily_sweep_wakes_it() -> None:
    here = Orders()
    here.win()
    here.rig.clock.advance(5 * HOUR)
    _parked(here)
    here.rig.clock.advance(-5 * HOUR)
    here.rig.reconcile()
    here.wait(minutes=2)
    assert len(here.orders()) == 1 and here.rig.stores.parks.count() == 0


def _parked(here: Orders) -> None:
    with here.at(f"{SAGE}.create", Unavailable("no way to Sage", after=3000)):
        here.hear(SUGAR, "desks")
    assert here.rig.stores.parks.count() == 1 and here.orders() == []


@pytest.mark.parametrize("story", ["poll", "sweep"])
def test_these_stories_fail_where_a_parked_record_waits_by_the_other_clock(
    story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own check."""
    for module in (rig, left_off):
        monkeypatch.setattr(module, "wake_ahead", lambda *given: 0)
    with pytest.raises(AssertionError):
        if story == "poll":
            test_f26_what_was_parked_by_a_clock_ahead_wakes_with_the_first_poll_after(9000)
        else:
            test_f26_where_no_poll_fell_into_that_time_the_daily_sweep_wakes_it()


def test_a_clock_that_was_behind_ends_everything_early_and_doubles_nothing() -> None:
    here = Orders()
    here.win()
    with here.at(f"{SAGE}.create done", Killed()):
        here.hear(SUGAR, "desks")
    here.rig.clock.advance(HOUR)
    here.wait(minutes=10)
    assert len(here.orders()) == 1

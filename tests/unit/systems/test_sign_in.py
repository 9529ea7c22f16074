"""Who may sign in while others want to: one at a time, until the lock runs out, and never on another one's
lock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.stores.memory import MemoryWorld
from shared.systems._sign_in import RefreshLock


@dataclass
class Clock:
    at: datetime = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def turns(*owners: str, seconds: float = 90, patience: float = 10) -> tuple[Clock, list[RefreshLock]]:
    clock = Clock()
    tokens = MemoryWorld(clock.now).stores("acme").tokens
    return clock, [RefreshLock(tokens, "crm", owner, clock, seconds, patience) for owner in owners]


def test_a_turn_that_is_over_is_free_for_the_next() -> None:
    clock, (first, second) = turns("a", "b")
    with first.taken() as mine:
        assert mine
    with second.taken() as mine:
        assert mine and clock.now() == Clock().at, "waited for nobody"


def test_who_waits_in_vain_leaves_the_lock_alone() -> None:
    clock, (first, second, third) = turns("a", "b", "c")
    with first.taken():
        with second.taken() as mine:
            assert not mine and clock.now() == Clock().at + timedelta(seconds=10)
        with third.taken() as mine:
            assert not mine, "the second one let go of a lock that was the first one's"


def test_who_is_served_by_another_waits_no_longer() -> None:
    clock, (first, second) = turns("a", "b")
    with first.taken(), second.taken(lambda: clock.now() > Clock().at + timedelta(seconds=1)) as mine:
        assert not mine and clock.now() == Clock().at + timedelta(seconds=1.5)


def test_the_lock_of_a_worker_that_died_runs_out() -> None:
    _, (first, second) = turns("a", "b", seconds=3)
    with first.taken(), second.taken() as mine:
        assert mine

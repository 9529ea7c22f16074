"""One integration on memory ports whose workers, vendors, stores and clocks all fail:
`tests/properties/rig.py` with a storage that fails, and clocks that jump."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.link import ChangeEvent
from shared.operations.handle_batch import Handled
from shared.operations.poll import Polled
from shared.operations.reconcile import Swept
from shared.ports import Clock
from shared.settings import Integration
from tests.properties.ports import Ticker, of_system
from tests.properties.rig import NAME, RUN_SECONDS, Rig

BATCH = 25


class StorageFault(RuntimeError):
    """A table, queue or bucket that does not answer."""


class JumpingClock(Ticker):
    """Ours. A jump back never undoes what time has brought about."""

    def jump(self, seconds: float) -> None:
        if seconds > 0:
            self.advance(seconds)
        else:
            self._now += timedelta(seconds=seconds)


class TheirClock:
    """A vendor's own, by which it stamps its records."""

    def __init__(self, ours: Clock) -> None:
        self._ours, self.off = ours, timedelta()

    def now(self) -> datetime:
        return self._ours.now() + self.off


@dataclass
class Site(Rig):
    """`vendor_calls` counts what reached the vendors. `hints_only`: nothing is polled or swept. `at_work`:
    the messages of the batch that is being handled."""

    vendor_calls: int = 0
    at_work: Sequence[ChangeEvent] = ()
    hints_only: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        here = self.world.integrations.load(NAME)
        self.world.integrations.save(
            Integration(NAME, here.flow, here.connections, brake={"records": 1_000_000, "percent": 100})
        )

    def handle(
        self, events: Sequence[ChangeEvent], receives: int = 1, seconds: float = RUN_SECONDS
    ) -> Handled | None:
        """A whole invocation that fails gives all its messages back."""
        self.at_work = events
        try:
            return super().handle(events, receives, seconds)
        except StorageFault:
            self._back(events, receives)
            return None
        finally:
            self.at_work = ()

    def poll(self) -> list[Polled]:
        return [] if self.hints_only else super().poll()

    def reconcile(self) -> Swept | None:
        return None if self.hints_only else super().reconcile()

    def deliver(self, limit: int = BATCH) -> bool:
        done = super().deliver(limit)
        self.count()
        return done

    def count(self) -> None:
        names = tuple(self.systems)
        self.vendor_calls += sum(
            of_system(one, names) and not one.endswith(" done") for one in self.line.calls
        )
        self.line.calls.clear()

    def replay(self) -> int:
        """A person sends the dead letters once more."""
        dead, self.dead_letters = self.dead_letters, []
        self.stores.queue.send(dead)
        return len(dead)

    def guarded(self, work: Callable[[], object]) -> None:
        """A poll or a sweep; what a fault cut off is done by the next."""
        try:
            work()
        except StorageFault:
            pass
        finally:
            self.line.dead = False
            self.count()

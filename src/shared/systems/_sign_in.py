"""One sign-in at a time across all functions of a connection: whoever comes second waits for what the first
one stores."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from shared.domain.record import record
from shared.ports import Clock, TokenStore

_PAUSE_SECONDS = 0.5


@record
class RefreshLock:
    """`seconds`: how long the lock is kept at most, which must outlive the calls made under it; whoever waits
    gives up after `patience`."""

    tokens: TokenStore
    system: str
    owner: str
    clock: Clock
    seconds: float = 90.0
    patience: float = 10.0

    @contextmanager
    def taken(self, served: Callable[[], object] = lambda: None) -> Iterator[bool]:
        """Inside, it is this worker's turn (True), or not (False): another one stored what was wanted, as
        `served` tells, or none came to an end. Look into the store again in any case."""
        mine = self._wait(served)
        try:
            yield mine
        finally:
            if mine:
                self.tokens.unlock(self.system, self.owner)

    def _wait(self, served: Callable[[], object]) -> bool:
        for _ in range(int(self.patience / _PAUSE_SECONDS)):
            now = self.clock.now()
            if self.tokens.lock(self.system, self.owner, now + timedelta(seconds=self.seconds), now):
                return True
            self.clock.sleep(_PAUSE_SECONDS)
            if served():
                return False
        return False

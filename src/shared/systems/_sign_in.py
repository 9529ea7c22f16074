"""How a vendor is asked for a token, and by one worker at a time across all functions of a connection: who
comes second waits for what the first one stores."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from shared.domain.record import record
from shared.errors import BadCredentials
from shared.ports import Clock, TokenStore

_PAUSE_SECONDS = 0.5


class Spent(BadCredentials):
    """What the vendor renews a token by was used, has run out, or was never given."""


@record
class NewToken:
    """A token as the vendor gave it out: how long it is good for, and how long it can be renewed."""

    value: Mapping[str, str]
    lives: timedelta
    renewable: timedelta = timedelta()


class SignIn:
    """How one vendor is asked for a token. Each vendor's own is derived from this one."""

    title: ClassVar[str]
    name: ClassVar[str]
    """Which field of `NewToken.value` is the token itself."""
    rotating: ClassVar[bool] = False
    """The stored token is the only credential there is, as after a sign-in with a browser: it is proved by
    renewing it. A row of an earlier version, which bears no identity, is taken over in the same way: the
    vendor says whether it belongs to this client."""

    def sign_in(self) -> NewToken:
        """With the stored credentials. Raises BadCredentials (`Spent`: there is nothing to sign in with),
        Unavailable."""
        raise NotImplementedError

    def refresh(self, value: Mapping[str, str]) -> NewToken:
        """In place of the stored `value`. Raises Spent when only a sign-in helps, and as `sign_in` does."""
        raise Spent(f"a session of {self.title} cannot be renewed")


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

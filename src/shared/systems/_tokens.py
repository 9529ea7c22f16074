"""One token for all functions of a connection: a session, an access token, or a rotating pair.

Two workers that sign in side by side lock each other out, and a refresh spends what it refreshes. So the
token lives in the TokenStore and is replaced under its lock, which outlives the call; it is stored, on the
condition that nobody stored one meanwhile, before it is first used; and the store is read again before a
refused refresh counts. A stored token belongs to the connection that got it: where address, user, client or
password differ it is neither used nor sent anywhere, and the vendor is asked to sign in anew.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn

from shared.domain.record import record
from shared.errors import SyncError, Unavailable
from shared.ports import Clock, Token, TokenStore
from shared.systems._identity import bears, mark
from shared.systems._sign_in import NewToken, RefreshLock, SignIn, Spent

_IDENTITY = "identity"
_TRIES = 4
"""How often a store that does not answer is asked, and how often a person's own sign-in is put in place."""


@record
class TokenBinding:
    """Where a connection's token is kept, and which worker asks: handed over by bootstrap."""

    system: str
    owner: str
    clock: Clock
    store: TokenStore


class SharedToken:
    """`identity`: address, user, client and password, in any order that stays. `seconds`, `patience`: as of
    `RefreshLock`."""

    def __init__(
        self,
        binding: TokenBinding,
        vendor: SignIn,
        identity: tuple[str, ...],
        *,
        seconds: float = 90.0,
        patience: float = 10.0,
    ) -> None:
        self._at, self._vendor, self._identity = binding, vendor, identity
        self._lock = RefreshLock(
            binding.store, binding.system, binding.owner, binding.clock, seconds, patience
        )
        self._held: Token | None = None

    def current(self) -> Mapping[str, str]:
        """A token that should work. Raises BadCredentials, Unavailable, RateLimited."""
        if self._held is None or not self._live(self._held):
            self._held = self._usable() or self._replaced("")[0]
        return self._held.value

    def refused(self, token: str) -> tuple[Mapping[str, str], bool]:
        """Another one than the vendor refused, and whether it is fresh: what others stored comes first."""
        found, fresh = self._usable(token), False
        if found is None:
            found, fresh = self._replaced(token)
        self._held = found
        return found.value, fresh

    def renew(self) -> None:
        """Proves the credentials: signs in anew, whatever is stored. Raises as `current` does."""
        with self._lock.taken() as mine:
            self._held = self._asked(prove=True) if mine else self._busy()

    def keep(self, new: NewToken) -> None:
        """Stores what a person has just got, in place of whatever is stored. Raises Unavailable, with the
        token lost."""
        with self._lock.taken():
            for _ in range(_TRIES):
                self._held = self._stored(new, self._load())
                if self._held is not None:
                    return
        raise Unavailable(f"another function keeps renewing the old sign-in to {self._vendor.title}")

    def stored(self) -> Mapping[str, str] | None:
        """What is stored for this connection, whether it still lives or not."""
        row = self._load()
        return row.value if row and self._ours(row) else None

    # inside

    def _replaced(self, refused: str) -> tuple[Token, bool]:
        with self._lock.taken(lambda: self._usable(refused)) as mine:
            found = self._usable(refused)
            if found is not None:
                return found, False
            return (self._asked(prove=False) if mine else self._busy()), True

    def _asked(self, *, prove: bool) -> Token:
        """From the vendor: renewed, else by a sign-in; or what another worker stored in the same moment."""
        row, spent = self._load(), None
        for _ in range(2):
            if row is None or not self._renewable(row) or (prove and not self._vendor.rotating):
                break
            try:
                return self._placed(self._vendor.refresh(row.value), row)
            except Spent as fault:
                spent, before, row = spent or fault, row, self._load()
            if row is None or row.generation == before.generation:
                break
            if self._live(row):
                return row
        try:
            return self._placed(self._vendor.sign_in(), row)
        except Spent as fault:
            raise spent or fault from None

    def _placed(self, new: NewToken, before: Token | None) -> Token:
        found = self._stored(new, before) or self._usable()
        if found is None:
            raise Unavailable(
                f"another function replaced the sign-in to {self._vendor.title} at the same moment", after=5
            )
        return found

    def _stored(self, new: NewToken, before: Token | None) -> Token | None:
        """None when another worker stored one first. A store that does not answer is asked again: the token
        exists nowhere else."""
        now, expected = self._at.clock.now(), before.generation if before else 0
        value = {
            **new.value,
            "refreshed_at": now.isoformat(),
            "refresh_until": (now + new.renewable).isoformat(),
            _IDENTITY: mark(self._identity, before.value.get(_IDENTITY, "") if before else ""),
        }
        token = Token(value, now + new.lives, expected + 1)
        for left in reversed(range(_TRIES)):
            try:
                if self._at.store.save(self._at.system, token, expected):
                    return token
                break
            except SyncError:
                if not left:
                    raise
                self._at.clock.sleep(1.0)
        row = self._load()
        return row if row is not None and row.value == value else None

    def _usable(self, refused: str = "") -> Token | None:
        row = self._load()
        return row if row and self._live(row) and row.value[self._vendor.name] != refused else None

    def _live(self, row: Token) -> bool:
        """Never so for a row that bears no identity: who got it is not known."""
        return row.expires_at > self._at.clock.now() and bears(row.value.get(_IDENTITY, ""), self._identity)

    def _renewable(self, row: Token) -> bool:
        until = row.value.get("refresh_until", "")
        return self._ours(row) and bool(until) and datetime.fromisoformat(until) > self._at.clock.now()

    def _ours(self, row: Token) -> bool:
        found = row.value.get(_IDENTITY, "")
        return bears(found, self._identity) if found else self._vendor.rotating

    def _load(self) -> Token | None:
        return self._at.store.load(self._at.system)

    def _busy(self) -> NoReturn:
        raise Unavailable(f"another function is signing in to {self._vendor.title}", after=30)

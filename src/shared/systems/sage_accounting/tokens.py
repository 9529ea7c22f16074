"""One pair of Sage tokens for all functions of a connection.

A refresh spends the refresh token: two workers that refresh at once, or a pair that is lost between Sage and
the store, end the connection. So one worker refreshes at a time, under a lock that outlives its calls; the
new pair is stored, on the condition that nobody stored one meanwhile, before it is first used; and the store
is read again before the connection is called dead. A refresh whose answer was lost is tried once more with
the same token after a pause: Sage may never have had it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from shared.domain.record import record
from shared.errors import BadCredentials, OutcomeUnknown, SyncError, Unavailable
from shared.ports import Clock, Finding, Token, TokenStore
from shared.systems.sage_accounting.oauth import RECONNECT, Grant
from shared.systems.sage_accounting.pairs import keep, turn
from shared.systems.sage_accounting.token_host import Spent, TokenHost

_PAUSE_SECONDS = 5.0
_DAILY = timedelta(hours=24)
_WARNING = timedelta(days=7)


@record
class Identity:
    """Whose tokens these are, and the first refresh token where one was given by hand."""

    system: str
    owner: str
    first: str = ""


class SageTokens:
    def __init__(
        self, host: Callable[[], TokenHost], identity: Identity, clock: Clock, tokens: TokenStore
    ) -> None:
        self._host, self._who, self._clock, self._tokens = host, identity, clock, tokens
        self._held: Token | None = None

    def current(self) -> str:
        """An access token that should work. Raises BadCredentials, Unavailable, RateLimited."""
        if not self._live(self._held):
            stored = self._load()
            self._held = stored if self._live(stored) else self._renewed("")
        assert self._held is not None
        return self._held.value["access_token"]

    def replace(self, refused: str) -> str:
        """Another access token than the refused one: a newer stored one, else a fresh one."""
        stored = self._load()
        self._held = stored if self._usable(stored, refused) else self._renewed(refused)
        assert self._held is not None
        return self._held.value["access_token"]

    def keep_alive(self) -> list[Finding]:
        """Refreshes once a day, so that a quiet connection does not run out, and says when a person is needed
        soon."""
        stored = self._load()
        if stored is None and not self._who.first:
            return [Finding("error", "sign-in", f"Sage has not been connected yet: {RECONNECT}.")]
        if stored is None or self._clock.now() - _time(stored, "refreshed_at") > _DAILY:
            try:
                stored = self._renewed(stored.value["access_token"] if stored else "")
            except SyncError as fault:
                if stored is None:
                    return [Finding("error", "sign-in", str(fault))]
                return [*_ending(stored, self._clock.now()), Finding(_level(fault), "sign-in", str(fault))]
        return _ending(stored, self._clock.now())

    # inside

    def _renewed(self, refused: str) -> Token:
        with turn(self._tokens, self._who.system, self._clock, self._who.owner).taken(
            lambda: self._usable(self._load(), refused)
        ) as mine:
            stored = self._load()
            if self._usable(stored, refused):
                assert stored is not None
                return stored
            if not mine:
                raise Unavailable("another function is renewing the sign-in to Sage", after=30)
            return self._refreshed(stored)

    def _refreshed(self, stored: Token | None) -> Token:
        """Tries the stored refresh token, what another worker stored meanwhile, and the one given by hand,
        each once."""
        tried: list[str] = []
        death: BadCredentials | None = None
        while True:
            refresh = self._next(stored, tried)
            if refresh is None:
                raise death or BadCredentials(f"Sage is not connected, or its sign-in ran out: {RECONNECT}")
            tried.append(refresh)
            try:
                grant = self._patiently(refresh)
            except Spent as fault:
                death, stored = death or fault, self._load()
                if self._live(stored) and stored is not None and stored.value["refresh_token"] not in tried:
                    return stored
            else:
                return keep(
                    self._tokens, self._who.system, grant, self._clock, stored.generation if stored else 0
                )

    def _next(self, stored: Token | None, tried: list[str]) -> str | None:
        candidates = (
            [stored.value["refresh_token"]]
            if stored and _time(stored, "refresh_until") > self._clock.now()
            else []
        )
        candidates += [self._who.first] if self._who.first else []
        return next((one for one in candidates if one not in tried), None)

    def _patiently(self, refresh: str) -> Grant:
        try:
            return self._host().refresh(refresh)
        except OutcomeUnknown:
            self._clock.sleep(_PAUSE_SECONDS)
        try:
            return self._host().refresh(refresh)
        except Spent:
            raise Spent(
                "Sage renewed the sign-in, but its answer was lost on the way, and it takes the old one no "
                "more: "
                f"{RECONNECT}"
            ) from None
        except OutcomeUnknown as fault:
            raise Unavailable(
                f"Sage did not answer when the sign-in was to be renewed: {fault}", after=60
            ) from None

    def _load(self) -> Token | None:
        return self._tokens.load(self._who.system)

    def _usable(self, token: Token | None, refused: str) -> bool:
        return self._live(token) and token is not None and token.value["access_token"] != refused

    def _live(self, token: Token | None) -> bool:
        return token is not None and token.expires_at > self._clock.now()


def _time(token: Token, name: str) -> datetime:
    return datetime.fromisoformat(token.value[name])


def _ending(token: Token, now: datetime) -> list[Finding]:
    until = _time(token, "refresh_until")
    day = f"{until.day} {until:%B %Y}"
    if until <= now:
        return [Finding("error", "sign-in", f"The sign-in to Sage ended on {day}: {RECONNECT}.")]
    if until - now <= _WARNING:
        return [
            Finding(
                "warning",
                "sign-in",
                f"The sign-in to Sage ends on {day} unless it is renewed before: if this stays, {RECONNECT}.",
            )
        ]
    return []


def _level(fault: SyncError) -> Literal["error", "warning"]:
    return "error" if isinstance(fault, BadCredentials) else "warning"

"""Storing a pair of tokens: on the condition that nobody stored another one meanwhile, and before it is first
used."""

from datetime import datetime, timedelta

from shared.errors import SyncError, Unavailable
from shared.ports import Clock, Token, TokenStore
from shared.systems._sign_in import RefreshLock
from shared.systems.sage_accounting.oauth import RECONNECT, Grant

MARGIN = timedelta(seconds=45)
"""An access token lives five minutes; a call that starts just before its end would be refused."""
_LOCK_SECONDS, _PATIENCE_SECONDS = 150.0, 20.0
"""Longer than both tries of a refresh with the pause between them; how long another worker's refresh is
waited for."""
_TRIES = 4


def turn(tokens: TokenStore, system: str, clock: Clock, owner: str) -> RefreshLock:
    return RefreshLock(tokens, system, owner, clock, _LOCK_SECONDS, _PATIENCE_SECONDS)


def install(tokens: TokenStore, system: str, grant: Grant, clock: Clock, owner: str) -> None:
    """Stores a pair that a person has just got, in place of whatever is stored. Raises Unavailable, with the
    pair lost."""
    with turn(tokens, system, clock, owner).taken():
        for _ in range(_TRIES):
            stored = tokens.load(system)
            kept = keep(tokens, system, grant, clock, stored.generation if stored else 0)
            if kept.value["refresh_token"] == grant.refresh_token:
                return
    raise Unavailable(f"another function keeps renewing the old sign-in to Sage: {RECONNECT}")


def keep(tokens: TokenStore, system: str, grant: Grant, clock: Clock, generation: int) -> Token:
    """Stores a new pair; it may be used from then on. A store that does not answer is asked again: the pair
    exists nowhere else. Raises Unavailable when another worker stored one at the same moment."""
    token = _token(grant, clock.now(), generation + 1)
    for left in reversed(range(_TRIES)):
        try:
            if tokens.save(system, token, generation):
                return token
            break
        except SyncError:
            if not left:
                raise
            clock.sleep(1.0)
    theirs = tokens.load(system)
    if theirs is not None and theirs.value == token.value:
        return theirs
    if theirs is None or theirs.expires_at <= clock.now():
        raise Unavailable("another function replaced the sign-in to Sage at the same moment", after=5)
    return theirs


def _token(grant: Grant, now: datetime, generation: int) -> Token:
    return Token(
        {
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "refreshed_at": now.isoformat(),
            "refresh_until": (now + timedelta(seconds=grant.refresh_expires_in)).isoformat(),
        },
        now + timedelta(seconds=grant.expires_in) - MARGIN,
        generation,
    )

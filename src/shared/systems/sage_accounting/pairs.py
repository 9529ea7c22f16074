"""Storing a pair of tokens: on the condition that nobody stored another one meanwhile, and before it is first used."""

from datetime import datetime, timedelta

from shared.errors import SyncError, Unavailable
from shared.ports import Clock, Token, TokenStore
from shared.systems.sage_accounting.oauth import RECONNECT, Grant

MARGIN = timedelta(seconds=45)
"""An access token lives five minutes; a call that starts just before its end would be refused."""
LOCK = timedelta(seconds=150)
"""Longer than both tries of a refresh with the pause between them."""
WAITS, WAIT_SECONDS = 40, 0.5
_TRIES = 4


def install(tokens: TokenStore, system: str, grant: Grant, clock: Clock, owner: str) -> None:
    """Stores a pair that a person has just got, in place of whatever is stored. Raises Unavailable, with the pair lost."""
    for _ in range(WAITS):
        now = clock.now()
        if tokens.lock(system, owner, now + LOCK, now):
            break
        clock.sleep(WAIT_SECONDS)
    try:
        for _ in range(_TRIES):
            stored = tokens.load(system)
            kept = keep(tokens, system, grant, clock, stored.generation if stored else 0)
            if kept.value["refresh_token"] == grant.refresh_token:
                return
    finally:
        tokens.unlock(system, owner)
    raise Unavailable(f"another function keeps renewing the old sign-in to Sage: {RECONNECT}")


def keep(tokens: TokenStore, system: str, grant: Grant, clock: Clock, generation: int) -> Token:
    """Stores a new pair; it may be used from then on. A store that does not answer is asked again: the pair exists nowhere
    else. Raises Unavailable when another worker stored one at the same moment."""
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
    return Token({
        "access_token": grant.access_token, "refresh_token": grant.refresh_token, "refreshed_at": now.isoformat(),
        "refresh_until": (now + timedelta(seconds=grant.refresh_expires_in)).isoformat(),
    }, now + timedelta(seconds=grant.expires_in) - MARGIN, generation)

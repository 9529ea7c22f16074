"""Keeps a quiet connection from running out, and says when a person is needed soon."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from shared.errors import BadCredentials, SyncError
from shared.ports import Finding
from shared.systems._tokens import SharedToken
from shared.systems.sage_accounting.oauth import RECONNECT

_DAILY = timedelta(hours=24)
_WARNING = timedelta(days=7)


def keep_alive(token: SharedToken, first: str, now: datetime) -> list[Finding]:
    """Renews once a day. `first`: a first refresh token, where one was given by hand."""
    stored = token.stored()
    if stored is None and not first:
        return [Finding("error", "sign-in", f"Sage has not been connected yet: {RECONNECT}.")]
    if stored is None or now - datetime.fromisoformat(stored["refreshed_at"]) > _DAILY:
        try:
            stored, _ = token.refused(stored["access_token"] if stored else "")
        except SyncError as fault:
            return [*(ending(stored, now) if stored else []), _told(fault, stored is None)]
    return ending(stored, now)


def ending(pair: Mapping[str, str], now: datetime) -> list[Finding]:
    until = datetime.fromisoformat(pair["refresh_until"])
    day = f"{until.day} {until:%B %Y}"
    if until <= now:
        return [Finding("error", "sign-in", f"The sign-in to Sage ended on {day}: {RECONNECT}.")]
    if until - now <= _WARNING:
        soon = f"The sign-in to Sage ends on {day} unless it is renewed before: if this stays, {RECONNECT}."
        return [Finding("warning", "sign-in", soon)]
    return []


def _told(fault: SyncError, first_time: bool) -> Finding:
    dead = first_time or isinstance(fault, BadCredentials)
    level: Literal["error", "warning"] = "error" if dead else "warning"
    return Finding(level, "sign-in", str(fault))

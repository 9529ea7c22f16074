"""Links that sign somebody in on a local stack. Pure. Imported only by `server.py`'s parts.

Whoever holds the stack's key asks for one; it works once, within minutes, and only its digest is kept here,
in memory: a stop forgets them all.
"""

import hashlib
import secrets

LASTS_SECONDS = 600.0
_MOST = 20
"""So many may be open; the oldest makes room."""


class Tickets:
    def __init__(self) -> None:
        self._open: dict[str, tuple[str, float]] = {}

    def issue(self, user: str, now: float) -> str:
        """`now` in seconds that only go forward."""
        ticket = secrets.token_urlsafe(24)
        self._open[_digest(ticket)] = (user, now + LASTS_SECONDS)
        for old in list(self._open)[:-_MOST]:
            del self._open[old]
        return ticket

    def take(self, ticket: str, now: float) -> str:
        """The user that it signs in, once; "" for nobody."""
        user, until = self._open.pop(_digest(ticket), ("", 0.0))
        return user if now < until else ""


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "backslashreplace")).hexdigest()

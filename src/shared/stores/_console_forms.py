"""From stored JSON back to what the console keeps; see `forms`. Apart from it, because only the console reads
these."""

from datetime import datetime
from typing import Any

from shared.ports.audit import Entry
from shared.ports.sessions import Away, Session, Started


def session(data: dict[str, Any], seen_at: datetime) -> Session:
    """`seen_at` is kept beside the rest, because it changes."""
    return Session(**{**data, "grants": tuple(data["grants"]), "seen_at": seen_at})


def started(data: dict[str, Any]) -> Started:
    return Started(**data)


def away(data: dict[str, Any]) -> Away:
    return Away(**data)


def entry(data: dict[str, Any]) -> Entry:
    return Entry(**data)

"""What time it is for a vendor, as its answers say."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds_ahead(headers: Mapping[str, str], now: datetime) -> float | None:
    """By how much `now` is ahead of the answer's Date; None where it has none that can be read, or was kept
    by a cache (Age)."""
    text = headers.get("Date") or headers.get("date") or ""
    if not text or headers.get("Age") or headers.get("age"):
        return None
    try:
        told = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return (now - (told if told.tzinfo else told.replace(tzinfo=UTC))).total_seconds()

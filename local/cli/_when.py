"""Times as people type them, in local time: a day, a time, or how long ago."""

import re
from datetime import UTC, datetime, timedelta

from local.cli._app import Usage

_AGO = re.compile(r"(\d{1,6})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)(?:\s+ago)?")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DAY = timedelta(days=1)
_YEARS = range(1970, 9999)
"""What a clock can have said, in any zone."""


def when(text: str, now: datetime, *, end: bool = False) -> datetime:
    """ "2026-11-29", "2026-11-29 10:15", "today", "yesterday", "2h", "3 days". `end`: a day without a time is
    meant to its last moment. Raises Usage."""
    said = " ".join(text.split()).lower()
    try:
        ago = _AGO.fullmatch(said)
        found = now - int(ago[1]) * _UNITS[ago[2][0]] if ago else _at(said, now, end)
        if found.year in _YEARS:
            return found
    except (ValueError, OverflowError):
        pass
    raise Usage(
        f"“{text}” is no time; say a day (2026-11-29), a time (2026-11-29 10:15), today, yesterday, or "
        "how long ago (30m, 2h, 3d)."
    )


def _at(said: str, now: datetime, end: bool) -> datetime:
    """Days are counted by the calendar, and put on the clock at the end: where the clocks change, a day has
    23 hours or 25. Raises ValueError, OverflowError."""
    today = now.astimezone().replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    days = {"today": today, "yesterday": today - _DAY}
    found = days[said] if said in days else datetime.fromisoformat(said.upper())
    whole_day = said in days or len(said) == len("2026-11-29")
    if end and whole_day:
        return (found + _DAY).astimezone(UTC) - timedelta(microseconds=1)
    return found.astimezone(UTC)

"""Times as people type them, in local time: a day, a time, or how long ago."""

import re
from datetime import datetime, timedelta

from local.cli._app import Usage

_AGO = re.compile(r"(\d{1,6})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)(?:\s+ago)?")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def when(text: str, now: datetime, *, end: bool = False) -> datetime:
    """ "2026-11-29", "2026-11-29 10:15", "today", "yesterday", "2h", "3 days". `end`: a day without a time is
    meant to its last moment. Raises Usage."""
    said = " ".join(text.split()).lower()
    if ago := _AGO.fullmatch(said):
        return now - int(ago[1]) * _UNITS[ago[2][0]]
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    days = {"today": midnight, "yesterday": midnight - timedelta(days=1)}
    try:
        found = days[said] if said in days else datetime.fromisoformat(said.upper())
    except ValueError:
        raise Usage(
            f"“{text}” is no time; say a day (2026-11-29), a time (2026-11-29 10:15), today, yesterday, or "
            "how long ago (30m, 2h, 3d)."
        ) from None
    whole_day = said in days or len(said) == 10
    found = found if found.tzinfo else found.astimezone()
    return found + timedelta(days=1, microseconds=-1) if end and whole_day else found

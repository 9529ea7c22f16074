"""Dates as the Sage server writes them, and as snapshots hold them.

The server speaks its own locale (dd/mm/yyyy in the UK and Ireland); snapshots and rule files hold ISO text
(`2026-11-21`, `2026-11-21T10:15:00`), so that no rule depends on a server's locale. Times are the server's
local times.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from shared.errors import RuleInvalid

DEFAULT = "dd/mm/yyyy"
_TOKENS = {"dd": "%d", "mm": "%m", "yyyy": "%Y"}


class SageDates:
    """Reads and writes one server's dates. Raises RuleInvalid for a format without dd, mm and yyyy."""

    def __init__(self, pattern: str = DEFAULT) -> None:
        lower = pattern.strip().lower()
        if sorted(re.findall("[a-z]+", lower)) != ["dd", "mm", "yyyy"]:
            raise RuleInvalid(
                f"The setting date_format of sage_50 is {pattern!r}: write it with dd, mm and yyyy, "
                f"such as {DEFAULT!r} or 'mm/dd/yyyy'."
            )
        self._format = re.sub("[a-z]+", lambda found: _TOKENS[found[0]], lower)

    def read(self, text: object) -> datetime | None:
        """A server's date or timestamp, or ISO 8601, without zone; None for blank. Raises ValueError
        otherwise."""
        words = str(text).strip() if text is not None else ""
        if not words:
            return None
        for parse in self._readers():
            try:
                return parse(words).replace(tzinfo=None)
            except ValueError:
                continue
        raise ValueError(f"{words!r} is not a date in the form that this Sage server uses")

    def wire(self, value: object) -> str:
        """`value` (ISO text, date or datetime) as a date for the server; blank stays blank, which clears the
        field."""
        when = _as_time(value) or self.read(value)
        return "" if when is None else when.strftime(self._format)

    def wire_time(self, when: datetime) -> str:
        return when.strftime(f"{self._format} %H:%M:%S")

    def _readers(self) -> tuple[Callable[[str], datetime], ...]:
        """ISO first, which is cheap to recognise and our own form, unless the server's form also begins with
        the year."""
        day = self._format
        server = tuple(partial(_naive, form=form) for form in (f"{day} %H:%M:%S", day, f"{day} %H:%M"))
        return (
            (*server, datetime.fromisoformat) if day.startswith("%Y") else (datetime.fromisoformat, *server)
        )


def _naive(words: str, form: str) -> datetime:
    return datetime.strptime(words, form)  # noqa: DTZ007 the server's local time; it never states its zone


def _as_time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time()) if isinstance(value, date) else None


def search_from(since: datetime, overlap: timedelta) -> datetime:
    """Where a search for changes begins: `since` less the overlap.

    On the night when summer time ends (last Sunday of October in the UK and Ireland) the hour from 01:00 is
    repeated, so a record from the second pass may appear older than one already seen: the whole hour is
    searched.
    """
    start = since - overlap
    repeats = since.month == 10 and since.weekday() == 6 and since.day >= 25
    if repeats and start.hour == 1:
        return start.replace(hour=0, minute=55, second=0, microsecond=0)
    return start

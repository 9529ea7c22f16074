"""Days and moments. Native forms are ISO 8601; connectors turn a server's locale into it, because only they
know it."""

from datetime import UTC, date, datetime
from functools import lru_cache
from operator import methodcaller
from typing import Any

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot

_DAY = "a date as YYYY-MM-DD, such as 2026-11-21"
_MOMENT = "a date and time as YYYY-MM-DDTHH:MM:SS with an offset from UTC"


@lru_cache(maxsize=2048)
def day(text: str) -> date | None:
    """Ten characters in the form YYYY-MM-DD; None for anything else. Cached, because the records on a page
    often have the same days."""
    try:
        return date.fromisoformat(text) if text[4] == "-" == text[7] else None
    except ValueError:
        return None


day_text = lru_cache(maxsize=2048)(methodcaller("isoformat"))
"""date -> YYYY-MM-DD, also cached."""


def date_reader(spot: Spot) -> Convert:
    """A time of day after the date is dropped: Sage stores days as midnight."""

    def read(value: Any) -> date | None:
        if value is None or value == "":
            return None
        text = value if value.__class__ is str else str(value)
        try:
            if len(text) == 10 and text[4] == "-" == text[7]:
                return date.fromisoformat(text)
            text = text.strip()
            if text[4:5] == "-" == text[7:8] and text[10:11] in ("", "T", " "):
                return date.fromisoformat(text[:10])
        except ValueError:
            pass
        raise FieldUnreadable(spot.field, spot.path, value, _DAY)

    return read


def date_writer(spot: Spot) -> Convert:
    def write(value: Any) -> str:
        return "" if value is None else value.isoformat()

    return write


def datetime_reader(spot: Spot) -> Convert:
    """Always UTC. A moment without an offset is UTC, as SugarCRM's v4_1 sends it."""

    def read(value: Any) -> datetime | None:
        if value is None or value == "":
            return None
        try:
            found = datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise FieldUnreadable(spot.field, spot.path, value, _MOMENT) from None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)

    return read


def datetime_writer(spot: Spot) -> Convert:
    def write(value: Any) -> str:
        return "" if value is None else value.astimezone(UTC).isoformat()

    return write

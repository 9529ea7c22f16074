"""Rows in, native values out: references by id and label, blanks, moments and their sentinels. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from shared.errors import Unavailable
from shared.ports import Native

Row = Mapping[str, Any]
_T = TypeVar("_T")
_STAMPS = ("dateCreated", "dateUpdated", "dateDeleted")
_NEVER = 1901
"""Old rows say 1899 or 1900 for "never"."""


def native(row: Row, path: str) -> Native:
    """`countryId` is the id as text, `countryId/value` the label; "" for none. Users say -1 for none, and
    `description` for the label."""
    name, _, part = path.partition("/")
    value = row.get(name)
    if isinstance(value, Mapping):
        if value.get("id") in (None, -1):
            return ""
        label = value.get("value", value.get("description"))
        return str(label or "") if part else str(value["id"])
    if part:
        return "" if value is None else str(value)
    if name == "id" or (name.endswith("Id") and isinstance(value, int) and not isinstance(value, bool)):
        return "" if value is None else str(value)
    return "" if isinstance(value, str) and _is_never(value) else value


def _is_never(text: str) -> bool:
    return text.startswith(("1899-12-30T", "1900-01-01T"))


def record_id(row: Row) -> str:
    return str(row["id"])


def is_deleted(row: Row) -> bool:
    """By `deleted` alone, which sales give as 0 or 1: a date may be a sentinel."""
    return bool(row.get("deleted"))


def stamp_of(row: Row) -> datetime | None:
    """The last time anything happened to the row."""
    found = [at for name in _STAMPS if (at := moment(row.get(name))) is not None]
    return max(found) if found else None


def version_of(*rows: Row) -> str | None:
    """The latest moment at which one of the rows was made, changed or deleted, to the millisecond."""
    found = [at for row in rows if (at := stamp_of(row)) is not None]
    return max(found).isoformat(timespec="milliseconds") if found else None


def moment(text: Any) -> datetime | None:
    """None for a blank and for "never". Raises Unavailable for what is no time."""
    if text is None or text == "":
        return None
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise Unavailable(
            f"Sage Sales Management gave '{str(text)[:40]}' where a time was expected"
        ) from None
    found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return found if found.year >= _NEVER else None


def folded(value: Any) -> str:
    return str(value if value is not None else "").strip().casefold()


def group(values: Iterable[str], rows: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    """What was found, by the value that was searched for: each row comes with its own."""
    answer: dict[str, list[_T]] = {value: [] for value in values}
    forms: dict[str, list[str]] = {}
    for value in answer:
        forms.setdefault(folded(value), []).append(value)
    for own, row in rows:
        for value in forms.get(folded(own), ()):
            answer[value].append(row)
    return answer

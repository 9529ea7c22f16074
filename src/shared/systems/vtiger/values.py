"""Vtiger's values in and out: blanks, numbers, ids, times, and the texts it cannot keep. Pure."""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from shared.errors import Unavailable
from shared.ports import Native

_T = TypeVar("_T")
_ID = re.compile(r"(?:(\d{1,10})x)?(\d{1,18})", re.ASCII)
_TAX = re.compile(r"tax(\d+)", re.ASCII)
_CUT_AT_LEAST = 60


def native(value: Any) -> str:
    """A value of Vtiger's as text: null is "", true "1", a number digit for digit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def sendable(value: Native) -> str:
    """The same for sending, without the characters that Vtiger's database turns into question marks."""
    return "".join(sign for sign in native(value) if sign <= "\uffff" and sign != "\0")


def decimal_of(value: Any) -> Decimal:
    """Zero where there is no number."""
    try:
        number = Decimal(native(value).replace(",", "").strip() or "0")
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def plain(number: Decimal) -> str:
    """Without trailing zeros and without an exponent."""
    short = format(number, "f")
    return (short.rstrip("0").rstrip(".") if "." in short else short) or "0"


def normalise_id(prefix: str, record_id: str) -> str:
    """`123` and `11x123` both as `11x123`. Anything else, such as an id of another module, is returned as it
    is."""
    found = _ID.fullmatch(record_id.strip())
    if found is None:
        return record_id
    return f"{found[1] or prefix}x{found[2]}"


def is_id(prefix: str, record_id: str) -> bool:
    found = _ID.fullmatch(record_id)
    return found is not None and found[1] == prefix


def version_of(modified: Any) -> str | None:
    """`modifiedtime` as ISO 8601: Vtiger writes UTC and does not say so."""
    text = native(modified).strip()
    return moment(text).isoformat() if text else None


def moment(text: str) -> datetime:
    """Raises Unavailable for anything that is not a time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unavailable(f"Vtiger gave '{text[:40]}' where a date and time was expected") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def folded(text: str) -> str:
    """The form in which Vtiger's database compares: ignoring case and spaces at the ends, entities
    decoded."""
    return html.unescape(sendable(text)).strip().casefold()


def as_stored(wanted: str, found: str) -> bool:
    """Whether `found` is the form in which Vtiger stores `wanted`: long texts are cut."""
    left, right = folded(wanted), folded(found)
    return left == right or (len(right) >= _CUT_AT_LEAST and left.startswith(right))


def group(values: Iterable[str], rows: Iterable[_T], field: Any) -> dict[str, list[_T]]:
    """Rows by the value they were searched with; `field` returns a row's own value."""
    answer: dict[str, list[_T]] = {value: [] for value in values}
    forms: dict[str, list[str]] = {}
    for value in answer:
        forms.setdefault(folded(value), []).append(value)
    for row in rows:
        for value in forms.get(folded(native(field(row))), ()):
            answer[value].append(row)
    return answer


def tax_names(raw: Mapping[str, Any]) -> list[str]:
    """`tax1`, `tax2`, … of a record that have a value, in that order."""
    found = [
        (int(match[1]), name)
        for name, value in raw.items()
        if (match := _TAX.fullmatch(name)) and native(value).strip()
    ]
    return [name for _, name in sorted(found)]

"""Text in its many forms: references, e-mail addresses, telephone numbers, codes."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot, tidy
from shared.mapping.whole import refuse_cut

_REF = re.compile(r"[A-Z0-9#_/!%&.\-$()\",']+", re.ASCII).fullmatch
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+").fullmatch
_JOINERS = "\u200d\ufe0e\ufe0f"
"""Zero-width joiner and variation selectors: at the end of a cut text they belong to a character that was cut
off."""


def plain(value: Any, spot: Spot) -> str | None:
    """Trimmed text; numbers as people write them. Raises FieldUnreadable for lists, maps and yes/no
    values."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(tidy(value), "f") if value != value.to_integral_value() else str(int(value))
    raise FieldUnreadable(spot.field, spot.path, value, "text")


def cut(value: str, limit: int, what: str, notes: list[str]) -> str:
    """`value` cut to `limit` characters, without leaving half of a combined character; adds a note saying
    so."""
    short = value[:limit].rstrip().rstrip(_JOINERS).rstrip()
    notes.append(f"{what} cut from {len(value)} to {limit} characters")
    return short


def text_reader(spot: Spot) -> Convert:
    return lambda value: plain(value, spot)


def text_writer(spot: Spot) -> Convert:
    def write(value: Any, notes: list[str]) -> str:
        if value is None:
            return ""
        if spot.max is None or len(value) <= spot.max:
            return str(value)
        if spot.whole:
            raise refuse_cut(value, spot)
        return cut(value, spot.max, spot.field, notes)

    return write


def memo_reader(spot: Spot) -> Convert:
    """Text of several lines: line ends become line feeds, as systems disagree about them."""

    def read(value: Any) -> str | None:
        found = plain(value, spot)
        return found and "\n".join(line.rstrip() for line in found.splitlines())

    return read


def join_reader(spot: Spot) -> Convert:
    """First and last name together. One-way, because a full name does not show where to split it."""

    def read(values: Iterable[Any]) -> str | None:
        return " ".join([part for part in (plain(value, spot) for value in values) if part]) or None

    return read


def code_reader(spot: Spot) -> Convert:
    """A code that people write in small letters or in capitals and mean the same by."""

    def read(value: Any) -> str | None:
        found = plain(value, spot)
        return found and found.upper()

    return read


def account_ref_reader(spot: Spot) -> Convert:
    """A Sage account reference: upper case, no spaces around, at most 8 of the characters that Sage's import
    allows."""
    longest = spot.max or 8
    plain_ref = re.compile(rf"[A-Z0-9]{{1,{longest}}}", re.ASCII).fullmatch
    allowed = f"at most {longest} of the letters A-Z, the digits and # _ / ! % & . - $ ( ) \" , '"

    def read(value: Any) -> str | None:
        if value.__class__ is str and plain_ref(value):
            return str(value)
        found = value.strip().upper() if value.__class__ is str else (plain(value, spot) or "").upper()
        if not found:
            return None
        if len(found) > longest or not _REF(found):
            raise FieldUnreadable(spot.field, spot.path, value, allowed)
        return str(found)

    return read


def first_reader(spot: Spot) -> Convert:
    """The first of several fields that is filled in."""

    def read(values: Iterable[Any]) -> str | None:
        return next((found for value in values if (found := plain(value, spot))), None)

    return read


def email_reader(spot: Spot) -> Convert:
    """One address, as written except for spaces around it, with the part after the @ in lower case."""

    def read(value: Any) -> str | None:
        found = plain(value, spot)
        if found is None:
            return None
        if not _EMAIL(found):
            raise FieldUnreadable(
                spot.field, spot.path, value, "one e-mail address, such as ann@example.test"
            )
        local, _, host = found.rpartition("@")
        return f"{local}@{host.lower()}"

    return read


def phone_reader(spot: Spot) -> Convert:
    """As people wrote it, with single spaces: systems format numbers differently, so nothing else is safe to
    touch."""

    def read(value: Any) -> str | None:
        found = (value.strip() or None) if value.__class__ is str else plain(value, spot)
        return (
            found
            if found is None or ("  " not in found and found.isprintable())
            else " ".join(found.split()) or None
        )

    return read

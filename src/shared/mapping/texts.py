"""Text in its many forms: streets, references, countries, e-mail addresses, telephone numbers, currencies."""

import re
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot, tidy
from shared.mapping.whole import refuse_cut

_REF = re.compile(r"[A-Z0-9#_/!%&.\-$()\",']+", re.ASCII).fullmatch
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+").fullmatch
TAX_NUMBERS = {f"T{index}": index for index in range(100)}
_TAX = re.compile(r"[Tt]?(\d{1,2})", re.ASCII).fullmatch
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


def street_reader(spot: Spot) -> Convert:
    """Address lines without the blank ones, joined by line feeds."""

    def read(value: Any) -> str | None:
        found = value.strip() if value.__class__ is str else plain(value, spot)
        if not found or found.isprintable() or tidy_lines(found):
            return found or None
        return _stacked(found.splitlines())

    return read


def lines_reader(spot: Spot) -> Convert:
    def read(values: Iterable[Any]) -> str | None:
        found = [plain(value, spot) for value in values]
        return "\n".join([line for line in found if line]) or None

    return read


def lines_writer(spot: Spot) -> Convert:
    """A street in numbered address lines: one line each, long ones broken between words, and the rest added
    to the last."""
    count, limit = spot.count, spot.max
    room, blank = limit or sys.maxsize, [""] * spot.count

    def write(value: Any, notes: list[str]) -> list[str]:
        if value is None:
            return blank
        if "\n" not in value and len(value) <= room:
            return [value, *blank[1:]]
        lines: list[str] = value.split("\n")
        if len(lines) == count and (len(value) <= room or max(map(len, lines)) <= room):
            return lines
        lines = [line for line in map(str.strip, value.splitlines()) if line]
        if limit and max(map(len, lines), default=0) > limit:
            lines = _wrapped(lines, limit, count)
        if len(lines) > count:
            lines[count - 1 :] = [", ".join(lines[count - 1 :])]
        if limit and lines and len(lines[-1]) > limit:
            lines[-1] = cut(lines[-1], limit, f"{spot.field}, last line,", notes)
        return lines + [""] * (count - len(lines))

    return write


def tidy_lines(text: str) -> bool:
    """Whether stacking would change nothing: the usual case, worth finding out quickly."""
    return (
        " \n" not in text
        and "\n " not in text
        and "\n\n" not in text
        and text.replace("\n", "").isprintable()
    )


def _stacked(lines: list[str]) -> str | None:
    return "\n".join(filter(None, map(str.strip, lines))) or None


def _wrapped(lines: list[str], limit: int, count: int) -> list[str]:
    """Long lines broken between words, in all but the last of the `count` lines there are."""
    done: list[str] = []
    todo = list(lines)
    while todo:
        line = todo.pop(0)
        at = line.rfind(" ", 0, limit + 1) if len(line) > limit else -1
        if at <= 0 and len(line) > limit:
            at = limit
        if at > 0 and len(done) + 1 < count:
            todo.insert(0, line[at:].strip())
            line = line[:at].rstrip()
        done.append(line)
    return done


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


def tax_code_reader(spot: Spot) -> Convert:
    """Sage 50 shows T0 to T99 in one place and sends the integer in another: canonical is T1."""

    def read(value: Any) -> str | None:
        found = plain(value, spot)
        if found is None:
            return None
        match = _TAX(found)
        if not match:
            raise FieldUnreadable(spot.field, spot.path, value, "a tax code from T0 to T99")
        return f"T{int(match[1])}"

    return read


def tax_code_writer(spot: Spot) -> Convert:
    def write(value: Any) -> int | None:
        if value is None:
            return None
        found = TAX_NUMBERS.get(tax_name(str(value)) if value not in TAX_NUMBERS else value)
        if found is None:
            raise FieldUnreadable(spot.field, spot.path, value, "a tax code from T0 to T99")
        return found

    return write


def currency_reader(spot: Spot) -> Convert:
    """The system's own id of a currency -> ISO code. The table's "" names the base currency, for blank
    ids."""

    def read(value: Any, table: Mapping[str, str]) -> str | None:
        found = table.get("" if value is None else str(value))
        if found is None and value not in (None, ""):
            raise FieldUnreadable(
                spot.field,
                spot.path,
                value,
                f"the id of one of the currencies {_listed(table)}",
                listed=True,
            )
        return found

    return read


def currency_writer(spot: Spot) -> Convert:
    """The first id that the table has for a currency. A table is inverted once, for as long as it is the same
    object."""
    turned: tuple[Any, dict[str, str]] = (None, {})

    def write(value: Any, table: Mapping[str, str]) -> str:
        nonlocal turned
        if value is None:
            return ""
        source, ids = turned
        if source is not table:
            ids = {iso: native for native, iso in reversed([*table.items()]) if native}
            turned = (table, ids)
        if value in ids:
            return ids[value]
        allowed = f"one of the currencies {_listed(table)}"
        raise FieldUnreadable(spot.field, spot.path, value, allowed, listed=True)

    return write


def _listed(table: Mapping[str, str]) -> str:
    return ", ".join(sorted(set(table.values()))) or "(none is set up)"


def tax_name(code: str) -> str:
    """Sage 50's 1, "1" and "T1" are all "T1"; other ledgers' codes are left alone."""
    match = _TAX(code.strip())
    return f"T{int(match[1])}" if match else code.strip()

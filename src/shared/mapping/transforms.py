"""The closed set of transforms: how a native value becomes a canonical one and back.

Each promises `read(write(x)) == norm(x)` with an idempotent norm, or is one-way. A blank (None or "") is read
as None; it is written as "" for text (which clears a field everywhere) and as None for other kinds. `bind`
gives the pair for one field; a reader raises FieldUnreadable for what it cannot understand, and never
guesses."""

from collections.abc import Callable
from typing import Any

from shared.domain.record import record
from shared.mapping import (
    country_texts,
    currencies,
    links,
    numbers,
    persons,
    streets,
    tax_codes,
    taxes,
    texts,
    times,
    users,
)
from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Convert, Spot


@record
class Transform:
    """`kinds` are the canonical kinds it fits."""

    name: str
    kinds: tuple[str, ...]
    reader: Callable[[Spot], Convert]
    writer: Callable[[Spot], Convert] | None
    extra: str = ""
    """What its writer takes besides the value: "notes" (to say what was cut), "table" (its reader takes that
    too) or "now" (the native values that the record has at present)."""
    table: str = ""
    """The reference table that `extra` "table" means; "link" and an entity for references between records."""
    several: bool = False
    """Works on several native paths at once: its native form is a tuple."""
    folds: str = ""
    """What part of a value it loses, in words; "" if nothing."""


def _table_reader(spot: Spot) -> Convert:
    pairs, allowed = spot.pairs, ", ".join(spot.pairs) or "none: the table is empty"

    def read(value: Any) -> str | None:
        if value is None or value == "":
            return None
        found = pairs.get(str(value))
        if found is None:
            raise FieldUnreadable(spot.field, spot.path, value, f"one of the values of its table ({allowed})")
        return found

    return read


def _table_writer(spot: Spot) -> Convert:
    back: dict[str, str] = {}
    for native, canonical in spot.pairs.items():
        back.setdefault(canonical, native)
    allowed = ", ".join(back)

    def write(value: Any) -> str:
        if value is None:
            return ""
        found = back.get(value)
        if found is None:
            raise FieldUnreadable(spot.field, spot.path, value, f"one of the values of its table ({allowed})")
        return found

    return write


def _name_writer(spot: Spot) -> Convert:
    return persons.name_writer(spot, tuple(spot.path.split(", ")))


_ALL = (
    Transform("text", ("text",), texts.text_reader, texts.text_writer, "notes"),
    Transform("memo", ("text",), texts.memo_reader, texts.text_writer, "notes"),
    Transform("street", ("text",), streets.street_reader, texts.text_writer, "notes"),
    Transform("lines", ("text",), streets.lines_reader, streets.lines_writer, "notes", several=True),
    Transform("join", ("text",), texts.join_reader, None, several=True),
    Transform("code", ("text",), texts.code_reader, texts.text_writer, "notes"),
    Transform("account_ref", ("text",), texts.account_ref_reader, texts.text_writer, "notes"),
    Transform("country_code", ("text",), country_texts.country_reader, country_texts.country_writer),
    Transform("email", ("text",), texts.email_reader, texts.text_writer, "notes"),
    Transform("phone", ("text",), texts.phone_reader, texts.text_writer, "notes"),
    Transform("tax_code", ("text",), tax_codes.tax_code_reader, tax_codes.tax_code_writer),
    Transform("table", ("text",), _table_reader, _table_writer),
    Transform(
        "currency", ("text",), currencies.currency_reader, currencies.currency_writer, "table", "currencies"
    ),
    Transform("user", ("text",), users.user_reader, users.user_writer, "table", "users"),
    Transform(
        "country_name", ("text",), country_texts.country_name_reader, country_texts.country_name_writer
    ),
    Transform("first", ("text",), texts.first_reader, texts.text_writer, "notes", several=True),
    Transform("name", ("text",), persons.name_reader, _name_writer, "now", several=True),
    Transform("link", ("text",), links.link_reader, links.link_writer, "table", "link"),
    Transform("one_tax", ("decimal",), taxes.one_tax_reader, taxes.one_tax_writer),
    Transform("tax_rate", ("decimal",), taxes.tax_rate_reader, taxes.tax_rate_writer, "table", "tax_codes"),
    Transform("inverse", ("decimal",), numbers.inverse_reader, numbers.inverse_writer, folds="is rounded"),
    Transform("decimal", ("decimal",), numbers.decimal_reader, numbers.plain_writer),
    Transform("money", ("decimal",), numbers.money_reader, numbers.money_writer, folds="is rounded"),
    Transform("integer", ("integer",), numbers.integer_reader, numbers.plain_writer),
    Transform("boolean", ("boolean",), numbers.boolean_reader, numbers.boolean_writer),
    Transform("date", ("date",), times.date_reader, times.date_writer),
    Transform("datetime", ("datetime",), times.datetime_reader, times.datetime_writer),
)

TRANSFORMS: dict[str, Transform] = {item.name: item for item in _ALL}

DEFAULTS = {
    "text": "text",
    "decimal": "decimal",
    "integer": "integer",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}
"""Canonical kind -> the transform for a field that names none."""

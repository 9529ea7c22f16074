"""How a stored record is shown: references as objects, decimals as text, and the fields that Sage works
out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.fields import Field
from local.vendors.sage_accounting.values import decimal_text

_NUMBERS = ("amount", "number")


def base(resource: str, record: Record) -> Record:
    return {
        "id": record["id"],
        "displayed_as": record["displayed_as"],
        "$path": f"/{resource}/{record['id']}",
    }


def stamped(resource: str, record: Record) -> Record:
    return {**base(resource, record), "created_at": record["created_at"], "updated_at": record["updated_at"]}


def decimals(values: Mapping[str, Any]) -> Record:
    """Every Decimal as text; the rest unchanged."""
    return {
        name: decimal_text(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }


def shown(books: Books, fields: Sequence[Field], record: Mapping[str, Any]) -> Record:
    """The writable fields under their reading names."""
    return {
        field.shown: _value(books, field, record.get(field.name, field.empty))
        for field in fields
        if field.kind != "raw"
    }


def _value(books: Books, field: Field, value: Any) -> Any:
    if field.kind == "ref":
        return books.reference(field.of, value)
    if field.kind == "refs":
        return [books.reference(field.of, one) for one in value or []]
    if field.kind in _NUMBERS:
        return None if value is None else decimal_text(value)
    if field.kind == "part" and value is not None:
        return shown(books, field.parts, value)
    return value

"""Expressions for the commonest values of each transform, which generated code contains instead of a call.

Each expression gives exactly what the transform's own function gives; anything unusual it passes to that
function, `{slow}`, which also makes the messages. Only names, numbers and bound objects go in, never text
from a rule file."""

from decimal import Decimal
from typing import Any

from shared.mapping import numbers, tax_codes, texts, times
from shared.mapping.plan import FieldPlan
from shared.mapping.web import PREFIX

NAMES: dict[str, Any] = {
    "Decimal": Decimal,
    "two_places": numbers.two_places,
    "cent": numbers.CENT,
    "day": times.day,
    "day_text": times.day_text,
    "tax_number": tax_codes.TAX_NUMBERS.get,
    "cut": texts.cut,
    "len": len,
    "str": str,
}
"""What the expressions may use, besides `v`, `tables` and `notes`."""

_STRIPPED = "(v.strip() or None) if {value}.__class__ is str else None if v is None else {slow}(v)"
_PHONE = (
    "w if {value}.__class__ is str and (w := v.strip()) and '  ' not in w and w.isprintable() else {slow}(v)"
)
_STREET = (
    "w if {value}.__class__ is str and (w := v.strip()) and (w.isprintable() or '\\n' in w "
    "and ' \\n' not in w and '\\n ' not in w and '\\n\\n' not in w "
    "and w.replace('\\n', '').isprintable()) else {slow}(v)"
)
_REFERENCE = (
    "w if {value}.__class__ is str and v.isascii() and len(w := v.strip().upper()) <= {max} and w.isalnum() "
    "else {slow}(v)"
)
_PLAIN_WEB = "{value}.__class__ is str and '&' not in v and v.isascii()"
"""A text that a system for web pages shows as it stands: no entities, and nothing beyond the basic plane."""
_READ = {
    "text": _STRIPPED,
    "phone": _PHONE,
    "street": _STREET,
    "account_ref": _REFERENCE,
    "date": "{value}.__class__ is str and len(v) == 10 and day(v) or {slow}(v)",
    "decimal": "Decimal(w[1]) if {value}.__class__ is str and (w := two_places(v)) else {slow}(v)",
    "currency": "{value}.__class__ is str and tables['currencies'].get(v) or {slow}(v, tables['currencies'])",
    "link": "{value}.__class__ is str and tables[{table!r}].get(v) or {slow}(v, tables[{table!r}])",
    "tax_rate": "{slow}({value}, tables[{table!r}])",
    "user": "{slow}({value}, tables[{table!r}])",
    **{
        PREFIX + name: expression.replace("{value}.__class__ is str", _PLAIN_WEB)
        for name, expression in {"text": _STRIPPED, "phone": _PHONE, "street": _STREET}.items()
    },
}

_TEXT = "'' if v is None else v"
_WRITE = {
    "date": "'' if v is None else day_text(v)",
    "tax_code": "{slow}(v) if (w := tax_number(v)) is None else w",
    "decimal": "v",
    "integer": "v",
}


def read_expression(item: FieldPlan, value: str, slow: str) -> str:
    """Canonical form of the native `value`, an expression that is evaluated once and named `v` on the way."""
    value = value if value == "v" else f"(v := {value})"
    return _READ.get(item.transform.name, "{slow}({value})").format(
        value=value, slow=slow, max=item.spot.max or 8, table=item.table
    )


def write_expression(item: FieldPlan, slow: str, what: str) -> str:
    """Native form of the canonical `v`; `what` is an expression for the name of the field in a note about
    cutting it."""
    if item.transform.name.startswith(PREFIX) or item.transform.several:
        return f"{slow}(v, notes)"
    if item.transform.extra == "table":
        return f"{slow}(v, tables[{item.written_table!r}])"
    if item.transform.extra == "notes":
        limit = item.spot.max
        if limit is None:
            return _TEXT
        too_long = f"{slow}(v, notes)" if item.spot.whole else f"cut(v, {limit}, {what}, notes)"
        return f"{_TEXT} if len(v) <= {limit} else {too_long}"
    if item.transform.name == "money" and item.spot.places >= 2:
        return f"v if v is not None and v.same_quantum(cent) else {slow}(v)"
    return _WRITE.get(item.transform.name, "{slow}(v)").format(slow=slow)


def is_one_line(item: FieldPlan) -> str:
    """Condition for a `v` that fits the first of several native lines; the others are blank then."""
    return (
        "v is not None and '\\n' not in "
        f"v{'' if item.spot.max is None else f' and len(v) <= {item.spot.max}'}"
    )

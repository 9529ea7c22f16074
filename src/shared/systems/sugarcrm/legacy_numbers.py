"""Amounts without the residue of a double: v4_1's database keeps 99.99 as one and may show it as
99.990000000000009.

A double holds 15 digits, so what is behind them was never entered. A text that looks like such a number is
left alone: which fields are numbers is asked only where a value looks like one. Pure, except for that
question.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal

from shared.domain.record import replace
from shared.ports import Native, ObjectSpec, Reading, Snapshot

_DIGITS = 15
_FRACTION = re.compile(r"-?\d+\.\d+")
IsNumber = Callable[[str, str], bool]
"""Whether this field of this module is a number."""


def without_residue(value: Native) -> Native:
    """99.990000000000009 as 99.99; anything that a double can hold is left as it is."""
    if not isinstance(value, str) or not _FRACTION.fullmatch(value):
        return value
    number = Decimal(value)
    if len(number.as_tuple().digits) <= _DIGITS:
        return value
    return format(Context(prec=_DIGITS).plus(number).normalize(), "f")


def tidied(spec: ObjectSpec, reading: Reading, is_number: IsNumber) -> Reading:
    """The reading with such amounts of the record and of its related records."""
    if not isinstance(reading, Snapshot):
        return reading
    modules = {item.name: item.object for item in spec.related}
    changed = {}
    for path, value in reading.values.items():
        head, _, field = path.partition(".")
        if isinstance(value, list) and head in modules:
            new: Native = [_row(modules[head], row, is_number) for row in value]
        else:
            module, name = (modules[head], field) if field and head in modules else (spec.object, path)
            new = _one(module, name, value, is_number)
        if new != value:
            changed[path] = new
    return replace(reading, values={**reading.values, **changed}) if changed else reading


def _row(module: str, row: Native, is_number: IsNumber) -> Native:
    if not isinstance(row, Mapping):
        return row
    return {name: _one(module, name, value, is_number) for name, value in row.items()}


def _one(module: str, name: str, value: Native, is_number: IsNumber) -> Native:
    new = without_residue(value)
    return new if new != value and is_number(module, name) else value

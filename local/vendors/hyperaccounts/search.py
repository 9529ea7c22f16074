"""The vendor's search: filters over raw upper-case columns, joined by AND, or by OR if the first one says
so."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from local.vendors.hyperaccounts.columns import TABLES, Column
from local.vendors.hyperaccounts.values import DAY, MOMENT, Refused

Test = Callable[[Mapping[str, Any]], bool]
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
}


def search(table: str, records: Iterable[Mapping[str, Any]], filters: Any) -> list[Mapping[str, Any]]:
    """The matching records. A column that does not exist silently matches nothing, as seen on a live
    service."""
    if not isinstance(filters, list) or not all(isinstance(one, dict) for one in filters):
        raise Refused("The search body must be an array of filters")
    if any(one.get("field") not in TABLES[table] for one in filters):
        return []
    tests = [
        _test(TABLES[table][one["field"]], str(one.get("type")), str(one.get("value", ""))) for one in filters
    ]
    either = bool(filters and filters[0].get("or") is True)
    return [one for one in records if not tests or (any if either else all)(test(one) for test in tests)]


def _test(column: Column, kind: str, value: str) -> Test:
    if kind in ("like", "nlike"):
        pattern = re.compile("".join(_wild(part) for part in value), re.I | re.S)
        return lambda record: bool(pattern.fullmatch(_shown(column, record[column.raw]))) == (kind == "like")
    if kind == "in":
        wanted = [_typed(column, part.replace("''", "'")) for part in _listed(value)]
        return lambda record: record[column.raw] in wanted
    if kind not in _ORDER:
        raise Refused(f"Unknown filter type {kind}")
    compare, limit = _ORDER[kind], _typed(column, value)
    return lambda record: record[column.raw] is not None and compare(record[column.raw], limit)


def _wild(part: str) -> str:
    return {"%": ".*", "_": "."}.get(part, re.escape(part))


def _listed(value: str) -> list[str]:
    if not re.fullmatch(r"\(\s*'(?:[^']|'')*'(\s*,\s*'(?:[^']|'')*')*\s*\)", value):
        raise Refused("Incorrect syntax near the value of in: write ('A','B')")
    return re.findall(r"'((?:[^']|'')*)'", value)


def _typed(column: Column, value: str) -> Any:
    try:
        if column.type in "DT":
            return datetime.strptime(value, MOMENT if " " in value else DAY)  # noqa: DTZ007 the server's own time
        if column.type in "ibct":
            return int(value.removeprefix("T"))
        return Decimal(value) if column.type == "d" else value
    except (ValueError, InvalidOperation):
        raise Refused(f"Conversion failed when converting the value {value!r} of {column.raw}") from None


def _shown(column: Column, value: Any) -> str:
    return f"T{value}" if column.type == "t" else str(value)

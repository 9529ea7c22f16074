"""Builds the vendor's filters: an array over raw upper-case columns.

The grammar has one `or` for the whole array, so a list of values and further conditions are never in the same
search, and what the filters cannot express (blank, deleted) is decided on our side.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.errors import MissingField, RuleInvalid
from shared.ports import Condition, Values
from shared.systems.sage_50.dates import SageDates
from shared.systems.sage_50.fields import Field, Table

CHUNK = 50
"""Values asked for in one search; the vendor names no limit, and filters become one SQL statement."""

SLICE = 100
"""Records looked over in one search, after which the lane is free for others."""
SPREAD = 10
"""A range of numbers is searched when it holds at most so many times as many as are wanted."""

Filters = list[dict[str, Any]]
KEPT: dict[str, Any] = {"field": "RECORD_DELETED", "type": "eq", "value": "0"}
_PUSHED = {"equals": "eq", "gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte"}


def column_of(table: Table, path: str) -> Field:
    """The field of a path that searches can filter on. Raises MissingField with the paths that can."""
    one = table.fields.get(path)
    if one is None or one.column is None:
        able = ", ".join(sorted(name for name, field in table.fields.items() if field.column))
        raise MissingField(f"Sage 50 cannot search {table.label}s by {path!r}: use one of {able}.")
    return one


def chunks(values: Iterable[str], size: int = CHUNK) -> Iterator[list[str]]:
    held = list(values)
    return (held[start : start + size] for start in range(0, len(held), size))


def numeric(value: str) -> bool:
    """Whether a column of whole numbers could hold it; a search for anything else is refused as a whole."""
    return value.isascii() and value.isdigit()


def any_of(column: str, values: Sequence[str], use_in: bool) -> Filters:
    """Rows whose column is one of the values. `in` is one filter, but only newer services know it."""
    if use_in and len(values) > 1 and not any("'" in value for value in values):
        listed = ",".join(f"'{value}'" for value in values)
        return [{"field": column, "type": "in", "value": f"({listed})"}]
    filters: Filters = [{"field": column, "type": "eq", "value": value} for value in values]
    if len(filters) > 1:
        filters[0]["or"] = True
    return filters


def deleted_among(table: Table, ids: Sequence[str]) -> Filters:
    """Rows that Sage marks as deleted, between the least and the greatest of these ids."""
    first = table.fields[table.ids[0]]
    parts = [table.split(one)[first.name] for one in ids]
    ranked = sorted(parts, key=(lambda part: (0, part)) if first.upper else (lambda part: (len(part), part)))
    return [
        {"field": first.column, "type": "gte", "value": ranked[0]},
        {"field": first.column, "type": "lte", "value": ranked[-1]},
        {**KEPT, "value": "1"},
    ]


def close_together(table: Table, ids: Sequence[str]) -> bool:
    """Whether these are numbers of one series, without large gaps. In order."""
    if len(table.ids) > 1 or not all(one.isdigit() for one in ids):
        return False
    return int(ids[-1]) - int(ids[0]) < SPREAD * len(ids)


def between(table: Table, ids: Sequence[str]) -> Filters:
    """Rows from the first to the last of these numbers that are not marked as deleted."""
    column = table.fields[table.ids[0]].column
    return [
        {"field": column, "type": "gte", "value": ids[0]},
        {"field": column, "type": "lte", "value": ids[-1]},
        KEPT,
    ]


def since(when: datetime, dates: SageDates) -> Filters:
    return [{"field": "RECORD_MODIFY_DATE", "type": "gte", "value": dates.wire_time(when)}]


def pushed(table: Table, where: Sequence[Condition], dates: SageDates) -> Filters:
    """The conditions that the vendor can test. Equality is tested again by `meets`, on the values as we read
    them."""
    filters: Filters = []
    for one in where:
        if one.op in _PUSHED and isinstance(one.value, str) and _comparable(table, one):
            field = column_of(table, one.field)
            value = dates.wire(one.value) if field.kind in ("date", "time") else _raw(field, one.value)
            filters.append({"field": field.column, "type": _PUSHED[one.op], "value": value})
    return filters


def _comparable(table: Table, one: Condition) -> bool:
    """Equality can be left to `meets`; an ordering that cannot be searched must not be dropped silently."""
    if one.op != "equals":
        return True
    field = table.fields.get(one.field)
    return field is not None and field.column is not None and field.kind == "text" and bool(one.value)


def _raw(field: Field, value: str) -> str:
    return value.strip().upper() if field.upper else value


def meets(values: Values, where: Sequence[Condition]) -> bool:
    """Whether a row passes the conditions that are equalities, lists or blanks."""
    return all(_passes(values.get(one.field), one) for one in where)


def _passes(value: Any, one: Condition) -> bool:
    words = "" if value is None else _words(value)
    if one.op == "blank":
        return words == ""
    if one.op == "not_blank":
        return words != ""
    if one.op == "in":
        return words in tuple(one.value or ())
    if one.op == "equals":
        return words == (one.value or "")
    return words != (one.value or "") if one.op == "not_equals" else True


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value).strip()


def table_of(name: str, tables: Mapping[str, Table]) -> Table:
    """Raises RuleInvalid naming the objects that exist."""
    if name not in tables:
        raise RuleInvalid(
            f"Sage 50 has no object {name!r}: the rule file may name {', '.join(sorted(tables))}."
        )
    return tables[name]

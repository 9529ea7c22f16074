"""Turns a v11 filter into an SQL condition with parameters: the operators of `POST /{module}/filter`.

Values of related records are reached as `link.field`. An unknown field or operator is a 422
`invalid_parameter`; a condition on a field that is not in the database is dropped in silence, so that
everything is returned (seen live, Sugar 25.2).
"""

# Names come from the schema, values travel as parameters.
# ruff: noqa: S608

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from local.vendors.sugarcrm.schema import NUMERIC, Field, Link, Module
from local.vendors.sugarcrm.v11_call import invalid
from local.vendors.sugarcrm.v11_values import compared

Condition = tuple[str, list[Any]]
_SIMPLE = {"$equals": "=", "$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}
_PATTERN = {"$starts": "{}%", "$ends": "%{}", "$contains": "%{}%"}
_QUERY_KEY = re.compile(r"\[([^\]]*)\]")


class Filters:
    """`me` is the signed-in user's id, for `$owner` and `$creator`; `today` the server's date."""

    def __init__(self, modules: Mapping[str, Module], me: str, today: date) -> None:
        self._modules = modules
        self._me = me
        self._today = today

    def read(self, module: Module, given: Any) -> Condition:
        """A list of conditions, joined with AND. Raises RestError 422."""
        if given in (None, "", [], {}):
            return "1", []
        if isinstance(given, Mapping):
            given = [given]
        if not isinstance(given, list):
            raise invalid("The filter must be a list of conditions.")
        return self._joined(module, given, "AND")

    def _joined(self, module: Module, items: Any, word: str) -> Condition:
        if not isinstance(items, list) or not items:
            raise invalid(f"${word.lower()} needs a list of conditions.")
        found = [self._one(module, item) for item in items]
        return "(" + f" {word} ".join(text for text, _ in found) + ")", [
            value for _, values in found for value in values
        ]

    def _one(self, module: Module, item: Any) -> Condition:
        if not isinstance(item, Mapping) or not item:
            raise invalid(f"A filter condition is an object; got {item!r}.")
        found = [self._entry(module, str(name), test) for name, test in item.items()]
        return " AND ".join(text for text, _ in found), [value for _, values in found for value in values]

    def _entry(self, module: Module, name: str, test: Any) -> Condition:
        if name in ("$and", "$or"):
            return self._joined(module, test, name[1:].upper())
        if name in ("$owner", "$creator"):
            return f"{module.table}.{'assigned_user_id' if name == '$owner' else 'created_by'} = ?", [
                self._me
            ]
        if "." in name:
            return self._related(module, name, test)
        field = module.fields.get(name)
        if field is None:
            raise invalid(f"Invalid field {name} in the filter of {module.name}.")
        if not field.stored:
            return "1", []
        tests = test if isinstance(test, Mapping) else {"$equals": test}
        found = [self._test(field, str(operator), value) for operator, value in tests.items()]
        return " AND ".join(text for text, _ in found), [value for _, values in found for value in values]

    def _related(self, module: Module, name: str, test: Any) -> Condition:
        link_name, _, field_name = name.partition(".")
        link = module.links.get(link_name)
        if link is None or link.module not in self._modules:
            raise invalid(f"Invalid link {link_name} in the filter of {module.name}.")
        other = self._modules[link.module]
        text, values = self._entry(other, field_name, test)
        inside = (
            f"SELECT {other.table}.id FROM {other.table}{other.joins} WHERE {text} AND "
            f"{other.table}.deleted = 0"
        )
        return _reached(module, other, link, inside), values

    def _test(self, field: Field, operator: str, value: Any) -> Condition:
        sql = field.sql
        if operator in _SIMPLE:
            return f"{sql} {_SIMPLE[operator]} ?", [compared(field, value)]
        if operator == "$not_equals":
            return f"({sql} <> ? OR {sql} IS NULL)", [compared(field, value)]
        if operator in ("$in", "$not_in"):
            return _listed(field, operator, value)
        if operator in _PATTERN:
            escaped = re.sub(r"([\\%_])", r"\\\1", str(value))
            return f"{sql} LIKE ? ESCAPE '\\'", [_PATTERN[operator].format(escaped)]
        if operator in _BLANK:
            return _BLANK[operator](field), []
        if operator in ("$between", "$dateBetween"):
            return _between(field, value)
        if operator == "$dateRange":
            return f"SUBSTR({sql}, 1, 10) BETWEEN ? AND ?", list(_range(str(value), self._today))
        raise invalid(f"Invalid operator {operator} for field {field.name}.")


_BLANK: dict[str, Callable[[Field], str]] = {
    "$is_null": lambda field: f"{field.sql} IS NULL",
    "$not_null": lambda field: f"{field.sql} IS NOT NULL",
    "$empty": lambda field: f"({field.sql} IS NULL OR {field.sql} = {_nothing(field)})",
    "$not_empty": lambda field: f"({field.sql} IS NOT NULL AND {field.sql} <> {_nothing(field)})",
}


def _nothing(field: Field) -> str:
    return "0" if field.type in NUMERIC else "''"


def _listed(field: Field, operator: str, value: Any) -> Condition:
    if not isinstance(value, list) or not value:
        raise invalid(f"{operator} of {field.name} needs a list of values.")
    inside = f"{field.sql} IN ({', '.join('?' * len(value))})"
    text = inside if operator == "$in" else f"({field.sql} IS NULL OR NOT {inside})"
    return text, [compared(field, item) for item in value]


def _between(field: Field, value: Any) -> Condition:
    if not isinstance(value, list) or len(value) != 2:
        raise invalid(f"A range of {field.name} needs a list of two values.")
    return f"{field.sql} BETWEEN ? AND ?", [compared(field, item) for item in value]


def _range(name: str, today: date) -> tuple[str, str]:
    first = today.replace(day=1)
    ranges = {
        "today": (today, today),
        "yesterday": (today - timedelta(1), today - timedelta(1)),
        "last_7_days": (today - timedelta(6), today),
        "last_30_days": (today - timedelta(29), today),
        "this_month": (first, today.replace(day=28) + timedelta(4)),
        "this_year": (today.replace(month=1, day=1), today),
    }
    if name not in ranges:
        raise invalid(f"Invalid date range {name}.")
    start, end = ranges[name]
    if name == "this_month":
        end = end - timedelta(end.day)
    return start.isoformat(), end.isoformat()


def _reached(module: Module, other: Module, link: Link, inside: str) -> str:
    if link.table:
        return f"{module.table}.id IN (SELECT {link.here} FROM {link.table} WHERE {link.there} IN ({inside}))"
    if link.own_column:
        return f"{module.table}.{link.own_column} IN ({inside})"
    return f"{module.table}.id IN (SELECT {link.their_column} FROM {other.table} WHERE id IN ({inside}))"


def from_query(pairs: list[tuple[str, str]]) -> Any:
    """`filter[0][sales_stage][$equals]=Closed Won` as the list that POST takes; list operators get lists."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        if not name.startswith("filter["):
            continue
        *path, last = _QUERY_KEY.findall(name)
        place = tree
        for step in path:
            place = place.setdefault(step, {})
        place[last or str(len(place))] = value
    return _lists(tree)


def _lists(node: Any) -> Any:
    """PHP arrays whose keys are numbers are lists."""
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() for key in node):
        return [_lists(node[key]) for key in sorted(node, key=int)]
    return {key: _lists(item) for key, item in node.items()}

"""DynamoDB's typed attribute values for the few types that Tieout stores.

Money never becomes a DynamoDB number: it is kept inside the JSON body, digit for digit. Numbers here are
whole numbers.
"""

import re
from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]
"""Attribute name -> str, int, bool, bytes or set of str. None and empty sets are left out."""
AttributeMap = dict[str, dict[str, Any]]


def to_wire(item: Mapping[str, Any]) -> AttributeMap:
    return {name: _value(value) for name, value in item.items() if value is not None and value != set()}


def from_wire(wire: Mapping[str, Mapping[str, Any]]) -> Item:
    return {name: _plain(typed) for name, typed in wire.items()}


def names(*expressions: str) -> dict[str, str]:
    """Every `#name` of the expressions, because many of our names are reserved words there."""
    return {f"#{name}": name for text in expressions for name in re.findall(r"#(\w+)", text)}


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, (set, frozenset)):
        return {"SS": sorted(value)}
    raise TypeError(f"a {type(value).__name__} cannot be a DynamoDB attribute; put it into the JSON body")


def _plain(typed: Mapping[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    if kind == "N":
        return int(value)
    if kind == "SS":
        return set(value)
    return value

"""Checks values against the small part of JSON Schema that Sage's swagger uses; each fault is one sentence.

There are two sets of rules, for the two directions: what a caller may send, and what the service answers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from local.vendors.sage_accounting.spec_differences import names
from local.vendors.sage_accounting.values import number

_DECIMAL = re.compile(r"-?\d+\.\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\dT00:00:00\.000Z")
_BASE = {"id", "displayed_as", "$path"}
_LINE_FREE = {name.rpartition(".")[2] for name in names("line_ids")}


@dataclass(frozen=True)
class Rules:
    """`whole`: an answer must have every field of its definition. `nested`: references may be whole
    records."""

    definitions: Mapping[str, Any]
    sent: bool
    whole: bool = False
    nested: bool = False
    place: str = ""
    owner: str = ""
    depth: int = field(default=0)

    def into(self, name: str, owner: str = "") -> "Rules":
        place = f"{self.place}.{name}" if self.place else name
        return replace(self, place=place, owner=owner or self.owner, depth=self.depth + 1)


def faults(rules: Rules, schema: Mapping[str, Any], value: Any) -> list[str]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return faults(replace(rules, owner=name), rules.definitions[name], value)
    if value is None or value == "":
        return []
    kind = schema.get("type", "object" if "properties" in schema else "")
    check = _CHECKS.get(kind)
    return check(rules, schema, value) if check else []


def _wrong(rules: Rules, wanted: str, value: Any) -> list[str]:
    return [f"{rules.place or 'the body'} must be {wanted}, not {value!r}"]


# ---------------------------------------------------------------- objects and lists


def _object(rules: Rules, schema: Mapping[str, Any], value: Any) -> list[str]:
    if not isinstance(value, dict):
        return _wrong(rules, "an object", value)
    known = schema.get("properties", {})
    found = []
    for name, one in value.items():
        if name in known:
            found += faults(rules.into(name), known[name], one)
        elif not _passes(rules, name, value):
            found.append(f"{rules.place or 'the body'} has no field {name}")
    return found + _missing(rules, schema, value)


def _passes(rules: Rules, name: str, value: Mapping[str, Any]) -> bool:
    if rules.sent:
        in_line = rules.place.endswith((".invoice_lines", ".quote_lines")) and name in _LINE_FREE
        return in_line or (rules.depth == 1 and name in names("idempotency"))
    if f"{rules.owner}.{name}" in names("unlisted"):
        return True
    return (
        rules.nested
        and rules.depth >= 1
        and rules.owner not in ("", "SalesInvoiceLineItem", "SalesQuoteLineItem")
        and value.keys() >= _BASE
    )


def _missing(rules: Rules, schema: Mapping[str, Any], value: Mapping[str, Any]) -> list[str]:
    place = rules.place or "the body"
    if rules.sent:
        lacking = [name for name in schema.get("required", []) if value.get(name) in (None, "", [])]
        return [f"{place} must have {name}" for name in lacking]
    if not rules.whole or (rules.depth and set(value) <= _BASE):
        return []
    optional = names("by_country") | names("on_request")
    return [
        f"{place} lacks {name}"
        for name in schema.get("properties", {})
        if name not in value and f"{rules.owner}.{name}" not in optional
    ]


def _array(rules: Rules, schema: Mapping[str, Any], value: Any) -> list[str]:
    if not isinstance(value, list):
        return _wrong(rules, "a list", value)
    return [sentence for one in value for sentence in faults(rules, schema.get("items", {}), one)]


# ---------------------------------------------------------------- single values


def _number(rules: Rules, schema: Mapping[str, Any], value: Any) -> list[str]:
    if not rules.sent:
        fits = isinstance(value, str) and _DECIMAL.fullmatch(value)
        return [] if fits else _wrong(rules, "a decimal as text", value)
    try:
        number(value)
    except ValueError:
        return _wrong(rules, "a number", value)
    return []


def _integer(rules: Rules, schema: Mapping[str, Any], value: Any) -> list[str]:
    if rules.sent and isinstance(value, str) and value.lstrip("-").isdigit():
        return []
    if isinstance(value, bool) or not isinstance(value, int):
        return _wrong(rules, "a whole number", value)
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    return [] if low <= value <= high else _wrong(rules, f"from {low} to {high}", value)


def _boolean(rules: Rules, schema: Mapping[str, Any], value: Any) -> list[str]:
    return [] if isinstance(value, bool) else _wrong(rules, "true or false", value)


def _string(rules: Rules, schema: Mapping[str, Any], value: Any) -> list[str]:
    if not isinstance(value, str):
        return _wrong(rules, "text", value)
    if "enum" in schema and value not in schema["enum"]:
        return _wrong(rules, f"one of {', '.join(schema['enum'])}", value)
    if len(value) > schema.get("maxLength", len(value)):
        return _wrong(rules, f"at most {schema['maxLength']} characters", value)
    return _dated(rules, schema.get("format", ""), value)


def _dated(rules: Rules, form: str, value: str) -> list[str]:
    if form == "date-time" and not _STAMP.fullmatch(value):
        return _wrong(rules, "a moment in UTC with whole seconds", value)
    midnight = f"{rules.owner}.{rules.place.rpartition('.')[2]}" in names("moment_dates")
    if form == "date" and not (_MIDNIGHT if midnight and not rules.sent else _DAY).fullmatch(value):
        return _wrong(rules, "a date", value)
    return []


_CHECKS = {
    "object": _object,
    "array": _array,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "string": _string,
}

"""From records to JSON, and from their declarations to JSON Schema (2020-12, as OpenAPI 3.1 wants it)."""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_SIMPLE: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


def plain(value: Any) -> Any:
    """Only what JSON has."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value.tzinfo else value.isoformat()
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, date | Decimal):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def text(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def schemas(kinds: list[type]) -> dict[str, Any]:
    """Of these records and all that they hold, by name."""
    found, left = dict[str, Any](), list(kinds)
    while left:
        kind = left.pop()
        if kind.__name__ in found:
            continue
        hints, inner = get_type_hints(kind), list[type]()
        found[kind.__name__] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or kind.__name__).split()),
            "properties": {one.name: _schema(hints[one.name], inner) for one in fields(kind)},
            "required": [one.name for one in fields(kind)],
            "additionalProperties": False,
        }
        left += inner
    return dict(sorted(found.items()))


def reference(kind: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _schema(hint: Any, inner: list[type]) -> dict[str, Any]:
    if hint in _SIMPLE:
        return dict(_SIMPLE[hint])
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(one, inner) for one in parts]}
    if hint is type(None):
        return {"type": "null"}
    if origin is Literal:
        return {"type": "string", "enum": list(parts)}
    if origin is tuple:
        return {"type": "array", "items": _schema(parts[0], inner)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(parts[1], inner)}
    inner.append(hint)
    return reference(hint)

"""Whether JSON is as a schema of ours says: as much of JSON Schema as our descriptions use, and no more; a
keyword that is not known here is a fault."""

import re
from collections.abc import Mapping
from typing import Any

_TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "null": type(None)}
_KNOWN = {
    "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "format",
    "description", "$ref",
}  # fmt: skip
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def faults(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str = "$") -> list[str]:
    unknown = set(schema) - _KNOWN
    if unknown:
        return [f"{at}: the schema has {unknown}"]
    if "$ref" in schema:
        return faults(value, resolved(schema["$ref"], whole), whole, at)
    if "anyOf" in schema:
        tried = [faults(value, one, whole, at) for one in schema["anyOf"]]
        return [] if not all(tried) else [f"{at}: fits none of {len(tried)}"]
    found = list[str]()
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return [f"{at}: {value!r} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if schema.get("format") == "date-time" and not _TIME.fullmatch(value):
        found.append(f"{at}: {value!r} is no time")
    if kind == "array":
        for number, one in enumerate(value):
            found += faults(one, schema["items"], whole, f"{at}[{number}]")
    if kind == "object":
        found += _of_object(value, schema, whole, at)
    return found


def resolved(reference: str, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = whole
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _of_object(
    value: Mapping[str, Any], schema: Mapping[str, Any], whole: Mapping[str, Any], at: str
) -> list[str]:
    named, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{at}: there is no {one}" for one in schema.get("required", ()) if one not in value]
    for name, one in value.items():
        if name in named:
            found += faults(one, named[name], whole, f"{at}.{name}")
        elif other is False:
            found.append(f"{at}: {name} is not described")
        elif other is not True:
            found += faults(one, other, whole, f"{at}.{name}")
    return found

"""What a v11 list call asks for, read from the body of a POST or the query of a GET."""

import json
import re
from typing import Any

from local.vendors.sugarcrm.schema import Module
from local.vendors.sugarcrm.v11_call import Call, invalid
from local.vendors.sugarcrm.v11_filter import from_query

_FIELD = re.compile(r"\{.*?\](?:[^{}]*)\}|[^,{}]+")


def arguments(call: Call) -> dict[str, Any]:
    """The body of a POST, or the query of a GET, where a filter may be brackets or one JSON text."""
    if call.method == "POST":
        return call.json()
    asked: dict[str, Any] = {name: value for name, value in call.query if "[" not in name}
    if isinstance(asked.get("filter"), str):
        try:
            asked["filter"] = json.loads(asked["filter"])
        except ValueError:
            raise invalid("The filter is not valid JSON.") from None
    bracketed = from_query(call.query)
    return (
        {**asked, "filter": bracketed.get("filter", bracketed) if isinstance(bracketed, dict) else bracketed}
        if bracketed
        else asked
    )


def ordering(module: Module, text: str) -> str:
    """`date_modified:asc,id:asc`; without it the newest first, as the server does."""
    parts = []
    for item in filter(None, text.split(",")):
        name, _, way = item.partition(":")
        if name not in module.fields or way.lower() not in ("", "asc", "desc"):
            raise invalid(f"Invalid order_by: {item}")
        parts.append(f"{module.fields[name].sql} {way.upper() or 'ASC'}")
    return ", ".join(parts) or f"{module.table}.date_modified DESC, {module.table}.id"


def names_and_links(text: str) -> list[Any]:
    """A comma-separated list of names in which a link may stand as a JSON object; also a whole JSON list."""
    try:
        if text.startswith("["):
            return list(json.loads(text))
        return [json.loads(part) if part.startswith("{") else part.strip() for part in _FIELD.findall(text)]
    except ValueError:
        raise invalid(f"The fields are not readable: {text}") from None


def inside(module: Module, ids: list[str]) -> str:
    return f"{module.table}.id IN ({', '.join('?' * len(ids))})" if ids else "0"


def whole(value: Any, name: str, default: int) -> int:
    if value in (None, ""):
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise invalid(f"{name} must be a whole number; got {value!r}.") from None

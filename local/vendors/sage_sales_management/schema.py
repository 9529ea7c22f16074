"""`/{resource}/schema` and `/resources`: what a tenant says of its own fields."""

from typing import Any

from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.tables import COMMON, Field, Resource

_TYPES = {"text": "string", "number": "number", "whole": "integer", "bool": "boolean", "moment": "string"}


def schema(server: SalesServer, resource: Resource) -> dict[str, Any]:
    # known: document - JSON-Schema-like, with table for the resource that gives the values, maxLength and
    #   readOnly
    properties = {resource.shown_name(name): _property(server, one) for name, one in resource.fields.items()}
    for name in COMMON:
        kind = {"id": "integer", "deleted": "boolean"}.get(
            name, "string" if name.startswith("date") else "integer"
        )
        properties[name] = {"description": "", "readOnly": True, "type": [kind, "null"]}
        if name.startswith("date"):
            properties[name]["format"] = "date-time"
    return {"properties": dict(sorted(properties.items())), "type": "object"}


def _property(server: SalesServer, one: Field) -> dict[str, Any]:
    if one.kind == "ref":
        inner = {"id": {"type": "integer"}, "value": {"type": ["string", "null"]}}
        return {
            "properties": inner,
            "readOnly": False,
            "required": ["id"],
            "table": one.table,
            "type": ["object", "null"],
        }
    kind = _TYPES[one.kind]
    if one.name == "quantity" and server.options.whole_quantities:
        # known: document - the quantity of a line is an integer
        kind = "integer"
    made: dict[str, Any] = {"description": "", "readOnly": False, "type": [kind, "null"]}
    if one.kind == "moment":
        made["format"] = "date-time"
    if one.length:
        made["maxLength"] = one.length
    return made


def offered(server: SalesServer) -> list[dict[str, Any]]:
    # known: document - /resources lists what the tenant offers
    able = {"create": True, "read": True, "update": True, "delete": True}
    return [
        {"end_point": f"/v4/{name}", "schema": f"/v4/{name}/schema", "description": "", "operations": able}
        for name in server.resources
    ]

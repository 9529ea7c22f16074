"""All canonical entities by name, and the kind of each of their fields."""

import typing
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module

from shared.entities._types import Entity
from shared.entities.line import Line

Kind = typing.Literal["text", "decimal", "integer", "boolean", "date", "datetime", "lines"]

ENTITIES = {
    "account": "Account",
    "contact": "Contact",
    "product": "Product",
    "service": "Service",
    "quotation": "Quotation",
    "sales_order": "SalesOrder",
    "invoice": "Invoice",
    "user": "User",
    "line": "Line",
    "credit_position": "CreditPosition",
}
"""Entity -> its class, in the module with the entity's name. Imported when first needed, so that a function
loads only the few that its flow uses."""

PARTS = frozenset({"line", "credit_position"})
"""What belongs to records of others: no flow can name it as an entity."""

_KINDS: dict[object, Kind] = {
    str: "text",
    Decimal: "decimal",
    int: "integer",
    bool: "boolean",
    date: "date",
    datetime: "datetime",
    list[Line]: "lines",
}


@cache
def kinds(entity: str) -> dict[str, Kind]:
    """Field name -> kind, in the order of declaration. Raises KeyError for an unknown entity."""
    declared = ENTITIES[entity]
    made: type[Entity] = getattr(import_module(f"shared.entities.{entity}"), declared)
    fields = made.model_fields
    return {name: _KINDS[typing.get_args(info.annotation)[0]] for name, info in fields.items()}

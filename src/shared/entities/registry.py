"""All canonical entities by name, and the kind of each of their fields."""

import typing
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from shared.entities._types import Entity
from shared.entities.account import Account
from shared.entities.contact import Contact
from shared.entities.invoice import Invoice
from shared.entities.line import Line
from shared.entities.product import Product
from shared.entities.quotation import Quotation
from shared.entities.sales_order import SalesOrder
from shared.entities.service import Service
from shared.entities.user import User

Kind = typing.Literal["text", "decimal", "integer", "boolean", "date", "datetime", "lines"]

ENTITIES: dict[str, type[Entity]] = {
    "account": Account, "contact": Contact, "product": Product, "service": Service, "quotation": Quotation,
    "sales_order": SalesOrder, "invoice": Invoice, "user": User, "line": Line,
}

_KINDS: dict[object, Kind] = {str: "text", Decimal: "decimal", int: "integer", bool: "boolean", date: "date",
                              datetime: "datetime", list[Line]: "lines"}


@cache
def kinds(entity: str) -> dict[str, Kind]:
    """Field name -> kind, in the order of declaration. Raises KeyError for an unknown entity."""
    fields = ENTITIES[entity].model_fields
    return {name: _KINDS[typing.get_args(info.annotation)[0]] for name, info in fields.items()}

"""Products, services and stock items: unique item codes, one price for each price type, no deletion once
used."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import invalid, malformed
from local.vendors.sage_accounting.fields import BodyContext, Field, read
from local.vendors.sage_accounting.shapes import shown, stamped
from local.vendors.sage_accounting.tables import PRICE, PRODUCT, RATE, SERVICE, STOCK_ITEM

_CATALOGUE = ("products", "services")


@dataclass(frozen=True)
class Kind:
    """`list_name` is the array of prices; `type_id` the price type that identifies its entries."""

    resource: str
    wrapper: str
    fields: tuple[Field, ...]
    price_fields: tuple[Field, ...]
    list_name: str
    type_id: str
    price_name: str

    @property
    def types(self) -> str:
        return self.type_id.removesuffix("_id") + "s"


PRODUCTS = Kind(
    "products", "product", PRODUCT, PRICE, "sales_prices", "product_sales_price_type_id", "price_name"
)
SERVICES = Kind("services", "service", SERVICE, RATE, "sales_rates", "service_rate_type_id", "rate_name")
STOCK = Kind(
    "stock_items",
    "stock_item",
    STOCK_ITEM,
    PRICE,
    "sales_prices",
    "product_sales_price_type_id",
    "price_name",
)
KINDS = {kind.resource: kind for kind in (PRODUCTS, SERVICES, STOCK)}


def create(kind: Kind, books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    values = _read(kind, books, body, creating=True)
    prices = _prices(kind, books, [], values.pop(kind.list_name, None) or [])
    _check(books, values, None)
    given = {"item_code": "", "active": True, "cost_price": Decimal(0), **values}
    stock = {"quantity_in_stock": Decimal(0), "cost_price_last_updated": None} if kind is STOCK else {}
    return books.insert(
        kind.resource, {**given, **stock, kind.list_name: prices, "displayed_as": given["description"]}, key
    )


def update(kind: Kind, books: Books, record: Record, body: Mapping[str, Any]) -> None:
    values = _read(kind, books, body, creating=False)
    prices = values.pop(kind.list_name, None)
    _check(books, values, record)
    if prices is not None:
        values[kind.list_name] = _prices(kind, books, record[kind.list_name], prices)
    books.change(record, {**values, "displayed_as": values.get("description", record["description"])})


def delete(kind: Kind, books: Books, record: Record, query: Mapping[str, str]) -> None:
    if not deletable(books, record):
        raise invalid("You cannot delete this item as it is in use.")
    books.remove(record)


def deletable(books: Books, record: Record) -> bool:
    lines = (
        line
        for resource in ("sales_invoices", "sales_quotes")
        for one in books.live(resource)
        for line in one["lines"]
    )
    moved = any(one["stock_item_id"] == record["id"] for one in books.live("stock_movements"))
    return not moved and not any(
        record["id"] in (line.get("product_id"), line.get("service_id")) for line in lines
    )


def shape(kind: Kind, books: Books, record: Record, query: Mapping[str, str]) -> Record:
    free = deletable(books, record)
    found = stamped(kind.resource, record) | {
        "deleted_at": record["deleted_at"],
        "deletable": free,
        "deactivatable": True,
        "used_on_recurring_invoice": False,
        **shown(books, kind.fields, record),
    }
    found[kind.list_name] = [_shown_price(kind, books, one) for one in record[kind.list_name]]
    if kind is PRODUCTS:
        own = "stock_items" if "quantity_in_stock" in record else "products"
        chosen = record.get("catalog_item_type_id") or books.options.catalog_types[own]
        found["catalog_item_type"] = books.reference("catalog_item_types", chosen)
    return found | (_stock(record) if kind is STOCK else {})


def _stock(record: Record) -> Record:
    from local.vendors.sage_accounting.shapes import decimals

    cost, quantity = record["cost_price"] or Decimal(0), record["quantity_in_stock"]
    return decimals(
        {
            "weight": record.get("weight") or Decimal(0),
            "weight_converted": record.get("weight") or Decimal(0),
            "quantity_in_stock": quantity,
            "last_cost_price": cost,
            "average_cost_price": cost,
            "last_cost_price_stock_value": cost * quantity,
            "average_cost_price_stock_value": cost * quantity,
            "cost_price_last_updated": record["cost_price_last_updated"],
        }
    )


def _shown_price(kind: Kind, books: Books, price: Record) -> Record:
    return {
        "id": price["id"],
        "displayed_as": price[kind.price_name],
        "created_at": price["created_at"],
        "updated_at": price["updated_at"],
        **shown(books, kind.price_fields, price),
    }


def _read(kind: Kind, books: Books, body: Mapping[str, Any], creating: bool) -> Record:
    fields = (*kind.fields, Field(kind.list_name, "raw"))
    return read(BodyContext(books, kind.wrapper, creating), fields, body)


def _prices(kind: Kind, books: Books, before: list[Record], given: Any) -> list[Record]:
    """One entry for each price type: the array replaces all entries, or changes only its own when merged."""
    if not isinstance(given, list):
        raise malformed(kind.wrapper, kind.list_name, books.options.validation_status)
    reading = BodyContext(books, kind.wrapper, True, f"{kind.list_name}.")
    rows = [read(reading, kind.price_fields, one) for one in given]
    known = {one[kind.type_id]: one for one in before}
    new = {row[kind.type_id]: _price(kind, books, known.get(row[kind.type_id]), row) for row in rows}
    return list(({**known, **new} if books.options.line_arrays == "merge" else new).values())


def _price(kind: Kind, books: Books, before: Record | None, row: Record) -> Record:
    now = books.clock.stamp()
    name = books.display(kind.types, row[kind.type_id])
    start = before or {"id": uuid4().hex, "created_at": now, kind.price_name: name}
    return {**start, **{field: value for field, value in row.items() if value is not None}, "updated_at": now}


def _check(books: Books, values: Record, record: Record | None) -> None:
    code = (values.get("item_code") or "").upper()
    rows = [
        one
        for resource in _CATALOGUE
        for one in books.every(resource)
        if one is not record and (not one["deleted_at"] or books.options.deleted_item_code_taken)
    ]
    if code and any((one["item_code"] or "").upper() == code for one in rows):
        raise invalid("This item code is already in use.", "item_code")
    supplier = values.get("usual_supplier_id")
    if supplier and "VENDOR" not in books.find("contacts", supplier)["contact_type_ids"]:
        raise invalid("Couldn't find Supplier.")

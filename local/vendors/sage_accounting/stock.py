"""Quantities in stock: changed by stock movements and by issued invoices, never below zero."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import invalid
from local.vendors.sage_accounting.fields import BodyContext, read
from local.vendors.sage_accounting.shapes import shown, stamped
from local.vendors.sage_accounting.tables import MOVEMENT

SHORT = "You cannot fulfil this invoice as you do not have enough stock."


def take(books: Books, lines: Iterable[Mapping[str, Any]], sign: int = -1) -> None:
    """Takes what the lines sell out of stock (`sign` 1 puts it back). Raises Refused when there is not
    enough."""
    for line in lines:
        item = books.table("stock_items").get(str(line.get("product_id")))
        if item is not None:
            _move(books, item, sign * line["quantity"], SHORT)


def create(books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    values = read(BodyContext(books, "stock_movement", True), MOVEMENT, body)
    item = books.find("stock_items", values["stock_item_id"])
    _move(books, item, values["quantity"], "The quantity in stock cannot be negative.")
    books.change(
        item,
        {"cost_price": values["cost_price"], "cost_price_last_updated": f"{values['date']}T00:00:00.000Z"},
    )
    number = str(len(books.every("stock_movements")) + 1)
    return books.insert(
        "stock_movements", {**values, "movement_number": number, "displayed_as": values["details"]}, key
    )


def update(books: Books, record: Record, body: Mapping[str, Any]) -> None:
    values = read(BodyContext(books, "stock_movement", False), MOVEMENT, body)
    item = books.find("stock_items", record["stock_item_id"])
    difference = values.get("quantity", record["quantity"]) - record["quantity"]
    _move(books, item, difference, "The quantity in stock cannot be negative.")
    books.change(record, {**values, "displayed_as": values.get("details", record["details"])})


def delete(books: Books, record: Record, query: Mapping[str, str]) -> None:
    item = books.find("stock_items", record["stock_item_id"])
    _move(books, item, -record["quantity"], "The quantity in stock cannot be negative.")
    books.remove(record)


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    found = stamped("stock_movements", record) | shown(books, MOVEMENT, record)
    return found | {
        "links": [],
        "movement_number": record["movement_number"],
        "date": f"{record['date']}T00:00:00.000Z",
    }


def _move(books: Books, item: Record, quantity: Decimal, refusal: str) -> None:
    left = item["quantity_in_stock"] + quantity
    if quantity < 0 and left < 0:
        raise invalid(refusal)
    books.change(item, {"quantity_in_stock": left})

"""What each resource can do: how it is created, changed, deleted, shown, filtered and sorted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from local.vendors.sage_accounting import (
    addresses,
    allocations,
    company,
    contacts,
    credit_notes,
    invoices,
    items,
    named_types,
    payments,
    quotes,
    stock,
)
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.listing import Query, wanted

BOTH = ("updated_or_created_since", "deleted_since")
CHANGED = ("updated_or_created_since",)
Filter = Callable[[Books, Record, Query], bool]


@dataclass(frozen=True)
class Resource:
    """`one` is the wrapper of bodies. `searched` are the fields that `search` looks in. `idempotent`: takes
    an idempotency_id. `nested`: `single`, `list` or both, where nested_attributes works. `numbered`: no
    parallel POSTs.
    """

    name: str
    one: str
    shape: Callable[[Books, Record, Query], Record]
    create: Callable[..., Record] | None = None
    update: Callable[[Books, Record, Mapping[str, Any]], None] | None = None
    delete: Callable[[Books, Record, Query], None] | None = None
    keep: Filter = lambda books, record, query: True
    feeds: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    sortable: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    numbered: bool = False


def _same(query: Query, name: str, value: Any) -> bool:
    return not query.get(name) or query[name] == value


def _contact(books: Books, record: Record, query: Query) -> bool:
    person = addresses.main_person(books, record) or {}
    return (
        (wanted(books, query, "exclude_system") is not True or not record["system"])
        and (not query.get("contact_type_id") or query["contact_type_id"] in record["contact_type_ids"])
        and (not query.get("email") or query["email"].lower() == (person.get("email") or "").lower())
    )


def _address(books: Books, record: Record, query: Query) -> bool:
    return all(_same(query, name, record.get(name)) for name in ("contact_id", "bank_account_id"))


def _person(books: Books, record: Record, query: Query) -> bool:
    address = books.stored("addresses", record["address_id"]) or {}
    return _same(query, "address_id", record["address_id"]) and _same(
        query, "contact_id", address.get("contact_id")
    )


def _active(books: Books, record: Record, query: Query) -> bool:
    asked = wanted(books, query, "active")
    return asked is None or asked == (record["active"] is not False)


def _stock_item(books: Books, record: Record, query: Query) -> bool:
    quantity = record["quantity_in_stock"]
    out, low = wanted(books, query, "out_of_stock"), wanted(books, query, "below_reorder_level")
    return (
        _active(books, record, query)
        and (out is None or out == (quantity <= 0))
        and (low is None or low == (quantity < (record.get("reorder_level") or 0)))
    )


def _movement(books: Books, record: Record, query: Query) -> bool:
    return _same(query, "stock_item_id", record["stock_item_id"]) and _between(record["date"], query)


def _between(day: str, query: Query) -> bool:
    return query.get("from_date", "")[:10] <= day <= (query.get("to_date") or "9999")[:10]


def _invoice(books: Books, record: Record, query: Query) -> bool:
    return (
        _same(query, "contact_id", record["contact_id"])
        and _same(query, "status_id", record["status"])
        and _between(record["date"], query)
        and wanted(books, query, "has_attachments") is not True
    )


def _quote(books: Books, record: Record, query: Query) -> bool:
    return (
        _same(query, "contact_id", record["contact_id"])
        and _same(query, "status_id", quotes.shape(books, record, {})["status"]["id"])
        and _between(record["date"], query)
        and wanted(books, query, "has_attachments") is not True
    )


def _allocation(books: Books, record: Record, query: Query) -> bool:
    return all(_same(query, name, record.get(name)) for name in ("contact_id", "transaction_type_id"))


def _payment(books: Books, record: Record, query: Query) -> bool:
    same = all(
        _same(query, name, record.get(name))
        for name in ("contact_id", "bank_account_id", "transaction_type_id")
    )
    return same and _between(record["date"], query)


def _account(books: Books, record: Record, query: Query) -> bool:
    scopes = record["visible_scopes"]
    return (
        (not query.get("visible_in") or query["visible_in"] in scopes)
        and (not query.get("not_visible_in") or query["not_visible_in"] not in scopes)
        and _same(query, "ledger_account_type_id", record["ledger_account_type_id"])
        and (wanted(books, query, "show_control_accounts") is not False or not record["is_control_account"])
    )


def _item(kind: items.Kind, keep: Filter) -> Resource:
    return Resource(
        kind.resource,
        kind.wrapper,
        partial(items.shape, kind),
        partial(items.create, kind),
        partial(items.update, kind),
        partial(items.delete, kind),
        keep,
        BOTH,
        ("item_code", "description"),
        numbered=True,
    )


def _types(name: str, one: str, feeds: tuple[str, ...] = ()) -> Resource:
    return Resource(
        name,
        one,
        lambda books, record, query: company.shape_named_type(name, record),
        partial(named_types.create, name, one),
        partial(named_types.update, name, one),
        partial(named_types.delete, name),
        _active,
        feeds,
    )


_LIST = [
    Resource(
        "contacts",
        "contact",
        contacts.shape,
        contacts.create,
        contacts.update,
        contacts.delete,
        _contact,
        BOTH,
        ("name", "reference"),
        nested=("list", "single"),
        numbered=True,
    ),
    Resource(
        "addresses",
        "address",
        addresses.shape,
        addresses.create,
        addresses.update,
        addresses.delete,
        _address,
        BOTH,
        nested=("single",),
    ),
    Resource(
        "contact_persons",
        "contact_person",
        addresses.shape_person,
        addresses.create_person,
        addresses.update_person,
        addresses.delete_person,
        _person,
        BOTH,
        nested=("single",),
    ),
    _item(items.PRODUCTS, _active),
    _item(items.SERVICES, _active),
    _item(items.STOCK, _stock_item),
    Resource(
        "stock_movements",
        "stock_movement",
        stock.shape,
        stock.create,
        stock.update,
        stock.delete,
        _movement,
        (),
        ("details", "reference"),
    ),
    Resource(
        "sales_invoices",
        "sales_invoice",
        invoices.shape,
        invoices.create,
        invoices.update,
        invoices.void,
        _invoice,
        BOTH,
        ("reference", "contact_name"),
        ("created_at", "updated_at", "date", "due_date"),
        ("single",),
        True,
    ),
    Resource(
        "sales_credit_notes",
        "sales_credit_note",
        credit_notes.shape,
        credit_notes.create,
        None,
        credit_notes.void,
        _invoice,
        BOTH,
        ("reference", "contact_name"),
        ("created_at", "updated_at", "date"),
        ("single",),
        True,
    ),
    Resource(
        quotes.QUOTES,
        quotes.WRAPPER,
        quotes.shape,
        quotes.create,
        quotes.update,
        quotes.delete,
        _quote,
        CHANGED,
        ("reference", "contact_name"),
        ("created_at", "updated_at", "date", "expiry_date"),
        ("single",),
        True,
    ),
    Resource(
        "contact_payments",
        "contact_payment",
        payments.shape,
        payments.create,
        None,
        payments.delete,
        _payment,
        BOTH,
        (),
        ("created_at", "updated_at", "date"),
    ),
    Resource(
        "contact_allocations",
        "contact_allocation",
        allocations.shape,
        allocations.create,
        None,
        allocations.delete,
        _allocation,
        BOTH,
        (),
        ("created_at", "updated_at", "date"),
    ),
    _types("product_sales_price_types", "product_sales_price_type"),
    _types("service_rate_types", "service_rate_type", CHANGED),
    Resource("tax_rates", "tax_rate", company.shape_tax_rate, feeds=CHANGED),
    Resource(
        "ledger_accounts",
        "ledger_account",
        company.shape_ledger_account,
        keep=_account,
        feeds=CHANGED,
        searched=("name", "display_name"),
        nested=("single",),
    ),
]
RESOURCES = {resource.name: resource for resource in _LIST}
NUMBERED = frozenset(resource.name for resource in _LIST if resource.numbered)
PLUS_ONLY = ("stock_items", "stock_movements")

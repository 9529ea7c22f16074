"""Sales quotes: numbered when they are made, posted nowhere, editable until they are invoiced, and deleted
without a trace: no list tells which are gone."""

from collections.abc import Mapping
from typing import Any

from local.vendors.sage_accounting import documents, invoices, unused
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.document_lines import read_lines
from local.vendors.sage_accounting.errors import REQUIRED, Refused, error, invalid
from local.vendors.sage_accounting.fields import BodyContext, Field, read
from local.vendors.sage_accounting.shapes import shown, stamped
from local.vendors.sage_accounting.tables import QUOTE

QUOTES, WRAPPER = "sales_quotes", "sales_quote"
_STATUSES = {"PENDING": "Pending", "INVOICED": "Invoiced", "EXPIRED": "Expired", "DECLINED": "Declined"}
"""EXPIRED and DECLINED are known from live answers; what the others are called is not documented."""
_OWN = ("main_address", "delivery_address", "exchange_rate", "inverse_exchange_rate", "invoice_id")
_COPIED = (
    "contact_id",
    "contact_name",
    "contact_reference",
    "reference",
    "main_address",
    "delivery_address",
    "shipping_net_amount",
    "shipping_tax_rate_id",
    "currency_id",
    "exchange_rate",
)


def create(books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    values = _read(books, body, creating=True)
    values["lines"] = read_lines(books, WRAPPER, "quote_lines", values.pop("quote_lines"), [])
    values = documents.settle(books, values, fresh=True)
    _in_time(values)
    prefix = values.get("quote_number_prefix") or books.invoice_settings["quote_number_prefix"]
    number = values.get("quote_number") or str(books.invoice_settings["next_quote_number"])
    record = books.insert(
        QUOTES,
        {
            **values,
            "quote_number_prefix": prefix,
            "quote_number": number,
            "displayed_as": f"{prefix}{number}",
            "sent": bool(values.get("sent")),
            "declined": False,
        },
        key,
    )
    _count(books, record)
    return record


def update(books: Books, record: Record, body: Mapping[str, Any]) -> None:
    if invoice_of(books, record) is not None:
        raise invalid("You cannot edit this quote: it was invoiced.")
    values = _read(books, body, creating=False)
    if "quote_lines" in values:
        given = values.pop("quote_lines")
        values["lines"] = read_lines(books, WRAPPER, "quote_lines", given, record["lines"])
    parts = {
        name: {**record[name], **values[name]}
        for name in ("main_address", "delivery_address")
        if values.get(name)
    }
    merged = documents.settle(books, {**record, **values, **parts}, fresh=False)
    _in_time(merged)
    books.change(record, merged)


def delete(books: Books, record: Record, query: Mapping[str, str]) -> None:
    books.remove(record)


def invoice(books: Books, record: Record, body: Mapping[str, Any]) -> Record:
    """What a person does with "Create invoice": the same customer and lines; {"draft": true} as a draft."""
    if invoice_of(books, record) is not None:
        raise invalid("This quote was invoiced already.")
    keep = ("id", "net_amount", "total_amount")
    lines = [{name: one for name, one in line.items() if name not in keep} for line in record["lines"]]
    made = invoices.create(
        books,
        {
            **{name: record[name] for name in _COPIED if record.get(name) is not None},
            "date": body.get("date") or books.clock.now().date().isoformat(),
            "original_quote_estimate_id": record["id"],
            "invoice_lines": [_line(one) for one in lines],
            **({"status_id": "DRAFT"} if body.get("draft") else {}),
        },
    )
    books.change(record, {}, touch=books.options.quote_invoiced_touch)
    return made


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    made = invoice_of(books, record)
    status = "INVOICED" if made else _open_status(books, record)
    plain = [field for field in QUOTE if field.name not in _OWN]
    found = stamped(QUOTES, record) | {"links": []} | unused.QUOTE | shown(books, plain, record)
    found |= documents.shape_totals(books, record) | documents.shape_addresses(books, record)
    return found | {
        "quote_number": record["quote_number"],
        "quote_lines": documents.shape_lines(books, record, analysis=True),
        "status": {"id": status, "displayed_as": _STATUSES[status]},
        "editable": made is None,
        "invoice": None
        if made is None
        else {**(books.reference("sales_invoices", made["id"]) or {}), "links": []},
    }


def invoice_of(books: Books, record: Record) -> Record | None:
    """The living invoice that was made from this quote."""
    return next(
        (
            one
            for one in books.live("sales_invoices")
            if one.get("original_quote_estimate_id") == record["id"] and one["status"] != "VOID"
        ),
        None,
    )


def _open_status(books: Books, record: Record) -> str:
    if record.get("declined"):
        return "DECLINED"
    today: str = books.clock.now().date().isoformat()
    return "EXPIRED" if record["expiry_date"] < today else "PENDING"


def _line(line: Record) -> Record:
    named = ("discount_percentage",) if line.get("discount_percentage") else ("discount_amount",)
    left = {"discount_amount", "discount_percentage"} - set(named)
    return {name: value for name, value in line.items() if value is not None and name not in left}


def _read(books: Books, body: Mapping[str, Any], creating: bool) -> Record:
    values = read(BodyContext(books, WRAPPER, creating), (*QUOTE, Field("quote_lines", "raw")), body)
    if creating and not values.get("quote_lines"):
        raise Refused(422, [error(REQUIRED, "line_items")])
    if values.get("quote_lines") is None:
        values.pop("quote_lines", None)
    return values


def _in_time(values: Mapping[str, Any]) -> None:
    if values["expiry_date"] < values["date"]:
        raise invalid("The expiry date cannot be before the date of the quote.", "expiry_date")


def _count(books: Books, record: Record) -> None:
    taken = (one for one in books.live(QUOTES) if one is not record)
    if any(one["displayed_as"] == record["displayed_as"] for one in taken):
        raise invalid("This quote number is already in use.", "quote_number")
    number, settings = record["quote_number"], books.invoice_settings
    if number.isdigit() and int(number) >= settings["next_quote_number"]:
        books.set(settings, {"next_quote_number": int(number) + 1})

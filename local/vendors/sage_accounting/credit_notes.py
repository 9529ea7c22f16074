"""Sales credit notes: as invoices, always above zero, and settled by allocations and refunds."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting import documents, payments, rates, stock, unused
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.document_lines import read_lines
from local.vendors.sage_accounting.errors import REQUIRED, Refused, error, invalid
from local.vendors.sage_accounting.fields import BodyContext, Field, read
from local.vendors.sage_accounting.settlement import (
    CREDIT_NOTES,
    allocations_of,
    outstanding,
    payments_of,
    total_paid,
)
from local.vendors.sage_accounting.shapes import decimals, shown, stamped
from local.vendors.sage_accounting.tables import CREDIT_NOTE
from local.vendors.sage_accounting.values import rounded

DRAFT, WRAPPER = "DRAFT", "sales_credit_note"
_OWN = ("main_address", "delivery_address", "status_id", "exchange_rate", "inverse_exchange_rate")


def create(books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    fields = (*CREDIT_NOTE, Field("credit_note_lines", "raw"))
    values = read(BodyContext(books, WRAPPER, True), fields, body)
    if not values.get("credit_note_lines"):
        raise Refused(422, [error(REQUIRED, "line_items")])
    values["lines"] = read_lines(books, WRAPPER, "credit_note_lines", values.pop("credit_note_lines"), [])
    status = values.pop("status_id", None)
    if status not in (None, DRAFT):
        raise invalid("A new credit note can be a draft only.", "status_id")
    values = documents.settle(books, values, fresh=True)
    if values["total_amount"] <= 0:
        raise invalid("The total of a credit note must be above zero.", "total_amount")
    prefix = (
        values.get("credit_note_number_prefix") or books.invoice_settings["sales_credit_note_number_prefix"]
    )
    record = books.insert(
        CREDIT_NOTES,
        {
            **values,
            "status": DRAFT,
            "credit_note_number_prefix": prefix,
            "wanted_number": values.pop("credit_note_number", None),
            "credit_note_number": DRAFT,
            "sent": bool(values.get("sent")),
            "displayed_as": f"{prefix}{DRAFT}",
            "void_reason": None,
        },
        key,
    )
    if status is None:
        _issue(books, record)
    return record


def release(books: Books, record: Record) -> None:
    if record["status"] != DRAFT:
        raise invalid("You can only release draft credit notes.")
    _issue(books, record)


def void(books: Books, record: Record, query: Mapping[str, str]) -> None:
    if record["status"] == DRAFT:
        books.remove(record)
        return
    if record["status"] == "VOID":
        raise invalid("This credit note is void already.")
    if payments_of(books, record["id"]) or allocations_of(books, record["id"]):
        raise invalid("You cannot void a credit note with payments or allocations. Delete these first.")
    if not query.get("void_reason"):
        raise Refused(422, [error(REQUIRED, "void_reason")])
    stock.take(books, record["lines"])
    books.change(record, {"status": "VOID", "void_reason": query["void_reason"]})


def credit(books: Books, invoice: Record, amount: Decimal, nominal: str) -> Record:
    """A credit note over one line without tax, as a person writes off what is left of an invoice."""
    line = {
        "description": f"Credit for {invoice['displayed_as']}",
        "ledger_account_id": nominal,
        "quantity": Decimal(1),
        "unit_price": amount,
        "tax_rate_id": "GB_NO_TAX",
        "tax_amount": Decimal(0),
    }
    return create(
        books,
        {
            "contact_id": invoice["contact_id"],
            "date": invoice["date"],
            "currency_id": invoice["currency_id"],
            "exchange_rate": invoice["exchange_rate"],
            "credit_note_lines": [line],
        },
    )


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    plain = [field for field in CREDIT_NOTE if field.name not in _OWN]
    found = stamped(CREDIT_NOTES, record) | {"links": [], "deleted_at": record["deleted_at"]}
    found |= unused.INVOICE | shown(books, plain, record)
    found |= documents.shape_totals(books, record) | documents.shape_addresses(books, record)
    found |= {
        "status": books.reference("artefact_statuses", record["status"]),
        "transaction": None,
        "transaction_type": books.reference("transaction_types", "SALES_CREDIT_NOTE"),
        "credit_note_lines": documents.shape_lines(books, record),
        "detailed_tax_analysis": None,
        "last_paid": None,
        "editable": record["status"] == DRAFT,
        "tax_reconciled": False,
        "void_reason": record["void_reason"],
    }
    if query.get("show_payments_allocations") == "true":
        found["payments_allocations"] = payments.rows_of(books, record)
    return found | _paid(books, record)


def _paid(books: Books, record: Record) -> Record:
    left, taken = outstanding(books, record), total_paid(books, record)
    return decimals(
        {
            "total_paid": taken,
            "outstanding_amount": left,
            "payments_allocations_total_amount": taken,
            "payments_allocations_total_discount": Decimal(0),
            "base_currency_outstanding_amount": rounded(left * rates.to_base(books, record["exchange_rate"])),
        }
    )


def _issue(books: Books, record: Record) -> None:
    settings = books.invoice_settings
    number = record.get("wanted_number") or str(settings["next_credit_note_number"])
    name = f"{record['credit_note_number_prefix']}{number}"
    if any(one["displayed_as"] == name for one in books.every(CREDIT_NOTES) if one is not record):
        raise invalid("This credit note number is already in use.", "credit_note_number")
    if number.isdigit() and int(number) >= settings["next_credit_note_number"]:
        books.set(settings, {"next_credit_note_number": int(number) + 1})
    stock.take(books, record["lines"], 1)
    books.change(record, {"status": "UNPAID", "credit_note_number": number, "displayed_as": name})

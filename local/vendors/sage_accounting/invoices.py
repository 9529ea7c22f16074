"""Sales invoices: numbered when issued, editable until paid, voided rather than deleted."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting import documents, payments, rates, stock, unused
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.document_lines import read_lines
from local.vendors.sage_accounting.errors import REQUIRED, Refused, error, invalid
from local.vendors.sage_accounting.fields import BodyContext, Field, read
from local.vendors.sage_accounting.settlement import allocations_of, outstanding, payments_of, total_paid
from local.vendors.sage_accounting.shapes import decimals, shown, stamped
from local.vendors.sage_accounting.tables import INVOICE
from local.vendors.sage_accounting.values import rounded

UNISSUED = ("DRAFT", "PRO_FORMA")
_EDITABLE = (*UNISSUED, "UNPAID")
_OWN = (
    "main_address",
    "delivery_address",
    "status_id",
    "exchange_rate",
    "inverse_exchange_rate",
    "original_quote_estimate_id",
)


def create(books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    values = _read(books, body, creating=True)
    lines = values.pop("invoice_lines")
    values["lines"] = read_lines(books, "sales_invoice", "invoice_lines", lines, [])
    status = values.pop("status_id", None)
    if status not in (None, *UNISSUED):
        raise invalid("A new invoice can be a draft or a pro forma only.", "status_id")
    values = documents.settle(books, values, fresh=True)
    values["due_date"] = values.get("due_date") or _due(books, values)
    prefix = values.get("invoice_number_prefix") or books.invoice_settings["sales_invoice_number_prefix"]
    given = values.pop("invoice_number", None)
    record = books.insert(
        "sales_invoices",
        {
            **values,
            "status": status,
            "invoice_number_prefix": prefix,
            "invoice_number": "DRAFT",
            "sent": bool(values.get("sent")),
            "wanted_number": given,
            "displayed_as": f"{prefix}DRAFT",
            "void_reason": None,
            "tax_reconciled": False,
        },
        key,
    )
    if status is None:
        _issue(books, record)
    return record


def update(books: Books, record: Record, body: Mapping[str, Any]) -> None:
    _must_be_editable(record)
    values = _read(books, body, creating=False)
    if "invoice_lines" in values:
        values["lines"] = read_lines(
            books, "sales_invoice", "invoice_lines", values.pop("invoice_lines"), record["lines"]
        )
    _forget_rate(values, record)
    issue = _wanted_status(values.pop("status_id", None), record)
    number = values.pop("invoice_number", None)
    merged = documents.settle(books, {**record, **_merged_parts(values, record)}, fresh=False)
    issued = record["status"] not in UNISSUED
    if issued:
        stock.take(books, record["lines"], 1)
        stock.take(books, merged["lines"])
    books.change(record, merged)
    if number and number != record["invoice_number"]:
        _number(books, record, number) if issued else books.change(record, {"wanted_number": number})
    if issue:
        _issue(books, record)


def _forget_rate(values: Record, record: Record) -> None:
    """A new rate makes the stored inverse invalid; a new currency makes both invalid."""
    other_currency = values.get("currency_id", record["currency_id"]) != record["currency_id"]
    if other_currency or "inverse_exchange_rate" in values:
        values.setdefault("exchange_rate", None)
    if values.get("exchange_rate") is None and "exchange_rate" in values:
        values.setdefault("inverse_exchange_rate", None)


def _merged_parts(values: Record, record: Record) -> Record:
    parts = {
        name: {**record[name], **values[name]}
        for name in ("main_address", "delivery_address")
        if values.get(name)
    }
    return {**values, **parts}


def _wanted_status(status: str | None, record: Record) -> bool:
    """Whether a PUT issues a draft. PAID and PART_PAID follow from payments and are never set."""
    if status in (None, record["status"]):
        return False
    if status == "UNPAID" and record["status"] in UNISSUED:
        return True
    raise invalid("The status cannot be changed to this value.", "status_id")


def release(books: Books, record: Record) -> None:
    if record["status"] not in UNISSUED:
        raise invalid("You can only release draft or pro forma invoices.")
    _issue(books, record)


def void(books: Books, record: Record, query: Mapping[str, str]) -> None:
    """A draft is removed instead, and needs no reason."""
    if record["status"] in UNISSUED:
        books.remove(record)
        return
    if record["status"] == "VOID":
        raise invalid("This invoice is void already.")
    if payments_of(books, record["id"]) or allocations_of(books, record["id"]):
        raise invalid("You cannot void an invoice with payments or allocations. Delete these first.")
    reason = query.get("void_reason") or ""
    if not reason:
        raise Refused(422, [error(REQUIRED, "void_reason")])
    if len(reason) > 200:
        raise invalid("This field is too long (maximum is 200 characters).", "void_reason")
    stock.take(books, record["lines"], 1)
    books.change(record, {"status": "VOID", "void_reason": reason})


def mark_sent(books: Books, record: Record) -> None:
    if record["status"] not in UNISSUED and not record["sent"]:
        books.change(record, {"sent": True}, touch=books.options.sent_touch)


# ---------------------------------------------------------------- showing


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    issued = record["status"] not in UNISSUED
    paid = payments_of(books, record["id"]) + allocations_of(books, record["id"])
    plain = [field for field in INVOICE if field.name not in _OWN]
    found = (
        stamped("sales_invoices", record) | {"links": [], "deleted_at": record["deleted_at"]} | unused.INVOICE
    )
    found |= shown(books, plain, record)
    found |= documents.shape_totals(books, record) | documents.shape_addresses(books, record)
    found |= {
        "status": books.reference("artefact_statuses", record["status"]),
        "invoice_number": record["invoice_number"],
        "transaction": _transaction(record) if issued else None,
        "transaction_type": books.reference("transaction_types", "SALES_INVOICE"),
        "invoice_lines": documents.shape_lines(
            books, record, analysis=query.get("show_analysis_types") == "true"
        ),
        "last_paid": max((one["date"] for one, _ in paid), default=None),
        "detailed_tax_analysis": None,
        "editable": record["status"] in _EDITABLE and not record["tax_reconciled"],
        "tax_reconciled": record["tax_reconciled"],
        "void_reason": record["void_reason"],
        "original_quote_estimate": _quote(books, record),
    }
    if query.get("show_payments_allocations") == "true":
        found["payments_allocations"] = payments.rows_of(books, record)
    return found | _paid_totals(books, record)


def _paid_totals(books: Books, record: Record) -> Record:
    left, taken = outstanding(books, record), total_paid(books, record)
    discount = sum((one["discount"] for _, one in payments_of(books, record["id"])), Decimal(0))
    return decimals(
        {
            "total_paid": taken,
            "outstanding_amount": left,
            "payments_allocations_total_amount": taken - discount,
            "payments_allocations_total_discount": discount,
            "base_currency_outstanding_amount": rounded(left * rates.to_base(books, record["exchange_rate"])),
        }
    )


def _transaction(record: Record) -> Record:
    key = record["transaction_id"]
    return {"id": key, "displayed_as": record["displayed_as"], "$path": f"/transactions/{key}"}


def _quote(books: Books, record: Record) -> Record | None:
    """The quote that it was made from, even one that was deleted since."""
    found = books.reference("sales_quotes", record.get("original_quote_estimate_id"))
    return {**found, "links": []} if found else None


# ---------------------------------------------------------------- steps


def _read(books: Books, body: Mapping[str, Any], creating: bool) -> Record:
    fields = (*INVOICE, Field("invoice_lines", "raw"))
    values = read(BodyContext(books, "sales_invoice", creating), fields, body)
    if creating and not values.get("invoice_lines"):
        raise Refused(422, [error(REQUIRED, "line_items")])
    if values.get("invoice_lines") is None:
        values.pop("invoice_lines", None)
    return values


def _due(books: Books, values: Mapping[str, Any]) -> str:
    days = books.find("contacts", values["contact_id"])["credit_days"] or 0
    return (date.fromisoformat(values["date"]) + timedelta(days=days)).isoformat()


def _issue(books: Books, record: Record) -> None:
    from local.vendors.sage_accounting.seed import key

    stock.take(books, record["lines"])
    books.change(
        record, {"status": "UNPAID", "transaction_id": key(books.business.id, "transactions", record["id"])}
    )
    _number(books, record, record.get("wanted_number"))


def _number(books: Books, record: Record, wanted: str | None) -> None:
    """The next number, or the caller's own, from which Sage then continues."""
    settings = books.invoice_settings
    number = wanted or str(settings["next_invoice_number"])
    taken = (
        one for one in books.every("sales_invoices") if one is not record and one["status"] not in UNISSUED
    )
    name = f"{record['invoice_number_prefix']}{number}"
    if any(one["displayed_as"] == name for one in taken):
        raise invalid("This invoice number is already in use.", "invoice_number")
    if number.isdigit() and int(number) >= settings["next_invoice_number"]:
        books.set(settings, {"next_invoice_number": int(number) + 1})
    books.change(record, {"invoice_number": number, "displayed_as": name})


def _must_be_editable(record: Record) -> None:
    if record["tax_reconciled"]:
        raise invalid("You cannot edit VAT reconciled transactions.")
    if record["status"] not in _EDITABLE:
        raise invalid("You cannot edit this invoice.")

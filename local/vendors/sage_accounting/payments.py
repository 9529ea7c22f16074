"""Payments by customers: how much they pay decides an invoice's status."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from local.vendors.sage_accounting import rates, unused
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import invalid
from local.vendors.sage_accounting.fields import BodyContext, Field, read
from local.vendors.sage_accounting.settlement import PAYABLE, outstanding, settle_paid
from local.vendors.sage_accounting.shapes import decimals, shown, stamped
from local.vendors.sage_accounting.tables import ALLOCATION, PAYMENT
from local.vendors.sage_accounting.values import rounded


def create(books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    values = read(
        BodyContext(books, "contact_payment", True), (*PAYMENT, Field("allocated_artefacts", "raw")), body
    )
    context = BodyContext(books, "contact_payment", True, "allocated_artefacts.")
    given = values.pop("allocated_artefacts", None) or []
    parts = [{"id": uuid4().hex, "discount": Decimal(0), **read(context, ALLOCATION, one)} for one in given]
    if sum((part["amount"] for part in parts), Decimal(0)) > values["total_amount"]:
        raise invalid("The allocations are more than the payment.", "allocated_artefacts")
    for part in parts:
        _check(books, values["contact_id"], part)
    record = books.insert(
        "contact_payments",
        {
            "exchange_rate": Decimal(1),
            **values,
            "allocations": parts,
            "displayed_as": values.get("reference") or "Payment",
        },
        key,
    )
    for part in parts:
        settle_paid(books, books.find("sales_invoices", part["artefact_id"]))
    return record


def pay(books: Books, invoice: Record, amount: object, day: str) -> Record:
    """A receipt of the whole `amount` for one invoice, as a person enters it."""
    return create(
        books,
        {
            "transaction_type_id": "CUSTOMER_RECEIPT",
            "contact_id": invoice["contact_id"],
            "date": day,
            "total_amount": amount,
            "bank_account_id": next(iter(books.table("bank_accounts"))),
            "currency_id": invoice["currency_id"],
            "allocated_artefacts": [{"artefact_id": invoice["id"], "amount": amount}],
        },
    )


def delete(books: Books, record: Record, query: Mapping[str, str]) -> None:
    books.remove(record)
    for part in record["allocations"]:
        settle_paid(books, books.find("sales_invoices", part["artefact_id"]))


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    total = record["total_amount"]
    base = total * rates.to_base(books, record["exchange_rate"])
    sums = {
        "net_amount": total,
        "tax_amount": Decimal(0),
        "base_currency_net_amount": rounded(base),
        "base_currency_tax_amount": Decimal(0),
        "base_currency_total_amount": rounded(base),
    }
    allocated = [
        {
            "id": part["id"],
            "artefact": books.reference("sales_invoices", part["artefact_id"]),
            **decimals({"amount": part["amount"], "discount": part["discount"]}),
        }
        for part in record["allocations"]
    ]
    found = (
        stamped("contact_payments", record) | unused.PAYMENT | shown(books, PAYMENT, record) | decimals(sums)
    )
    return found | {
        "links": [],
        "deleted_at": record["deleted_at"],
        "editable": True,
        "allocated_artefacts": allocated,
    }


def shape_allocation(books: Books, payment: Record, part: Record) -> Record:
    return {
        "links": [],
        "date": payment["date"],
        "type": "contact_payment",
        "reference": payment.get("reference") or "",
        "displayed_as": payment["displayed_as"],
        "negative_payment": False,
        "stripe_transaction_id": None,
        "contact_allocation": None,
        "artefact": books.reference("sales_invoices", part["artefact_id"]),
        "contact_payment": {
            "id": payment["id"],
            "displayed_as": payment["displayed_as"],
            "$path": f"/contact_payments/{payment['id']}",
        },
        **decimals({"amount": part["amount"], "discount": part["discount"]}),
    }


def _check(books: Books, contact: str, part: Record) -> None:
    invoice = books.find("sales_invoices", part["artefact_id"])
    if invoice["contact_id"] != contact:
        raise invalid("Couldn't find Customer.")
    if invoice["status"] not in PAYABLE:
        raise invalid("You can only pay unpaid or part-paid invoices.")
    if part["amount"] + part["discount"] > outstanding(books, invoice):
        raise invalid("The amount is more than the outstanding amount.", "allocated_artefacts.amount")

"""Payments by customers and refunds to them: what they settle, and what is left over on account."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from local.vendors.sage_accounting import rates, unused
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import invalid
from local.vendors.sage_accounting.fields import BodyContext, Field, read
from local.vendors.sage_accounting.settlement import (
    INVOICES,
    ON_ACCOUNT,
    PAYABLE,
    REFUND,
    allocations_of,
    artefact,
    is_refund,
    outstanding,
    payments_of,
    received,
    settle_paid,
)
from local.vendors.sage_accounting.shapes import decimals, shown, stamped
from local.vendors.sage_accounting.tables import ALLOCATION, PAYMENT
from local.vendors.sage_accounting.values import rounded

_TYPES = ("CUSTOMER_RECEIPT", REFUND)


def create(books: Books, body: Mapping[str, Any], key: str | None = None) -> Record:
    values = read(
        BodyContext(books, "contact_payment", True), (*PAYMENT, Field("allocated_artefacts", "raw")), body
    )
    given = values.pop("allocated_artefacts", None) or []
    if values["transaction_type_id"] not in _TYPES:
        raise invalid("This transaction type cannot be used for a customer.", "transaction_type_id")
    if values["total_amount"] <= 0:
        raise invalid("The amount must be more than zero.", "total_amount")
    context = BodyContext(books, "contact_payment", True, "allocated_artefacts.")
    parts = [{"id": uuid4().hex, "discount": Decimal(0), **read(context, ALLOCATION, one)} for one in given]
    left = values["total_amount"] - sum((part["amount"] for part in parts), Decimal(0))
    if left < 0:
        raise invalid("The allocations are more than the payment.", "allocated_artefacts")
    for part in parts:
        _check(books, values, part)
    record = books.insert(
        "contact_payments",
        {
            "exchange_rate": Decimal(1),
            "currency_id": None,
            **values,
            "allocations": parts,
            "displayed_as": values.get("reference") or "Payment",
            "on_account": None,
        },
        key,
    )
    if left:
        books.change(record, {"on_account": _on_account(books, record, left)}, touch=False)
    for part in parts:
        settle_paid(books, part["artefact_id"])
    return record


def pay(books: Books, invoice: Record, amount: Decimal, discount: Decimal, more: Decimal, day: str) -> Record:
    """A receipt for one invoice as a person enters it: `amount` and `discount` of it, and `more` on
    account."""
    part = {"artefact_id": invoice["id"], "amount": amount, "discount": discount}
    return create(books, _entered(books, invoice, "CUSTOMER_RECEIPT", amount + more, part, day))


def refund(books: Books, document: Record, amount: Decimal, day: str) -> Record:
    """Money paid back to the customer."""
    part = {"artefact_id": document["id"], "amount": amount}
    return create(books, _entered(books, document, REFUND, amount, part, day))


def _entered(books: Books, of: Record, kind: str, total: Decimal, part: Record, day: str) -> Record:
    return {
        "transaction_type_id": kind,
        "contact_id": of["contact_id"],
        "date": day,
        "total_amount": total,
        "bank_account_id": next(iter(books.table("bank_accounts"))),
        "currency_id": of["currency_id"],
        "exchange_rate": of["exchange_rate"],
        "allocated_artefacts": [part],
    }


def delete(books: Books, record: Record, query: Mapping[str, str]) -> None:
    kept = record["on_account"]
    if kept and (allocations_of(books, kept) or payments_of(books, kept)):
        raise invalid("You cannot delete a payment on account that is allocated or refunded.")
    books.remove(record)
    if kept:
        books.remove(books.find(ON_ACCOUNT, kept))
    for part in record["allocations"]:
        settle_paid(books, part["artefact_id"])


# ---------------------------------------------------------------- showing


def shape(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    allocated = [
        {
            "id": part["id"],
            "artefact": shown_artefact(books, part["artefact_id"]),
            **decimals({"amount": part["amount"], "discount": part["discount"]}),
        }
        for part in record["allocations"]
    ]
    found = (
        stamped("contact_payments", record)
        | unused.PAYMENT
        | shown(books, PAYMENT, record)
        | _sums(books, record)
    )
    kept = books.stored(ON_ACCOUNT, record["on_account"])
    return found | {
        "links": [],
        "deleted_at": record["deleted_at"],
        "editable": True,
        "allocated_artefacts": allocated,
        "payment_on_account": shape_on_account(books, kept) if kept else None,
    }


def shape_on_account(books: Books, record: Record) -> Record:
    left = outstanding(books, record)
    rate = rates.to_base(books, record["exchange_rate"])
    return {
        **stamped(ON_ACCOUNT, record),
        "contact_name": books.display("contacts", record["contact_id"]),
        "contact_reference": "",
        "contact": books.reference("contacts", record["contact_id"]),
        "date": record["date"],
        "reference": record["reference"],
        "currency": books.reference("currencies", record["currency_id"]),
        "status": books.reference("artefact_statuses", record["status"]),
        **_sums(books, record),
        **decimals({"outstanding_amount": left, "base_currency_outstanding_amount": rounded(left * rate)}),
        "exchange_rate": rates.text(record["exchange_rate"]),
    }


def shown_artefact(books: Books, key: str) -> Record:
    """Sage has no address for payments on account, and does not say which path it gives for one."""
    resource = next(one for one in (*_DOCUMENTS, ON_ACCOUNT) if books.stored(one, key))
    found = books.reference(resource, key) or {}
    if resource == ON_ACCOUNT and not books.options.on_account_path:
        return {**found, "$path": None}
    return found


_DOCUMENTS = ("sales_invoices", "sales_credit_notes")


def rows_of(books: Books, record: Record) -> list[Record]:
    """`payments_allocations` of a document."""
    paid = [_payment_row(books, one, part) for one, part in payments_of(books, record["id"])]
    return paid + [_allocation_row(books, one, part) for one, part in allocations_of(books, record["id"])]


def _payment_row(books: Books, payment: Record, part: Record) -> Record:
    negative = is_refund(payment) and bool(books.stored(INVOICES, part["artefact_id"]))
    sign = -1 if negative and books.options.refund_amounts == "negative" else 1
    return _row(books, "contact_payments", payment, part) | {
        "negative_payment": negative,
        **decimals({"amount": part["amount"] * sign, "discount": part["discount"]}),
    }


def _allocation_row(books: Books, allocation: Record, part: Record) -> Record:
    return _row(books, "contact_allocations", allocation, part) | decimals(
        {"amount": abs(part["amount"]), "discount": Decimal(0)}
    )


def _row(books: Books, resource: str, one: Record, part: Record) -> Record:
    kind = resource.removesuffix("s")
    return {
        "links": [],
        "date": one["date"],
        "type": kind,
        "reference": one.get("reference") or "",
        "displayed_as": one["displayed_as"],
        "negative_payment": False,
        "stripe_transaction_id": None,
        "artefact": shown_artefact(books, part["artefact_id"]),
        "contact_payment": None,
        "contact_allocation": None,
        kind: books.reference(resource, one["id"]),
    }


def _sums(books: Books, record: Record) -> Record:
    total = record["total_amount"]
    base = rounded(total * rates.to_base(books, record["exchange_rate"]))
    return decimals(
        {
            "net_amount": total,
            "tax_amount": Decimal(0),
            "total_amount": total,
            "base_currency_net_amount": base,
            "base_currency_tax_amount": Decimal(0),
            "base_currency_total_amount": base,
        }
    )


# ---------------------------------------------------------------- steps


def _on_account(books: Books, payment: Record, left: Decimal) -> str:
    """What a payment leaves over: its own document, which can be allocated later."""
    if is_refund(payment):
        raise invalid("A refund must be allocated in full.", "allocated_artefacts")
    if books.options.plan == "Start":
        raise invalid("Payments on account are not available.", "total_amount")
    made = books.insert(
        ON_ACCOUNT,
        {
            "contact_id": payment["contact_id"],
            "date": payment["date"],
            "reference": payment.get("reference") or "",
            "total_amount": left,
            "currency_id": payment["currency_id"] or books.options.base_currency,
            "exchange_rate": payment["exchange_rate"],
            "status": "UNPAID",
            "displayed_as": f"Payment on account {payment['displayed_as']}",
        },
    )
    return str(made["id"])


def _check(books: Books, values: Mapping[str, Any], part: Record) -> None:
    resource, document = artefact(books, part["artefact_id"])
    if document["contact_id"] != values["contact_id"]:
        raise invalid("Couldn't find Customer.")
    if part["amount"] < 0 or part["discount"] < 0 or part["amount"] + part["discount"] == 0:
        raise invalid("The amount must be more than zero.", "allocated_artefacts.amount")
    if values["transaction_type_id"] == REFUND and resource == INVOICES:
        _check_refund(books, document, part)
        return
    if resource != INVOICES and values["transaction_type_id"] != REFUND:
        raise invalid("A receipt can be allocated to invoices only.", "allocated_artefacts.artefact_id")
    if document["status"] not in PAYABLE:
        raise invalid("You can only pay unpaid or part-paid invoices.")
    if part["amount"] + part["discount"] > outstanding(books, document):
        raise invalid("The amount is more than the outstanding amount.", "allocated_artefacts.amount")


def _check_refund(books: Books, invoice: Record, part: Record) -> None:
    if part["discount"]:
        raise invalid("A refund has no discount.", "allocated_artefacts.discount")
    if part["amount"] > received(books, invoice):
        raise invalid("The refund is more than was paid.", "allocated_artefacts.amount")

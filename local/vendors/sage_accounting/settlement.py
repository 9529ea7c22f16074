"""How much of a document is settled, and the status that follows.

A document ("artefact") is an invoice, a credit note or a payment on account. Invoices are settled by
receipts, with their discounts, and by allocations, less refunds; the other two by allocations and refunds.
"""

from decimal import Decimal

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import not_found

PAYABLE = ("UNPAID", "PART_PAID")
INVOICES, CREDIT_NOTES, ON_ACCOUNT = "sales_invoices", "sales_credit_notes", "payments_on_account"
ARTEFACTS = (INVOICES, CREDIT_NOTES, ON_ACCOUNT)
REFUND = "CUSTOMER_REFUND"


def artefact(books: Books, key: str) -> tuple[str, Record]:
    """(resource, record) of a living document. Raises Refused."""
    for resource in ARTEFACTS:
        found = books.stored(resource, key)
        if found is not None and not found["deleted_at"]:
            return resource, found
    raise not_found(books.options.bad_reference_status)


def payments_of(books: Books, key: str) -> list[tuple[Record, Record]]:
    """(payment, its part) for each valid payment of the document."""
    return _parts(books, "contact_payments", key)


def allocations_of(books: Books, key: str) -> list[tuple[Record, Record]]:
    """(allocation, its part) for each valid allocation of the document."""
    return _parts(books, "contact_allocations", key)


def _parts(books: Books, resource: str, key: str) -> list[tuple[Record, Record]]:
    return [
        (one, part)
        for one in books.live(resource)
        for part in one["allocations"]
        if part["artefact_id"] == key
    ]


def is_refund(payment: Record) -> bool:
    return bool(payment["transaction_type_id"] == REFUND)


def settle_paid(books: Books, key: str) -> None:
    """The status that follows from payments and allocations."""
    _, record = artefact(books, key)
    paid = total_paid(books, record)
    status = "UNPAID" if paid == 0 else "PAID" if paid >= record["total_amount"] else "PART_PAID"
    books.change(record, {"status": status}, touch=books.options.payment_touch)


def total_paid(books: Books, record: Record) -> Decimal:
    """Payments, allocations and discounts, as Sage has it."""
    taken = sum((abs(part["amount"]) for _, part in allocations_of(books, record["id"])), Decimal(0))
    back = -1 if "invoice_number" in record else 1  # a refund settles what the customer had to his credit
    for payment, part in payments_of(books, record["id"]):
        taken += (part["amount"] + part["discount"]) * (back if is_refund(payment) else 1)
    return taken


def received(books: Books, record: Record) -> Decimal:
    """What was paid of an invoice by payments of its own, less what was refunded."""
    return sum(
        (
            -part["amount"] if is_refund(one) else part["amount"]
            for one, part in payments_of(books, record["id"])
        ),
        Decimal(0),
    )


def outstanding(books: Books, record: Record) -> Decimal:
    return record["total_amount"] - total_paid(books, record) if record["status"] in PAYABLE else Decimal(0)

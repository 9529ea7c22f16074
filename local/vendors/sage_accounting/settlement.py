"""How much of an invoice is paid, and the status that follows."""

from decimal import Decimal

from local.vendors.sage_accounting.books import Books, Record

PAYABLE = ("UNPAID", "PART_PAID")


def payments_of(books: Books, invoice: str) -> list[tuple[Record, Record]]:
    """(payment, its allocation) for each valid payment of the invoice."""
    return [
        (one, part)
        for one in books.live("contact_payments")
        for part in one["allocations"]
        if part["artefact_id"] == invoice
    ]


def settle_paid(books: Books, record: Record) -> None:
    """The status that follows from the payments."""
    paid = total_paid(books, record)
    status = "UNPAID" if paid == 0 else "PAID" if paid >= record["total_amount"] else "PART_PAID"
    books.change(record, {"status": status}, touch=books.options.payment_touch)


def total_paid(books: Books, record: Record) -> Decimal:
    return sum((one["amount"] + one["discount"] for _, one in payments_of(books, record["id"])), Decimal(0))


def outstanding(books: Books, record: Record) -> Decimal:
    return record["total_amount"] - total_paid(books, record) if record["status"] in PAYABLE else Decimal(0)

"""What a person does to settle an invoice, each at a press of a button."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting import allocations, credit_notes, payments, seed
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.settlement import outstanding

Body = Mapping[str, Any]


def pay(books: Books, invoice: Record, body: Body) -> None:
    """{"amount", "discount", "on_account", "date"}: all that is outstanding, today."""
    discount = _amount(body, "discount")
    amount = _amount(body, "amount", outstanding(books, invoice) - discount)
    payments.pay(books, invoice, amount, discount, _amount(body, "on_account"), _day(books, body))


def refund(books: Books, invoice: Record, body: Body) -> None:
    """{"amount", "date"}: money paid back."""
    payments.refund(books, invoice, _amount(body, "amount"), _day(books, body))


def credit(books: Books, invoice: Record, body: Body) -> None:
    """{"amount", "account"}: a credit note of a nominal account (4000), set against the invoice."""
    amount = _amount(body, "amount", outstanding(books, invoice))
    nominal = seed.account_id(books.business.id, int(body.get("account") or 4000))
    made = credit_notes.credit(books, invoice, amount, nominal)
    allocations.allocate(books, invoice, made["id"], amount)


def allocate(books: Books, invoice: Record, body: Body) -> None:
    """{"from", "amount"}: an existing credit note or payment on account, set against the invoice."""
    allocations.allocate(
        books, invoice, str(body["from"]), _amount(body, "amount", outstanding(books, invoice))
    )


SETTLING: Mapping[str, Callable[[Books, Record, Body], None]] = {
    "pay": pay,
    "refund": refund,
    "credit": credit,
    "allocate": allocate,
}


def _amount(body: Body, name: str, default: Decimal = Decimal(0)) -> Decimal:
    given = body.get(name)
    return default if given in (None, "") else Decimal(str(given))


def _day(books: Books, body: Body) -> str:
    return str(body.get("date") or books.clock.now().date().isoformat())

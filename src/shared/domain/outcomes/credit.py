"""What the line of a run says of the customers' credit positions, and why an order is past a limit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shared.domain.titles import title
from shared.domain.wording import counted, words


def passed(read: int, moved: int, written: int) -> str:
    return f"{counted(read, 'customer')} read, {moved} moved, {counted(written, 'account')} written"


def no_fields(crm: str, fields: Sequence[str]) -> str:
    return (
        f"{title(crm)} has no field for the credit position ({', '.join(fields)}): make those that you want, "
        "or switch it off with credit = false under [account]"
    )


def left_out(crm: str, fields: Sequence[str]) -> str:
    return f"left out, because {title(crm)} has no such field: {', '.join(fields)}"


def not_kept(ledger: str, fields: Sequence[str]) -> str:
    return f"left blank, because {title(ledger)} does not keep it: {', '.join(map(words, fields))}"


def in_another_currency(ledger: str, customers: Sequence[str]) -> str:
    return (
        f"amounts left blank of {counted(len(customers), 'customer')} whose account in {title(ledger)} is in "
        f"another currency: {_some(customers)}"
    )


def refused(crm: str, reasons: Mapping[str, str]) -> str:
    """`reasons`: customer -> why."""
    first = next(iter(reasons.values()))
    return f"{title(crm)} did not take the position of {_some(list(reasons))}: {first}"


def to_be_continued(left: int) -> str:
    return f"{counted(left, 'customer')} left for the next pass"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def sum_of(balance: Decimal, others: Decimal, worth: Decimal, total: Decimal, limit: Decimal) -> str:
    return (
        f"Balance {balance:.2f}, ordered and not invoiced yet {others:.2f}, this order {worth:.2f}: together "
        f"{total:.2f}, and the limit is {limit:.2f}."
    )


def not_known(ledger: str, customer: str) -> str:
    return f"{title(ledger)} does not say what customer {customer} owes, nor what its limit is: look there"


def foreign_limit(ledger: str, customer: str) -> str:
    return (
        f"the account of customer {customer} in {title(ledger)} is in another currency, so its limit "
        "cannot be compared: order it in the ledger yourself, or leave it"
    )


def no_worth() -> str:
    return "what this order comes to is not known before it is made, so it cannot be compared with the limit"

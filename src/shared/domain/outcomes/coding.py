"""Tax that the ledger's own records leave open: named, so that nobody signs a return over it unseen."""

from collections.abc import Iterable

from shared.domain.titles import title


def abroad_by_item(customer: str, country: str, own: str | None, codes: Iterable[str]) -> str:
    """`codes`: each line's number and the code that it got from its item. `own`: the customer's code."""
    theirs = f"the customer's own is {own}" if own else "the customer has none of its own"
    return (
        f"the customer {customer} is abroad ({country}), and “Use default” is not ticked for its tax code in "
        f"Sage, so the item's counts ({', '.join(codes)}; {theirs}): tick it if the customer's is right"
    )


def abroad_at_a_rate(customer: str, country: str, code: str, rate: str) -> str:
    """A line without an item of its own takes the customer's code, and that one charges VAT abroad."""
    return (
        f"the customer {customer} is abroad ({country}), and its tax code in Sage is {code}, {rate} %: "
        "correct it there if no VAT should be charged"
    )


def by_rate_alone(number: int, rate: str, code: str, others: Iterable[str], ledger: str) -> str:
    """Neither the item nor the customer has a code of this rate, and several have it."""
    return (
        f"line {number}: {rate} % is {code} in {title(ledger)}, because neither the item nor the customer "
        f"has a code of that rate there; it could also be {', '.join(others)}"
    )


def item_by_rate_alone(rate: str, code: str, others: Iterable[str], ledger: str) -> str:
    """A product or service gets a code in the ledger, and several have its rate."""
    return (
        f"its tax of {rate} % is {code} in {title(ledger)}, and could also be {', '.join(others)}: its "
        "invoices take that code, so correct it there if it is another"
    )

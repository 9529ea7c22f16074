"""Prices in another currency than the company's own: the ledger's price lists are in that one, so a figure in
another says nothing there.

A connector shows such a price as a text that says so, which is refused by name.
"""

import re

_MARKED = re.compile(r"(\S+) (\S+), not (\S+)")


def marked(amount: str, currency: str, own: str) -> str:
    """How a price in `currency` shows where the company's own is `own`."""
    return f"{amount} {currency}, not {own}"


def refusal(path: str, value: str) -> str:
    """The sentence about such a price; "" for any other value."""
    found = _MARKED.fullmatch(value)
    if found is None:
        return ""
    amount, currency, own = found.groups()
    return f"The price is in {currency}: {path} is {amount} {currency}. Give it a price in {own}."

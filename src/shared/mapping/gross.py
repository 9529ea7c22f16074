"""Prices that include VAT: the price without it, where there is one that gives exactly the same again.

A connector shows what has none as a text that says so, which is refused by name.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_MARKED = re.compile(r"(\S+) including (?:(\S+) % )?VAT")


def net_of(gross: Decimal, rate: Decimal) -> Decimal | None:
    """The amount in pence to which `rate` per cent, in pence, add up to `gross`; None where none does."""
    guess = _pence(gross / (1 + rate / 100))
    for net in (guess, guess - _CENT, guess + _CENT):
        if gross_of(net, rate) == gross:
            return net
    return None


def gross_of(net: Decimal, rate: Decimal) -> Decimal:
    return net + _pence(net * rate / 100)


def marked(amount: str, rate: Decimal | None) -> str:
    """How a price shows that includes VAT and has no exact net; `rate` is None where nobody knows it."""
    return f"{amount} including {f'{rate.normalize():f} % ' if rate is not None else ''}VAT"


def refusal(path: str, value: str) -> str:
    """The sentence about such a price; "" for any other value."""
    found = _MARKED.fullmatch(value)
    if found is None:
        return ""
    why = (
        f"no price without it gives exactly that at {found[2]} %: enter the price without VAT, or change it "
        "by a penny"
        if found[2]
        else "its rate is not known: give it a tax rate, or enter the price without VAT"
    )
    return f"Prices that include VAT: {path} is {found[1]} with VAT, and {why}."


def _pence(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)

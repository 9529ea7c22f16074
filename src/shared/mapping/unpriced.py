"""The lines of a document that the ledger prices itself: what they say on their way there, and whether they
have come back with prices. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.outcomes import offers
from shared.mapping.coding import MESSAGE_LINE
from shared.mapping.offers import quantity_of, sold

View = Mapping[str, Any]
_ZERO = Decimal(0)
_LEDGERS = ("unit_price", "discount", "net", "tax")
"""What a line costs is the ledger's to say; its tax code and nominal are chosen as for every other line."""


def asked(
    lines: Sequence[View], codes: Sequence[str], products: Mapping[str, View], ledger: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines at a price of nothing, to have their tax chosen, and a sentence for each price of the CRM's
    that does not count. Shapes and errors as in `mapping.offers.offered`."""
    made, said = [], []
    for number, (line, code) in enumerate(zip(lines, codes, strict=True), 1):
        product = sold(number, code, products.get(code), ledger)
        quantity_of(number, line)
        if entered := offers.entered(line.get("unit_price"), line.get("discount")):
            said.append(offers.not_counted(number, code, entered, ledger))
        words = line.get("description") or product.get("name")
        made.append({**line, "sku": code, "description": words, "unit_price": _ZERO, "discount": _ZERO})
    return made, said


def without_prices(lines: Sequence[View]) -> list[dict[str, Any]]:
    """As they go to the ledger."""
    return [{name: value for name, value in line.items() if name not in _LEDGERS} for line in lines]


def lacking(lines: Sequence[View]) -> list[int]:
    """Numbers of the lines that the ledger gave no price."""
    return [
        number
        for number, line in enumerate(lines, 1)
        if line.get("sku") != MESSAGE_LINE and (line.get("unit_price") or _ZERO) <= 0
    ]


def given(lines: Sequence[View], codes: Sequence[str], ledger: str) -> list[str]:
    """A sentence for each line about what the ledger asks for it."""
    return [
        offers.given(number, code, line.get("unit_price") or _ZERO, line.get("discount") or _ZERO, ledger)
        for number, (line, code) in enumerate(zip(lines, codes, strict=True), 1)
        if line.get("sku") != MESSAGE_LINE
    ]

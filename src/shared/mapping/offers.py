"""The lines of a quotation with the prices that the ledger has for them. Pure.

What people entered as price or discount in the CRM does not count, and is named where it differs.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.domain.outcomes import offers
from shared.domain.rules import Rule
from shared.mapping.faults import RuleRefused
from shared.mapping.price_discounts import Discount, discount_of
from shared.mapping.price_sources import Price, PriceSources
from shared.mapping.rules import Pricing

View = Mapping[str, Any]
_CENT = Decimal("0.01")
_ZERO = Decimal(0)


def offered(
    lines: Sequence[View],
    codes: Sequence[str],
    products: Mapping[str, View],
    sources: PriceSources,
    customer: View,
    bands: Mapping[str, Mapping[int, Any]],
    pricing: Pricing,
    ledger: str,
) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines with unit_price, discount, comment and sku, and a sentence for each about what was used.

    `codes`: the ledger's code of each line's product; `products`: code -> canonical product. Raises
    RuleRefused for a product that is not sold any more, a line without a quantity, and a price that is not
    certain.
    """
    made, said = [], []
    for number, (line, code) in enumerate(zip(lines, codes, strict=True), 1):
        product = sold(number, code, products.get(code), ledger)
        quantity = quantity_of(number, line)
        price = sources.of(number, code, product)
        discount = Discount(_ZERO, "")
        if price.source in pricing.discounts_on:
            discount = discount_of(
                number, quantity, customer, bands.get(code, {}), pricing.both_discounts, ledger
            )
        entered = _entered(line, price, discount)
        said.append(offers.used(number, code, price.amount, price.said, discount.said, entered))
        made.append(_priced(line, code, product, price, discount))
    return made, said


def _entered(line: View, price: Price, discount: Discount) -> str:
    """What somebody had entered, where it is another price or discount."""
    own, off = line.get("unit_price"), line.get("discount")
    return offers.entered(own if own != price.amount else None, off if off != discount.rate else None)


def _priced(line: View, code: str, product: View, price: Price, discount: Discount) -> dict[str, Any]:
    return {
        **line,
        "sku": code,
        "description": line.get("description") or product.get("name"),
        "unit_price": price.amount,
        "discount": discount.rate,
        "comment": offers.on_line(price.said, discount.said),
    }


def sold(number: int, code: str, product: View | None, ledger: str) -> View:
    """Raises RuleRefused for a product that the ledger lacks, or does not sell any more."""
    if product is None:
        raise RuleRefused(
            Rule.ITEM,
            "lines.product",
            code,
            f"Line {number}: {ledger} has no product {code}: choose another one.",
        )
    if product.get("inactive"):
        raise RuleRefused(
            Rule.ITEM,
            "lines.product",
            code,
            f"Line {number}: the product {code} is inactive in {ledger}: choose another one, or make it "
            "active there.",
        )
    return product


def quantity_of(number: int, line: View) -> Decimal:
    """Raises RuleRefused for a line without one."""
    value = line.get("quantity")
    if value is None or value <= 0:
        raise RuleRefused(
            Rule.LINES,
            "lines.quantity",
            value,
            f"Line {number}: the quantity is {'blank' if value is None else value}: enter one above zero.",
        )
    return Decimal(value)


def totals(lines: Sequence[View]) -> tuple[Decimal, Decimal]:
    """(net, tax) of priced lines as the ledger adds them up: each line rounded to pence, net and tax."""
    net = tax = _ZERO
    for line in lines:
        left = 1 - (line.get("discount") or _ZERO) / 100
        worth = _pence((line.get("quantity") or _ZERO) * (line.get("unit_price") or _ZERO) * left)
        net, tax = net + worth, tax + _pence(worth * (line.get("tax_rate") or _ZERO) / 100)
    return net, tax


def _pence(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)

"""A discount on an order line, stated in per cent or as an amount, in the ledger's terms.

Sage 50 takes a discount of a line in per cent, with four places. An amount that no such percentage gives to
the penny goes into the unit price instead, so that the line comes to what the customer saw.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.domain.rules import Rule
from shared.mapping.faults import RuleRefused, shown

_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_PLACES = Decimal("0.0001")


def line_net(line: Mapping[str, Any], rounding: str = "ROUND_HALF_UP") -> Decimal | None:
    """What a line comes to, in pence, net or gross as its price is; None where a figure is missing."""
    quantity, price = line.get("quantity"), line.get("unit_price")
    if quantity is None or price is None:
        return None
    percent, off = _stated(line)
    left: Decimal = (Decimal(quantity) * Decimal(price) * (1 - percent / _HUNDRED)).quantize(_CENT, rounding)
    return left - off


def _stated(line: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """(per cent, amount) that are taken off."""
    percent, off = line.get("discount") or Decimal(0), line.get("discount_amount") or Decimal(0)
    return (percent + off, Decimal(0)) if line.get("discount_in_percent") else (percent, off)


def in_ledger_terms(
    number: int, line: Mapping[str, Any], notes: list[str], rounding: str = "ROUND_HALF_UP"
) -> dict[str, Any]:
    """The line with its discount in per cent alone. Raises RuleRefused for one that is larger than the
    price."""
    made = {name: value for name, value in line.items() if not name.startswith("discount_")}
    if not line.get("discount_amount"):
        return made
    percent, off = _stated(line)
    wanted = line_net(line, rounding)
    if wanted is None:
        return made
    whole = Decimal(line["quantity"]) * Decimal(line["unit_price"])
    if whole > 0 and wanted < 0:
        what = shown(off or percent)
        why = f"Line {number}: the discount {what} is larger than the price: correct one of them."
        raise RuleRefused(Rule.PRICING, "lines.discount_amount", off or percent, why)
    if not off:
        return {**made, "discount": percent}
    rate = ((whole - wanted) * _HUNDRED / whole).quantize(_PLACES, rounding) if whole else Decimal(0)
    if line_net({**made, "discount": rate}, rounding) == wanted:
        return {**made, "discount": rate.normalize() if rate % 1 else rate.quantize(Decimal(1))}
    return _in_the_price(number, made, wanted, off, notes, rounding)


def _in_the_price(
    number: int, made: dict[str, Any], wanted: Decimal, off: Decimal, notes: list[str], rounding: str
) -> dict[str, Any]:
    for places in range(2, 7):
        unit = (wanted / Decimal(made["quantity"])).quantize(Decimal(1).scaleb(-places), rounding)
        if line_net({**made, "discount": None, "unit_price": unit}, rounding) == wanted:
            notes.append(f"line {number}: the discount of {shown(off)} is in the price, {shown(unit)} each")
            return {**made, "discount": Decimal(0), "unit_price": unit}
    why = (
        f"Line {number}: neither a percentage nor a price with six decimal places gives {shown(wanted)} "
        f"after the discount of {shown(off)}; split the line."
    )
    raise RuleRefused(Rule.PRICING, "lines.discount_amount", off, why)

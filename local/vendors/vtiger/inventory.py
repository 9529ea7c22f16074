"""The arithmetic of quotes, orders and invoices, stored with eight decimals.

What comes through the API is added up unrounded; the screen rounds each line and each tax to two places
before it adds them up. A group document takes its rates from the first line, whatever the others say. In an
individual one a line's tax counts only if it is switched on for the product; a line that names no tax gets
the product's rates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from local.vendors.vtiger.server import Line, VtigerServer
from local.vendors.vtiger.values import number

_PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Totals:
    subtotal: Decimal
    pre_tax: Decimal
    grand: Decimal


def line_net(line: Mapping[str, Any]) -> Decimal:
    """Quantity times price less the line's discount; if there are two discounts, the amount is used."""
    total = number(line["listprice"]) * number(line["quantity"])
    amount = number(line["discount_amount"] or 0)
    return total - (amount or total * number(line["discount_percent"] or 0) / 100)


def product_taxes(server: VtigerServer, product: Any) -> dict[str, str]:
    record = server.live(product)
    return record.taxes if record else {}


def line_taxes(server: VtigerServer, line: Line) -> dict[str, Decimal]:
    """The amount of each tax included on a line of a document with individual tax."""
    net, enabled = line_net(line), product_taxes(server, line["productid"])
    return {name: net * number(line.get(name) or 0) / 100 for name in enabled}


def discount_of(values: Mapping[str, str | None], subtotal: Decimal) -> Decimal:
    """The document's discount; if there are two, the amount is used."""
    amount = number(values.get("hdnDiscountAmount") or 0)
    return amount if amount > 0 else subtotal * number(values.get("hdnDiscountPercent") or 0) / 100


def totals(
    server: VtigerServer, values: Mapping[str, str | None], lines: Sequence[Line], by_form: bool = False
) -> Totals:
    def counted(amount: Decimal) -> Decimal:
        return amount.quantize(_PENNY, ROUND_HALF_UP) if by_form else amount

    net = sum((counted(line_net(line)) for line in lines), Decimal(0))
    shipping, adjustment = number(values.get("hdnS_H_Amount") or 0), number(values.get("txtAdjustment") or 0)
    if values.get("hdnTaxType") == "individual":
        taxes = (amount for line in lines for amount in line_taxes(server, line).values())
        tax = sum(map(counted, taxes), Decimal(0))
        discount = discount_of(values, net + tax)
        return Totals(net + tax, net - discount + shipping, net + tax - discount + shipping + adjustment)
    base = net - discount_of(values, net)
    rates = (
        sum((number(lines[0].get(name) or 0) for name in server.tax_names()), Decimal(0))
        if lines
        else Decimal(0)
    )
    return Totals(net, base + shipping, base + shipping + base * rates / 100 + adjustment)

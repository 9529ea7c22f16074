"""Invoices as both systems hold them: made up, always the same, from tidy ones to all that pennies can be
lost on."""

import random
from decimal import Decimal
from typing import Any

from bench.invoices.books import PENCE, half_up, sage_net, sage_tax, sage_total, scaled, vtiger_stored

RATES = {"": "0", "tax1": "20", "tax2": "5", "tax3": "17.5"}
CODES = {"GB_ZERO": "0", "GB_STANDARD": "20", "GB_LOWER": "5", "GB_OLD": "17.5"}
PRODUCTS = 50
"""As many products, and as many services, that both systems know."""
_TIDY, _PENNIES, _FINE = "tidy", "pennies", "fine"

Values = dict[str, Any]


def _dice(system: str, number: int) -> tuple[random.Random, str, int]:
    dice = random.Random(f"{system} {number}")
    kind = dice.choices((_TIDY, _PENNIES, _FINE), (5, 3, 2))[0]
    longest = dice.choices((6, 40, 500), (6, 3, 1))[0]
    return dice, kind, dice.randint(1, longest)


def _quantity(dice: random.Random, kind: str) -> Decimal:
    if kind == _FINE and dice.random() < 0.5:
        return Decimal(dice.randint(-20_000, 200_000)).scaleb(-3)
    return Decimal(dice.choice((1, 1, 1, 2, 3, 5, 10, 12, 144, -1, -2)))


def _price(dice: random.Random, kind: str, most: int) -> Decimal:
    """Tidy ones are even pounds, on which each rate makes whole pence."""
    if kind == _TIDY:
        return Decimal(2 * dice.randint(0, 600))
    places = 2 if kind == _PENNIES else dice.randint(0, most)
    return Decimal(dice.randint(0, 2000 * 10**places)).scaleb(-places)


def _text(value: Decimal, places: int) -> str:
    return format(value.quantize(Decimal(1).scaleb(-places)), "f")


# ------------------------------------------------------------ Vtiger


def vtiger_invoice(number: int) -> Values:
    """As the API answers, with `LineItems` as they stand there."""
    dice, kind, count = _dice("vtiger", number)
    lines = [_vtiger_line(dice, kind, position) for position in range(1, count + 1)]
    shipping = (
        Decimal(dice.randint(0, 4_000_000)).scaleb(-5 if kind == _FINE else -2)
        if dice.random() < 0.2
        else Decimal(0)
    )
    adjustment = Decimal(dice.randint(-500, 500)).scaleb(-2) if dice.random() < 0.02 else Decimal(0)
    taxed = [{**line, "tax": _rate(line)} for line in lines]
    return {
        "subject": f"Invoice {number}",
        "account_id": "11x1",
        "invoicedate": "2026-11-20",
        "currency_id": "21x1",
        "conversion_rate": "1.000",
        "invoicestatus": "Created",
        "received": "0.00000000",
        "bill_street": "1 High Street",
        "hdnTaxType": "group" if dice.random() < 0.01 else "individual",
        "hdnDiscountPercent": "",
        "hdnDiscountAmount": "",
        "txtAdjustment": _text(adjustment, 8),
        "hdnS_H_Amount": _text(shipping, 8),
        "LineItems": lines,
        "hdnSubTotal": _eight(vtiger_stored(taxed)),
        "hdnGrandTotal": _eight(vtiger_stored(taxed, shipping, adjustment)),
    }


def _vtiger_line(dice: random.Random, kind: str, position: int) -> Values:
    quantity, price = _quantity(dice, kind), _price(dice, kind, 5)
    service, tax = dice.random() < 0.3, dice.choice([*RATES])
    line = {
        "productid": f"{26 if service else 14}x{dice.randint(1, PRODUCTS)}",
        "sequence_no": str(position),
        "entity_type": "Services" if service else "Products",
        "product_name": "Item",
        "comment": f"Line {position}",
        "quantity": _text(quantity, 3),
        "listprice": _text(price, 8),
        "discount_percent": "",
        "discount_amount": "",
        **{name: "0.000" for name in RATES if name},
    }
    if tax:
        line[tax] = _text(Decimal(RATES[tax]), 3)
    if dice.random() < 0.15:
        line |= _discount(dice, quantity * price, kind)
    return line


def _discount(dice: random.Random, gross: Decimal, kind: str) -> Values:
    if dice.random() < 0.5:
        return {
            "discount_percent": dice.choice(("100.000", "50.000", "10.000" if kind == _TIDY else "12.500"))
        }
    share = dice.choice((Decimal(1), Decimal("0.5"), Decimal("0.25")))
    return {
        "discount_amount": _text(
            (gross * share).quantize(Decimal(1) if kind == _TIDY else Decimal("0.01")), 8
        )
    }


def _rate(line: Values) -> Decimal:
    return sum((Decimal(line[name]) for name in RATES if name), Decimal(0))


def _eight(stored: int) -> str:
    return format(Decimal(stored).scaleb(-8), "f")


# ------------------------------------------------------------ Sage


def sage_invoice(number: int) -> Values:
    """As a reading of Sage Accounting is: prices in pence, tax line by line."""
    dice, kind, count = _dice("sage", number)
    lines = [_sage_line(dice, kind, position) for position in range(1, count + 1)]
    shipping = _money(dice.randint(0, 4000)) if dice.random() < 0.2 else "0.0"
    shipping_tax = "0.8" if dice.random() < 0.02 else "0.0"
    total = sage_total(lines, shipping) + scaled(shipping_tax, PENCE)
    return {
        "displayed_as": f"SI-{number}",
        "number": str(number),
        "contact_id": "c1",
        "date": "2026-11-20",
        "due_date": "2026-12-20",
        "reference": "",
        "currency_id": "GBP",
        "exchange_rate": "1.0",
        "status_id": "DRAFT",
        "total_paid": "0.0",
        "outstanding_amount": _money(total),
        "shipping_net_amount": shipping,
        "shipping_tax_amount": shipping_tax,
        "total_amount": _money(total),
        "main_address/address_line_1": "1 High Street",
        "main_address/address_line_2": "",
        "invoice_lines": lines,
    }


def _sage_line(dice: random.Random, kind: str, position: int) -> Values:
    quantity, price = _quantity(dice, kind), _price(dice, kind, 2)
    item = f"{dice.choice(('p', 'p', 's'))}{dice.randint(1, PRODUCTS)}" if dice.random() < 0.9998 else ""
    line = {
        "product_id": item if item[:1] == "p" else "",
        "service_id": item if item[:1] == "s" else "",
        "description": f"Line {position}",
        "quantity": format(quantity, "f"),
        "unit_price": format(price, "f"),
        "discount_amount": "0.0",
        "tax_rate_id": dice.choice([*CODES]),
    }
    gross = sage_net(line)
    if dice.random() < 0.15:
        off = gross * dice.choice((1, 2, 4)) // 4
        line["discount_amount"] = _money(half_up(off, PENCE) * PENCE if kind == _TIDY else off)
    penny = dice.choice((-1, 1)) if dice.random() < 0.0005 else 0
    return {**line, "tax_amount": _money(sage_tax(sage_net(line), CODES[line["tax_rate_id"]]) + penny)}


def _money(pennies: int) -> str:
    return format(Decimal(pennies).scaleb(-2), "f")

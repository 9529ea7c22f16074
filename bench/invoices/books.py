"""What each system makes of an invoice, in whole numbers and without a line of Tieout's own arithmetic.

Vtiger adds up exactly, stores eight decimals and shows two. Sage rounds the unit price to pence, then the
line; the tax of a line is what was sent with it. Halves go away from zero in both.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

PENCE = 100
_QUANTITY, _PRICE, _SHARE = 10**3, 10**5, 10**5
"""Places that Vtiger keeps: three of a quantity, five of a price, three of a percentage (and two for per
cent)."""
_EXACT = _QUANTITY * _PRICE * _SHARE * _SHARE
_STORED = 10**8

Values = Mapping[str, Any]


def vtiger_stored(lines: Sequence[Values], shipping: Any = 0, adjustment: Any = 0) -> int:
    """Grand total in hundred-millionths. A line has quantity, listprice, discount_amount or discount_percent,
    and its tax."""
    exact = (scaled(shipping, _STORED) + scaled(adjustment, _STORED)) * (_EXACT // _STORED)
    return half_up(exact + sum(map(_vtiger_line, lines)), _EXACT // _STORED)


def vtiger_shown(lines: list[Values], shipping: Any = 0) -> int:
    """Grand total in pence, as people see it."""
    return half_up(vtiger_stored(lines, shipping), _STORED // PENCE)


def _vtiger_line(line: Values) -> int:
    gross = scaled(line["quantity"], _QUANTITY) * scaled(line["listprice"], _PRICE) * _SHARE
    if scaled(line.get("discount_amount"), _STORED):
        net = gross - scaled(line["discount_amount"], _STORED) * _SHARE
    else:
        net = gross - gross // _SHARE * scaled(line.get("discount_percent"), _SHARE // 100)
    return net * (_SHARE + scaled(line["tax"], _SHARE // 100))


def sage_total(lines: Sequence[Values], shipping: Any = 0) -> int:
    """Total in pence. A line has quantity, unit_price, discount_amount and tax_amount."""
    return scaled(shipping, PENCE) + sum(sage_net(line) + scaled(line["tax_amount"], PENCE) for line in lines)


def sage_net(line: Values) -> int:
    price = half_up(scaled(line["unit_price"], _STORED), _STORED // PENCE)
    return half_up(scaled(line["quantity"], _QUANTITY) * price, _QUANTITY) - scaled(
        line.get("discount_amount"), PENCE
    )


def sage_tax(net: int, rate: Any) -> int:
    """The tax that belongs on a line: its net in pence times the rate, rounded."""
    return half_up(net * scaled(rate, _SHARE // 100), _SHARE)


def half_up(value: int, unit: int) -> int:
    """`value` in whole `unit`s."""
    whole = (2 * abs(value) + unit) // (2 * unit)
    return whole if value >= 0 else -whole


def scaled(value: Any, unit: int) -> int:
    """A number as whole parts of `unit` to one. Raises ArithmeticError where it has more places than that."""
    exact = Decimal(value or 0) * unit
    whole = int(exact)
    if whole != exact:
        raise ArithmeticError(f"{value} has more places than a system keeps")
    return whole

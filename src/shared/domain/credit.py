"""How much of a debt is overdue, in pounds and pence. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_PENNY, _NOTHING = Decimal("0.01"), Decimal("0.00")


def pence(amount: Decimal) -> Decimal:
    return amount.quantize(_PENNY, ROUND_HALF_UP) + _NOTHING  # no minus before nothing


def overdue_of(late: Decimal, balance: Decimal) -> Decimal:
    """`late`: what is late of single items. What the customer has to his credit besides makes it less."""
    return max(_NOTHING, min(pence(late), pence(balance)))


def late_of(items: Sequence[tuple[str, Decimal]], balance: Decimal, today: str) -> Decimal:
    """Overdue by (due day, outstanding) of the open invoices, days in ISO form. The balance is less than
    these by what is not allocated yet, credit notes and payments on account: that pays what is late
    first."""
    late = sum((left for day, left in items if day and day < today), _NOTHING)
    unallocated = max(_NOTHING, sum((left for _, left in items), _NOTHING) - balance)
    return overdue_of(late - unallocated, balance)

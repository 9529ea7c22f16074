"""An order's totals in the currency of the order itself, in which its prices are; and whether a document is
in another currency than the company's. Pure.

Sage keeps two sets: `itemsNet` and `itemsTax` in the company's own currency, `foreignItemsNet` and
`foreignItemsTax` in the order's. Everybody else knows an order by what the customer pays, so its totals are
shown as that. Rows of a search may hold the first set alone: then they show no totals, and the order itself
is read.
"""

from decimal import Decimal
from typing import Any

from shared.ports import Values

_TOTALS = ("itemsNet", "itemsTax", "itemsGross")
_UNKNOWN = ("", "0", "None")


def in_own_currency(values: Values, base: str) -> Values:
    """The values with the totals of the order's own currency; without any where these are not told."""
    if not foreign(values, base) or not any(name in values for name in _TOTALS):
        return values
    net, tax = values.get("foreignItemsNet"), values.get("foreignItemsTax")
    if not isinstance(net, Decimal) or not isinstance(tax, Decimal):
        return {name: value for name, value in values.items() if name not in _TOTALS}
    if not net and values.get("itemsNet"):
        return values  # this site fills in one set only
    own: dict[str, Any] = {"itemsNet": net, "itemsTax": tax, "itemsGross": net + tax}
    return {**values, **{name: amount for name, amount in own.items() if name in values}}


def lacks_totals(values: Values, base: str) -> bool:
    """Whether these are of an order in another currency whose totals only a single read tells."""
    return foreign(values, base) and "itemsNet" not in values


def foreign(values: Values, base: str) -> bool:
    return str(values.get("currency")) not in (*_UNKNOWN, base)

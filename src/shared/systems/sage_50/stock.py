"""What is kept in stock: item type 0 alone. The service gives the others a quantity of 0 all the same, which
would read as "none left"."""

from shared.ports import Values

_NO_STOCK = (1, 2)
"""Non-stock and service items. Where an old release does not tell the type, the quantities stay."""
_QUANTITIES = ("qtyInStock", "qtyAllocated", "qtyOnOrder")


def where_it_applies(values: Values) -> Values:
    if values.get("itemType") not in _NO_STOCK:
        return values
    return {**values, **dict.fromkeys([name for name in _QUANTITIES if name in values])}

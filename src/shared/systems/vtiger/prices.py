"""The price of a product or service in the base currency.

`unit_price` is in the item's own currency, `currency_id`; beside it stands a price for each further currency
that somebody filled in, as `currency1` for the currency 21x1.
"""

from collections.abc import Mapping
from typing import Any

from shared.mapping.other_currency import marked
from shared.systems.vtiger.reference import Reference
from shared.systems.vtiger.values import decimal_of, native, plain

PRICE, CURRENCY = "unit_price", "currency_id"


def price_of(raw: Mapping[str, Any], reference: Reference) -> str:
    """In the base currency; a text that says which currency it is in where there is no such price."""
    price, foreign = native(raw.get(PRICE)), foreign_currency(raw, reference)
    if not foreign or not decimal_of(price):
        return price
    base = reference.base_currency()
    own = native(raw.get(f"currency{native(base.get('id')).rpartition('x')[2]}"))
    if decimal_of(own):
        return own
    return marked(plain(decimal_of(price)), foreign, native(base.get("currency_code")).upper() or "your own")


def foreign_currency(raw: Mapping[str, Any], reference: Reference) -> str:
    """The code of the item's currency where that is not the base; "" where it is, or nobody can tell."""
    own = native(raw.get(CURRENCY))
    base = native(reference.base_currency().get("id")) if own else ""
    return (reference.currency_code(own) or own) if base and own != base else ""

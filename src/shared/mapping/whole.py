"""Texts that mean something only as a whole: a reference or an address that was cut is another one."""

from typing import Any

from shared.mapping.faults import FieldUnreadable, shown
from shared.mapping.numbers import Spot

KEYS = frozenset(
    {
        "reference",
        "number",
        "customer_ref",
        "account_ref",
        "vat_number",
        "email",
        "sku",
        "supplier_part",
        "barcode",
        "postcode",
        "billing_postcode",
        "delivery_postcode",
    }
)
"""Canonical fields that are never cut. Too long for the other system, they are left out and told."""


def refuse_cut(value: Any, spot: Spot) -> FieldUnreadable:
    """For a key that is longer than the `spot.max` characters of its native field."""
    why = (
        f"“{shown(value)}” has {len(value)} characters, and {spot.path} takes {spot.max}; it is not cut, "
        "for it would name something else"
    )
    return FieldUnreadable(
        spot.field, spot.path, value, f"at most {spot.max} characters", words=f"{why}: shorten it."
    )

"""The tax code and the nominal of a new line as the ledger itself chooses them.

Sage 50 takes the customer's own where the customer's record says so (its box "Use default"), otherwise the
item's own, otherwise the customer's default. A line without an item of its own takes the customer's.
"""

from collections.abc import Mapping
from typing import Any, Literal

View = Mapping[str, Any]

MESSAGE_LINE = "M"
"""Sage's code for a line of text without price."""
SPECIAL = frozenset({MESSAGE_LINE, "S1", "S2", "S3"})
"""Codes of Sage 50 that name no record of an item."""


def item_of(line: View) -> str:
    """The code under which the ledger has a record of what this line sells, in capitals; "" for none."""
    code = str(line.get("sku") or "").strip().upper()
    return "" if code in SPECIAL else code


def ledgers_own(
    name: Literal["tax_code", "nominal"], line: View, customer: View, item: View | None
) -> str | None:
    """What the line itself states, else what the ledger would choose; None where nothing of it says one.

    `customer` and `item` are canonical; `item` is None where the ledger has no such record.
    """
    if line.get(name):
        return str(line[name])
    own = customer.get(name)
    if own and (customer.get(f"{name}_always") or not item_of(line)):
        return str(own)
    return (item or {}).get(name) or own or None

"""How a quotation of Sage 50 stands: `state`, our own native name, because Sage's status has no code for
"expired" and a won one is an order from then on. Pure.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shared.errors import RecordRejected
from shared.ports import Values

QUOTE = 9
MESSAGE = "M"
"""Stock code of a line of text, which has no price."""
_OPEN, _WON, _LOST, _INVALID = 1, 2, 3, 4
_STATES = {"draft": _OPEN, "open": _OPEN, "won": _WON, "lost": _LOST}


def with_state(values: Values, today: date) -> Values:
    """A quotation's values with `state` and `itemsGross`, where a single read shows them."""
    made = dict(values)
    if "orderType" in values and "quoteStatus" in values:
        made["state"] = _state(values, today)
    net, tax = values.get("itemsNet"), values.get("itemsTax")
    if isinstance(net, Decimal) and isinstance(tax, Decimal):
        made["itemsGross"] = net + tax
    return made


def _state(values: Values, today: date) -> str:
    """What is an order by now was won: Sage turns a quotation into an order in place, under its number."""
    if values["orderType"] != QUOTE or values["quoteStatus"] == _WON:
        return "won"
    if values["quoteStatus"] == _LOST:
        return "lost"
    if values["quoteStatus"] == _INVALID:
        return "invalid"
    expiry = str(values.get("quoteExpiry") or "")
    return "expired" if expiry and expiry < today.isoformat() else "open"


def sent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Raises RecordRejected for a state that only Sage gives."""
    made = {name: value for name, value in values.items() if name not in ("state", "itemsGross")}
    if "state" not in values:
        return made
    state = str(values["state"] or "")
    if state not in _STATES:
        raise RecordRejected(
            f"Sage 50 does not take “{state}” as the status of a quotation: an expired one gets a later "
            "expiry date there first"
        )
    return {**made, "quoteStatus": _STATES[state]}


def unpriced(values: Mapping[str, Any]) -> dict[str, Any]:
    """A new document whose lines name no price asks Sage to fill in what they lack: the price, and with it
    the discount, of which those lines say nothing. Other lines stay."""
    lines = values.get("invoiceItems") or ()
    if not any(_lacks_price(line) for line in lines):
        return dict(values)
    kept = [
        {name: value for name, value in line.items() if name != "discount" or not _lacks_price(line)}
        for line in lines
    ]
    return {**values, "invoiceItems": kept, "orderItemsDataFromStockItemData": True}


def _lacks_price(line: Mapping[str, Any]) -> bool:
    return line.get("unitPrice") is None and line.get("stockCode") != MESSAGE

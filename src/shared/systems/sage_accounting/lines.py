"""Invoice lines, both ways: as eight simple names in a snapshot, and as Sage expects them in a body.

Sage treats a missing tax amount as zero and does not compute it, so the line's own amount is always sent.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.errors import RecordRejected
from shared.systems.sage_accounting import ledgers
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.fields import LINE_NAMES
from shared.systems.sage_accounting.values import blank, number, reference, sent, text

_PENNY = Decimal("0.01")


def shown(line: Mapping[str, Any]) -> dict[str, Any]:
    """Exactly `LINE_NAMES`, as text."""
    return {
        "product_id": reference(line.get("product")),
        "service_id": reference(line.get("service")),
        "description": text(line.get("description")),
        "quantity": text(line.get("quantity")),
        "unit_price": text(line.get("unit_price")),
        "discount_amount": _discount(line),
        "tax_rate_id": reference(line.get("tax_rate")),
        "tax_amount": text(line.get("tax_amount")),
    }


def written(context: SageContext, lines: Any) -> list[dict[str, Any]]:
    """The whole array, each line with its ledger account. Raises RecordRejected for lines that cannot be
    read."""
    if (
        not isinstance(lines, Sequence)
        or isinstance(lines, str)
        or not all(isinstance(one, Mapping) for one in lines)
    ):
        raise RecordRejected("invoice_lines of an invoice must be a list of lines")
    return [_line(context, one) for one in lines]


def _line(context: SageContext, line: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in line if name not in (*LINE_NAMES, "ledger_account_id")]
    if unknown:
        raise RecordRejected(
            f"an invoice line has no {', '.join(sorted(unknown))}: use {', '.join(LINE_NAMES)}"
        )
    body = {name: sent(value, name) for name, value in line.items() if not blank(value)}
    if number(body.get("discount_amount")) == 0:
        body.pop("discount_amount", None)
    if "ledger_account_id" not in body:
        body["ledger_account_id"] = ledgers.of_line(
            context, str(body.get("product_id", "")), str(body.get("service_id", ""))
        )
    return body


def _discount(line: Mapping[str, Any]) -> str:
    """The amount, worked out if Sage has only a percentage."""
    amount, share = number(line.get("discount_amount")), number(line.get("discount_percentage"))
    quantity, price = number(line.get("quantity")), number(line.get("unit_price"))
    if amount or not share or quantity is None or price is None:
        return text(line.get("discount_amount"))
    return format((quantity * price * share / 100).quantize(_PENNY, ROUND_HALF_UP), "f")

"""What may be below zero: a document never, for that is a credit note; a line where the ledger takes it.

Sage 50 takes negative lines on invoices, and on quotations that become invoices, but not on orders, and asks
of every document that its total stays positive (reference: Sage's knowledge base).
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shared.domain.rules import Rule
from shared.mapping.faults import RuleRefused, shown

_ZERO = Decimal(0)


def refuse_credit(total: Decimal, field: str, target: str) -> None:
    """Raises RuleRefused (held) when a document would be made in `target`, a system's title, with a total
    below zero."""
    if total < 0:
        raise RuleRefused(
            Rule.CREDIT_NOTE,
            field,
            total,
            f"The total is {shown(total)}: what is below zero is a credit note. Enter it in {target} as "
            "a credit note, or correct the lines.",
            held=True,
        )


def refuse_negative_lines(lines: Iterable[Mapping[str, Any]], target: str, document: str) -> None:
    """Raises RuleRefused (held) for the first line below zero, where `target` takes none on such a
    `document`."""
    for number, line in enumerate(lines, 1):
        quantity, price = line.get("quantity") or _ZERO, line.get("unit_price") or _ZERO
        if quantity < 0 or price < 0:
            worth = shown((quantity * price).quantize(Decimal("0.01")))
            raise RuleRefused(
                Rule.NEGATIVE_LINE,
                "lines.unit_price" if price < 0 else "lines.quantity",
                price if price < 0 else quantity,
                f"Line {number} is below zero ({worth}), and {target} takes no such line on a {document}: "
                "give it as a discount of another line, or enter it as a credit note.",
                held=True,
            )

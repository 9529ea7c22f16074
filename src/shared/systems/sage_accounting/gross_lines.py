"""Invoice lines whose unit price includes tax, shown with the unit price that gives their net amount exactly.

Sage states the net amount of each line. Where no unit price in pence gives it, or the line has a discount
too, the price is shown as a text that says so, and is refused by name.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.mapping.gross import marked
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.values import number, reference, text

_CENT = Decimal("0.01")


def shown_net(
    facts: Facts, raw: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """`lines` as they are shown, beside `raw`, Sage's own JSON of each."""
    return [
        {**line, "unit_price": _net_unit(facts, own)}
        if own.get("unit_price_includes_tax") is True
        else {**line}
        for own, line in zip(raw, lines, strict=True)
    ]


def _net_unit(facts: Facts, line: Mapping[str, Any]) -> str:
    quantity, net = number(line.get("quantity")), number(line.get("net_amount"))
    if quantity and net is not None and not number(line.get("discount_amount")):
        unit = (net / quantity).quantize(_CENT, ROUND_HALF_UP)
        if (unit * quantity).quantize(_CENT, ROUND_HALF_UP) == net:
            return text(unit)
    return marked(text(line.get("unit_price")), facts.percentage(reference(line.get("tax_rate"))))

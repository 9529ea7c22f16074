"""What of a document was paid, and how."""

from collections.abc import Mapping
from decimal import Decimal

from shared.domain.titles import title

SETTLED = ("received", "credited", "discounted", "settled_otherwise")
_WORDS = {
    "received": "received",
    "credited": "credited",
    "discounted": "discounted",
    "settled_otherwise": "settled otherwise",
}


def settled(system: str, label: str, amounts: Mapping[str, Decimal], outstanding: Decimal, by: str) -> str:
    """`amounts` by the names of `SETTLED`; `by` names credit notes and what is neither money nor credit."""
    total = sum(amounts.values(), outstanding)
    parts = [f"{amounts[name]:.2f} {_WORDS[name]}" for name in SETTLED if name == "received" or amounts[name]]
    named = f" ({by})" if by else ""
    return (
        f"{title(system)} {label}: of {total:.2f}, {', '.join(parts)}, {outstanding:.2f} outstanding{named}"
    )

"""What a flow requires of a record before anything is written, and its prices in the ledger's terms.

`unmet_condition` and `price` are offered here too, so that the engine imports the checks from one place.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from shared.domain.rules import FlowRule
from shared.mapping.conditions import unmet_condition
from shared.mapping.faults import RuleRefused, shown
from shared.mapping.pricing import price
from shared.mapping.rules import Requirement

__all__ = ["KEPT", "price", "refuse", "unmet_condition"]

View = Mapping[str, Any]


def refuse(requirements: Iterable[Requirement], view: View, references: Mapping[str, View]) -> None:
    """Raises RuleRefused for the first requirement, in the order of the file, that the record does not meet.

    `references` holds the canonical view of each referenced record by the reference's name. `{value}` and
    `{wanted}` in a message are replaced by the value found and the value asked for.
    """
    for item in requirements:
        found = _value(item.field, view, references)
        wanted = _value(str(item.value), view, references) if item.rule == "equals" else item.value
        if not KEPT[item.rule](found, wanted):
            message = item.message.replace("{value}", shown(found)).replace("{wanted}", _listed(wanted))
            raise RuleRefused(FlowRule(item.name), item.field, found, message, held=item.hold)


def _value(field: str, view: View, references: Mapping[str, View]) -> Any:
    name, dot, rest = field.partition(".")
    return references.get(name, {}).get(rest) if dot else view.get(field)


def _listed(wanted: Any) -> str:
    return ", ".join(wanted) if isinstance(wanted, tuple) else shown(wanted)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


KEPT: dict[str, Callable[[Any, Any], bool]] = {
    "present": lambda found, wanted: found not in (None, "", []),
    "positive": lambda found, wanted: found is not None and found > 0,
    "not_negative": lambda found, wanted: found is None or found >= 0,
    "max_places": lambda found, wanted: found is None or _places(found) <= wanted,
    "at_most": lambda found, wanted: found is None or found <= wanted,
    "equals": lambda found, wanted: found is not None and found == wanted,
    "one_of": lambda found, wanted: found in wanted,
    "is_false": lambda found, wanted: not found,
    "is_zero": lambda found, wanted: not found,
    "within_credit": lambda found, wanted: (
        True
    ),  # asked right before the record is made, and not of what was read
}
"""Rule -> whether what was found keeps it, given what is wanted."""

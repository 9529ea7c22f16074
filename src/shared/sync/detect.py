"""What one side shows of each field, compared with what was agreed and with what it showed before.

A field changed on a side when its value differs from what was seen there and from that side's form of base.
This one rule is both change detection and echo suppression; clocks have no part in it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from shared.domain.link import Base, Side
from shared.domain.record import record

State = Literal["has", "changed", "same", "first"]


@record
class FieldState:
    """`has`: shows its form of base. `changed`: a person edited it. `same`: as seen before. `first`: never
    compared."""

    value: Any
    state: State
    behind: bool

    def __init__(self, value: Any, state: State, behind: bool) -> None:
        own = self.__dict__
        own["value"], own["state"], own["behind"] = value, state, behind


def field_states(
    side: Side,
    view: Mapping[str, Any],
    seen: Mapping[str, Any],
    base: Mapping[str, Base],
    norm: Callable[[str, Any], Any],
) -> dict[str, FieldState]:
    """One FieldState per field of `view`. `seen` is the canonical view of `side.seen` under the present
    rules."""
    return {name: _field_state(side, name, value, seen, base.get(name), norm) for name, value in view.items()}


def _field_state(
    side: Side,
    name: str,
    value: Any,
    seen: Mapping[str, Any],
    base: Base | None,
    norm: Callable[[str, Any], Any],
) -> FieldState:
    if base is None:
        return FieldState(value, "first", False)
    behind = side.rev.get(name, -1) < base.rev
    if (value == base.value and name in seen and value == seen[name]) or value == norm(name, base.value):
        return FieldState(value, "has", behind)
    if name not in seen:
        return FieldState(value, "first", behind)
    return FieldState(value, "changed" if value != seen[name] else "same", behind)

"""Whether the stack's clock ticks often enough for the intervals that the settings name."""

from typing import Any

from shared.domain.wording import words
from shared.ports import Finding
from shared.settings import EVERY, Integration

_PARAMETER = "PollMinutes"


def tick_findings(stack: Any, integration: Integration) -> list[Finding]:
    """A warning that says what to set. Nothing where nobody knows how often the clock ticks: a stack that is
    not there yet, or rights that do not suffice to see it."""
    ticks = str(getattr(stack, "parameters", {}).get(_PARAMETER, ""))
    if not ticks.isdecimal() or not integration.intervals:
        return []
    shortest = min(integration.intervals.values())
    if shortest >= int(ticks):
        return []
    named = sorted(name for name, minutes in integration.intervals.items() if minutes < int(ticks))
    lists = ", ".join("all others" if name == EVERY else words(name) for name in named)
    do = (
        f"run `tieout down` and `tieout up`, which sets {_PARAMETER} to {shortest}"
        if stack.endpoint
        else f"deploy it with {_PARAMETER}={shortest}"
    )
    said = f"The clock of this stack ticks every {ticks} minutes, and no list is polled more often: {lists}."
    return [Finding("warning", "intervals", f"{said} For {shortest} minutes, {do}.")]

"""What one poll of one list came to."""

from collections import Counter
from dataclasses import dataclass, field

from shared.operations.numbers import SetAside

BUDGET = 2000
"""How many records one poll may queue; the next one finds the rest."""


@dataclass
class Polled:
    read: int = 0
    queued: int = 0
    woken: int = 0
    stopped: str = ""
    preview: bool = False
    """Stopped only because the integration is not live, which is no reason for an alarm."""
    limited: bool = False
    """Stopped only because the calls that the settings allow are used up: it goes on by itself."""
    asks: bool = False
    """A person is asked about missing records of this list."""
    admitted: bool = False
    most: int = BUDGET
    whole: bool = False
    """The list was read to its end, and nothing is left for the next poll."""
    aside: SetAside = field(default_factory=SetAside)
    copies: bool = False
    """Nothing goes onto a queue: `notes` say what was done, and without any there is no row."""
    notes: list[str] = field(default_factory=list)
    outside: Counter[str] = field(default_factory=Counter)
    """Records that the list's own condition on this native field leaves out, and that came all the same."""

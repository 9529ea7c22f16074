"""Which outcomes leave something to do, and which are how the flow is meant to be."""

from shared.domain.link import Outcome, OutcomeKind
from shared.domain.rules import Rule

OPEN: tuple[OutcomeKind, ...] = ("failed", "held", "skipped", "waiting")
"""What may be open, what needs a person most first. A parked record goes on by itself."""
NEED_A_PERSON: tuple[OutcomeKind, ...] = ("failed", "held")
"""What nothing but a person moves on."""
_MEANT = frozenset(
    {
        Rule.WHERE,
        Rule.DIRECTION,
        Rule.NOT_LIVE,
        Rule.LOOKUP_ONLY,
        Rule.LEFT_OUT,
        Rule.DELETED,
        Rule.DELETES,
        Rule.MOVED,
        Rule.TURNED,
        Rule.ELSEWHERE,
        Rule.NO_ORDER,
    }
)
"""A record that is skipped by one of these is where the settings, or its owner, put it."""


def is_open(outcome: Outcome | None) -> bool:
    """Whether somebody has to correct, decide or enter something before all is well with this record."""
    if outcome is None or outcome.kind not in OPEN:
        return False
    return outcome.kind != "skipped" or outcome.rule not in _MEANT

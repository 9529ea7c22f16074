"""What a person said about two records that look alike. It is kept, and asked for once only."""

from datetime import datetime
from typing import Literal

from shared.domain.record import record

Verdict = Literal["same", "different"]


@record
class Decision:
    """`one` and `other` are (system, record id) of two systems, in the order of the systems' names. `run_id`
    names the occasion, so that all that was said on it can be undone together."""

    entity: str
    one: tuple[str, str]
    other: tuple[str, str]
    verdict: Verdict
    run_id: str
    at: datetime
    earlier: tuple[tuple[Verdict, str], ...] = ()
    """(verdict, run id) of what was said of them before, the last word first: an undo brings it back, and it
    can be undone in its turn."""

    @property
    def ids(self) -> dict[str, str]:
        """system -> record id"""
        return dict((self.one, self.other))


def decision(entity: str, ids: dict[str, str], verdict: Verdict, run_id: str, at: datetime) -> Decision:
    """`ids`: system -> record id, of both."""
    one, other = sorted(ids.items())
    return Decision(entity, one, other, verdict, run_id, at)

"""What a person said about two records that look alike. It is kept, and asked for once only."""

from datetime import datetime
from typing import Literal

from shared.domain.record import record


@record
class Decision:
    """`one` and `other` are (system, record id) of two systems, in the order of the systems' names. `run_id`
    names the occasion, so that all that was said on it can be undone together."""

    entity: str
    one: tuple[str, str]
    other: tuple[str, str]
    verdict: Literal["same", "different"]
    run_id: str
    at: datetime
    before: Literal["", "same", "different"] = ""
    """What was said of them before, for an undo."""

    @property
    def ids(self) -> dict[str, str]:
        """system -> record id"""
        return dict((self.one, self.other))


def decision(
    entity: str, ids: dict[str, str], verdict: Literal["same", "different"], run_id: str, at: datetime
) -> Decision:
    """`ids`: system -> record id, of both."""
    one, other = sorted(ids.items())
    return Decision(entity, one, other, verdict, run_id, at)

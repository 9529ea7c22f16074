"""The port that keeps what people said about look-alikes."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.decision import Decision


class DecisionStore(Protocol):
    """At most one decision about a pair; the last one counts. They never expire."""

    def put(self, decisions: Sequence[Decision]) -> None: ...
    def of(self, entity: str) -> list[Decision]:
        """Strongly consistent."""
        ...

    def remove(self, decisions: Sequence[Decision]) -> None: ...

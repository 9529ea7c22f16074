"""The port to the messages that their queue has given up."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from shared.domain.record import record
from shared.settings import ENTITIES

QUEUES = (*ENTITIES, "poll", "sweep")


@record
class Letter:
    """`body` as it was sent. `group`: the integration that it names as its group, "" for none."""

    id: str
    queue: str
    body: str
    group: str = ""
    sent_at: datetime | None = None
    receives: int = 0


class DeadLetters(Protocol):
    """Those of the whole stack. Looking at one leaves it where it is."""

    def counts(self) -> dict[str, int]:
        """Queue -> roughly how many."""
        ...

    def address(self, queue: str) -> str: ...
    def peek(self, queue: str, most: int) -> list[Letter]: ...
    def replay(self, queue: str, ids: Collection[str]) -> int:
        """Puts these back on the queue they came from; how many of them were still there. An interruption
        may leave one in both places, which does no harm: a message is only a hint."""
        ...

    def drop(self, queue: str, ids: Collection[str]) -> int: ...

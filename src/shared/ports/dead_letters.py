"""The port to the messages that their queue has given up."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from shared.domain.record import record
from shared.settings import ENTITIES

QUEUES = (*ENTITIES, "poll", "sweep")
LOOKED, SECONDS = 1_000, 10.0
"""Messages of one queue, and seconds, that are looked through for what is wanted."""


@record
class Letter:
    """`body` as it was sent. `group`: the integration that it names as its group, "" for none."""

    id: str
    queue: str
    body: str
    group: str = ""
    sent_at: datetime | None = None
    receives: int = 0


@record
class Looked:
    """`looked_at`: messages of the queue that were seen, those of others included. `more`: the looking ended
    before the queue did."""

    letters: tuple[Letter, ...]
    looked_at: int
    more: bool = False


class DeadLetters(Protocol):
    """Those of the whole stack. Looking at one leaves it where it is."""

    def counts(self) -> dict[str, int]:
        """Queue -> roughly how many."""
        ...

    def address(self, queue: str) -> str: ...
    def look(
        self, queue: str, wanted: Callable[[Letter], bool] = ..., most: int = ..., seconds: float = ...
    ) -> Looked:
        """Those that are wanted, `most` at most, among at most `LOOKED` messages and in about so many
        seconds."""
        ...

    def replay(self, queue: str, ids: Collection[str]) -> int:
        """Puts these back on the queue they came from; how many of them were still there. An interruption
        may leave one in both places, which does no harm: a message is only a hint."""
        ...

    def drop(self, queue: str, ids: Collection[str]) -> int: ...

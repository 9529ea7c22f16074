"""Dead letters in SQS: looked at without being taken, sent back to their queue, or deleted, one by one.

Looking hides a letter for a moment from everybody else; it is shown again when the look ends.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.cli._queues import source
from local.stack.target import Target
from shared.ports.dead_letters import Letter
from shared.stores.aws_dead_letters import letter_of
from shared.stores.queue_in_hand import QueueInHand
from shared.stores.queue_in_hand import in_hand as hold

HIDDEN_SECONDS = 60
MOST = 2_000
"""Looked at in one go, of each queue."""


@dataclass
class Held:
    """A letter in hand: nobody else sees it until it is let go. `message`: of SQS."""

    letter: Letter
    message: Any
    queue: QueueInHand


@contextmanager
def in_hand(target: Target, queues: Sequence[str]) -> Iterator[list[Held]]:
    """All letters of these queues, the oldest first within each. Those that are neither sent back nor deleted
    are let go at the end."""
    sqs = target.client("sqs")
    with ExitStack() as looked_at:
        found = []
        for name in queues:
            queue = looked_at.enter_context(hold(sqs, target.dead_letters(name), HIDDEN_SECONDS))
            held = [Held(letter_of(name, one), one, queue) for one in queue.messages(MOST)]
            found += sorted(held, key=lambda one: (one.letter.sent_at or datetime.now(UTC), one.letter.id))
        yield found


def send_back(target: Target, held: Held) -> None:
    held.queue.send_back(held.message, source(target, held.letter.queue))


def drop(held: Held) -> None:
    held.queue.delete(held.message)

"""When messages come back that a worker took and did not finish.

On AWS they stay invisible for the queue's visibility time-out (18 minutes), because nobody knows whether the
worker is still at it. Here the emulator itself ran the worker and saw it end, so they come back soon: after
5 seconds, then half a minute, then three. After that they are dead letters, as on AWS.
"""

from collections.abc import Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
LONGEST_DELAY = 900.0
"""Seconds; SQS delays nothing for longer, so a later time was written by a clock that was ahead."""


def pause(receives: int) -> float:
    """Seconds before the next try, after so many."""
    return float(min(LONGEST_DELAY, 5 * 6 ** max(0, receives - 1)))


def come_back(left: Iterable[Message], now: float) -> None:
    """What remains of a batch whose worker has ended; what is on the queue under another receipt is left
    alone."""
    for message in left:
        message["visible_at"] = min(message["visible_at"], now + pause(message["receive_count"]))


def put_back(messages: Iterable[Message], now: float) -> None:
    """At a start no worker runs: what was in hand is there at once, and delays are as long as they can be at
    most."""
    for message in messages:
        longest = now + (0 if message.get("receive_count") else LONGEST_DELAY)
        message["visible_at"] = min(message["visible_at"], longest)


def shift(messages: Iterable[Message], seconds: float) -> None:
    """The clock was put forward or back by so much: the rest of every delay stays as long as it was."""
    for message in messages:
        message["visible_at"] += seconds

"""Dead letters in SQS: looked at without being taken, sent back to their queue, or deleted, one by one.

Looking hides a letter for a moment from everybody else; it is shown again when the look ends.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.cli._queues import group_of, source
from local.stack.target import Target
from shared.ports.dead_letters import Letter
from shared.stores.aws_dead_letters import letter_of

HIDDEN_SECONDS = 60
MOST = 2_000
"""Looked at in one go, of each queue."""


@dataclass
class Held:
    """A letter in hand: nobody else sees it until it is let go. `message`: of SQS; `gone`: deleted."""

    letter: Letter
    message: Any
    url: str
    gone: bool = False


@contextmanager
def in_hand(target: Target, queues: Sequence[str]) -> Iterator[list[Held]]:
    """All letters of these queues, the oldest first within each. Those that are neither sent back nor deleted
    are let go at the end."""
    sqs = target.client("sqs")
    found = [one for queue in queues for one in _held(sqs, queue, target.dead_letters(queue))]
    try:
        yield found
    finally:
        for one in found:
            if not one.gone:
                _let_go(sqs, one)


def send_back(target: Target, held: Held) -> None:
    """Sent, and only then deleted: an interruption in between leaves it in both places, which does no
    harm."""
    sqs = target.client("sqs")
    url = source(target, held.letter.queue)
    sqs.send_message(QueueUrl=url, MessageBody=held.message["Body"], **group_of(held.message))
    drop(target, held)


def drop(target: Target, held: Held) -> None:
    target.client("sqs").delete_message(QueueUrl=held.url, ReceiptHandle=held.message["ReceiptHandle"])
    held.gone = True


def _held(sqs: Any, queue: str, url: str) -> list[Held]:
    found: dict[str, Held] = {}
    while len(found) < MOST and (messages := _receive(sqs, url)):
        new = [message for message in messages if message["MessageId"] not in found]
        found |= {message["MessageId"]: Held(letter_of(queue, message), message, url) for message in new}
        if not new:
            break
    return sorted(found.values(), key=lambda one: (one.letter.sent_at or datetime.now(UTC), one.letter.id))


def _receive(sqs: Any, url: str) -> list[Any]:
    found: list[Any] = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=HIDDEN_SECONDS,
        WaitTimeSeconds=0,
        MessageSystemAttributeNames=["MessageGroupId", "SentTimestamp"],
    ).get("Messages", [])
    return found


def _let_go(sqs: Any, held: Held) -> None:
    """One that came back by itself meanwhile, or that somebody else deleted, needs nothing."""
    try:
        sqs.change_message_visibility(
            QueueUrl=held.url, ReceiptHandle=held.message["ReceiptHandle"], VisibilityTimeout=0
        )
    except sqs.exceptions.ClientError:
        return

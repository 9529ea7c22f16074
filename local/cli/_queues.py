"""The queues as the commands see them: how many messages and dead letters there are, and moving dead letters
back."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from local.stack.target import Target
from shared.stores.queue_in_hand import in_hand

_WAITING = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)


_HIDDEN_SECONDS = 60


def depth(sqs: Any, url: str) -> int:
    """How many messages are visible, delayed or in flight."""
    return sum(depths(sqs, url))


def depths(sqs: Any, url: str) -> tuple[int, int, int]:
    """How many are visible, how many are put off, and how many a worker has in hand."""
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_WAITING))["Attributes"]
    visible, delayed, in_hand = (int(found[name]) for name in _WAITING)
    return visible, delayed, in_hand


def dead(target: Target, entity: str) -> int:
    return depth(target.client("sqs"), target.dead_letters(entity))


def poll_depth(target: Target) -> int:
    return depth(target.client("sqs"), target.outputs["PollQueue"])


def source(target: Target, entity: str) -> str:
    own = {"poll": "PollQueue", "sweep": "SweepQueue"}
    return target.outputs[own[entity]] if entity in own else target.queue(entity)


def move_back(target: Target, entity: str, moved: Callable[[int], None]) -> int:
    """Moves every dead letter of an entity (or of `poll`) back to its queue, and returns how many there were.
    `moved` is called with the number so far.

    On AWS, SQS itself moves them, as the redrive in its console does. Elsewhere each is sent, and only then
    deleted.
    """
    sqs, url, total = target.client("sqs"), target.dead_letters(entity), 0
    if target.endpoint is None:
        return _redrive(sqs, url, moved)
    with in_hand(sqs, url, _HIDDEN_SECONDS) as held:
        for message in held.messages(depth(sqs, url)):
            held.send_back(message, source(target, entity))
            total += 1
            moved(total)
    return total


def _redrive(sqs: Any, url: str, moved: Callable[[int], None]) -> int:
    """Starts the move, which SQS then finishes on its own. A move that is already running is left alone."""
    count = depth(sqs, url)
    if count == 0:
        return 0
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    try:
        sqs.start_message_move_task(SourceArn=arn)
    except ClientError as fault:
        if "already" not in str(fault).lower():
            raise
    moved(count)
    return count

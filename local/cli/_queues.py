"""The queues as the commands see them: how many messages and dead letters there are, and moving dead letters
back."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from local.stack.target import Target

_WAITING = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)


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

    On AWS, SQS itself moves them, as the redrive in its console does. Elsewhere each is received, sent, and
    only then deleted: an interruption between the last two leaves it in both places, which does no harm,
    because an event is only a hint.
    """
    sqs = target.client("sqs")
    if target.endpoint is None:
        return _redrive(sqs, target.dead_letters(entity), moved)
    total = 0
    url = target.dead_letters(entity)
    while depth(sqs, url) and (messages := _receive(sqs, url)):  # an empty queue is not waited for
        for message in messages:
            sqs.send_message(
                QueueUrl=source(target, entity), MessageBody=message["Body"], **group_of(message)
            )
            sqs.delete_message(QueueUrl=target.dead_letters(entity), ReceiptHandle=message["ReceiptHandle"])
        total += len(messages)
        moved(total)
    return total


def group_of(message: Mapping[str, Any]) -> dict[str, str]:
    """The group that the message was sent with, for `send_message`: it keeps its turn among the others."""
    group = message.get("Attributes", {}).get("MessageGroupId")
    return {"MessageGroupId": group} if group else {}


def _receive(sqs: Any, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=60,
        WaitTimeSeconds=1,
        MessageSystemAttributeNames=["MessageGroupId"],
    ).get("Messages", [])
    return found


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

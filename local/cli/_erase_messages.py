"""The person's messages: removed from the entities' queues and their dead letters. A function never may."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from local.cli._queues import group_of
from local.stack.target import Target
from shared.domain import codec
from shared.operations.erase_person import Subject
from shared.settings import ENTITIES

_HIDDEN_SECONDS = 120


def messages(target: Target) -> Callable[[Subject, bool], int]:
    """For `erase`: counts them, and removes them if told to. What only names the person goes on
    without what a poll had read of it."""
    sqs = target.client("sqs")
    queues = [url for entity in ENTITIES for url in (target.queue(entity), target.dead_letters(entity))]

    def look(one: Subject, change: bool) -> int:
        return sum(_queue(sqs, url, one, change) for url in queues)

    return look


def _queue(sqs: Any, url: str, one: Subject, change: bool) -> int:
    seen = list(_all(sqs, url))
    found = [message for message in seen if _tells(one, message["Body"])]
    if change:
        for message in found:
            if rest := _rest(one, message["Body"]):
                sqs.send_message(QueueUrl=url, MessageBody=rest, **group_of(message))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    for message in seen:
        if not change or message not in found:
            sqs.change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
    return len(found)


def _all(sqs: Any, url: str) -> Iterator[dict[str, Any]]:
    """Each once; they are hidden while they are looked at, and a worker takes those that come back."""
    seen: set[str] = set()
    while some := sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=_HIDDEN_SECONDS,
        MessageSystemAttributeNames=["MessageGroupId"],
    ).get("Messages", []):
        new = [message for message in some if message["MessageId"] not in seen]
        yield from new
        if not new:
            return
        seen |= {message["MessageId"] for message in new}


def _tells(one: Subject, body: str) -> bool:
    if one.eraser.found(body):
        return True
    try:
        return one.concerns(codec.event_in(body))
    except ValueError:
        return False


def _rest(one: Subject, body: str) -> str:
    """The hint about another record, without the snapshot; nothing for the person's own, and for what
    cannot be read."""
    try:
        event = codec.event_in(body)
    except ValueError:
        return ""
    if one.concerns(event):
        return ""
    return codec.dumps(replace(event, snapshot=None, observed_at=None, snapshot_version=None))

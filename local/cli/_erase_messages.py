"""The person's messages: removed from the entities' queues and their dead letters. A function never may."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from local.stack.target import Target
from shared.domain import codec
from shared.operations.erase_person import Subject
from shared.settings import ENTITIES
from shared.stores.queue_in_hand import in_hand

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
    """They are hidden while they are looked at, and a worker takes those that come back."""
    with in_hand(sqs, url, _HIDDEN_SECONDS) as held:
        found = [message for message in held.messages(sys.maxsize) if _tells(one, message["Body"])]
        for message in found if change else ():
            if rest := _rest(one, message["Body"]):
                held.send_back(message, url, rest)
            else:
                held.delete(message)
    return len(found)


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

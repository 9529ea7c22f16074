"""The message that tells the function that polls to do what a person asked for in the console."""

from collections.abc import Mapping
from typing import Any

from shared.domain.record import record
from shared.ports import PollQueue


@record
class Message:
    """It names what was asked for and holds nothing of it."""

    integration: str
    asked: str


def message_of(body: Mapping[str, Any]) -> Message | None:
    """None for a message of another kind."""
    return Message(body["integration"], body["asked"]) if "asked" in body else None


def send(queue: PollQueue, message: Message) -> None:
    """Raises Unavailable when it could not be put there."""
    queue.send([(message.integration, {"integration": message.integration, "asked": message.asked})])

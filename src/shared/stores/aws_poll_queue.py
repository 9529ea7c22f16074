"""The queue of `functions.poll_changes`, which all integrations share."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.stores._sending import Message, Sender


class AwsPollQueue:
    """`PollQueue`. `client` gives the client of SQS when it is first needed."""

    def __init__(self, client: Callable[[], Any], url: str) -> None:
        self._sender = Sender(client, url, "the queue of polls")

    def send(self, messages: Sequence[tuple[str, Mapping[str, str]]]) -> None:
        """1 request for 10 messages, and 1 for each repeat of those that failed."""
        self._sender.send([Message(json.dumps(dict(body)), group) for group, body in messages])

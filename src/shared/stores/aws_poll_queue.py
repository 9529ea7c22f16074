"""The queues of `functions.poll_changes` and `functions.reconcile`, which all integrations share."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.stores._messages import check_delay
from shared.stores._sending import Message, Sender


class AwsPollQueue:
    """`PollQueue`. `client` gives the client of SQS when it is first needed; `name` is what faults call the
    queue."""

    def __init__(self, client: Callable[[], Any], url: str, name: str) -> None:
        self._sender = Sender(client, url, name)

    def send(self, messages: Sequence[tuple[str, Mapping[str, str]]], delay_seconds: int = 0) -> None:
        """1 request for 10 messages, and 1 for each repeat of those that failed."""
        check_delay(delay_seconds)
        found = [Message(json.dumps(dict(body)), group) for group, body in messages]
        self._sender.send(found, delay_seconds)

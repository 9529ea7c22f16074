"""Change events on SQS, one standard queue for each entity. When `send` returns, the events are on the queue.

A snapshot over 64 KB is left out: the event stays a complete hint, and its handler reads the record itself.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from shared.domain.link import ChangeEvent
from shared.stores._faults import reaching
from shared.stores._messages import body, check_delay
from shared.stores._sending import Message, Sender

_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)


class AwsEventQueue:
    """`EventQueue` on the queues `{prefix}{entity}`. `client` gives the client when it is first needed;
    `pause` sleeps between attempts, in seconds."""

    def __init__(
        self, client: Callable[[], Any], prefix: str, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._pause = pause

    def send(self, events: Sequence[ChangeEvent], delay_seconds: int = 0) -> None:
        """1 request for 10 events of one entity (fewer when they are large), and 1 for each repeat of those
        that failed."""
        check_delay(delay_seconds)
        for entity in dict.fromkeys(event.entity for event in events):
            sender = Sender(self._client, self._prefix + entity, f"the queue for {entity}", self._pause)
            own = [Message(body(one), one.integration) for one in events if one.entity == entity]
            sender.send(own, delay_seconds)

    def depth(self, entity: str) -> int:
        """1 request."""
        with reaching("SQS"):
            answer = self._client().get_queue_attributes(
                QueueUrl=self._prefix + entity, AttributeNames=list(_COUNTS)
            )
        return sum(int(answer["Attributes"][name]) for name in _COUNTS)

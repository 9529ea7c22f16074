"""The dead-letter queues of SQS. A message is received to be looked at, and shown again at once."""

import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from shared.ports.dead_letters import LOOKED, QUEUES, SECONDS, Letter, Looked
from shared.settings import Environment
from shared.stores._faults import reaching
from shared.stores.queue_in_hand import QueueInHand, in_hand

_COUNTED = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_HIDDEN_SECONDS = 30
"""While a page or an action goes through a queue; whatever was cut off shows itself again after it."""
_MOST = 2_500
"""Looked at in one action."""


class AwsDeadLetters:
    """`DeadLetters` on the queues `{dead_letter_prefix}{queue}`; without a prefix there are none."""

    def __init__(self, client: Callable[[], Any], env: Environment) -> None:
        self._client = client
        self._env = env

    def counts(self) -> dict[str, int]:
        """1 request for each queue, several at a time."""
        if not self._env.dead_letter_prefix:
            return {}
        client = self._client()
        with ThreadPoolExecutor(5) as pool:
            return dict(zip(QUEUES, pool.map(lambda queue: self._count(client, queue), QUEUES), strict=True))

    def address(self, queue: str) -> str:
        return self._env.dead_letter_prefix + queue

    def look(
        self,
        queue: str,
        wanted: Callable[[Letter], bool] = lambda _: True,
        most: int = LOOKED,
        seconds: float = SECONDS,
    ) -> Looked:
        """2 requests for 10 messages."""
        found, looked_at, until = list[Letter](), 0, time.monotonic() + seconds
        with self._in_hand(queue) as held:
            for message in held.messages(LOOKED):
                looked_at += 1
                letter = letter_of(queue, message)
                found += [letter] if wanted(letter) else []
                if len(found) >= most or looked_at >= LOOKED or time.monotonic() > until:
                    return Looked(tuple(found), looked_at, True)
        return Looked(tuple(found), looked_at)

    def replay(self, queue: str, ids: Collection[str]) -> int:
        """2 requests a message, and those of `look`."""
        own = {"poll": self._env.poll_queue, "sweep": self._env.sweep_queue}
        back = own.get(queue) or self._env.queue_prefix + queue
        return self._each(queue, ids, lambda held, message: held.send_back(message, back))

    def drop(self, queue: str, ids: Collection[str]) -> int:
        """1 request a message, and those of `look`."""
        return self._each(queue, ids, QueueInHand.delete)

    def _each(self, queue: str, ids: Collection[str], do: Callable[[QueueInHand, Any], None]) -> int:
        done = set[str]()
        with self._in_hand(queue) as held:
            for message in held.messages(_MOST):
                if message["MessageId"] in ids:
                    do(held, message)
                    done.add(message["MessageId"])
                if len(done) == len(ids):
                    break
        return len(done)

    def _in_hand(self, queue: str) -> AbstractContextManager[QueueInHand]:
        return in_hand(self._client(), self.address(queue), _HIDDEN_SECONDS)

    def _count(self, client: Any, queue: str) -> int:
        with reaching("SQS"):
            found = client.get_queue_attributes(QueueUrl=self.address(queue), AttributeNames=list(_COUNTED))
        return sum(int(found["Attributes"][name]) for name in _COUNTED)


def letter_of(queue: str, message: Any) -> Letter:
    """Of a message as SQS gives it out; what was not asked for with it is not known."""
    told = message.get("Attributes", {})
    sent = told.get("SentTimestamp")
    return Letter(
        message["MessageId"],
        queue,
        message["Body"],
        told.get("MessageGroupId", ""),
        datetime.fromtimestamp(int(sent) / 1000, UTC) if sent else None,
        int(told.get("ApproximateReceiveCount", 0)),
    )

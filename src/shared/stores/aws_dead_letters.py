"""The dead-letter queues of SQS. A message is received to be looked at, and shown again at once."""

import time
from collections.abc import Callable, Collection, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from shared.ports.dead_letters import LOOKED, QUEUES, SECONDS, Letter, Looked
from shared.settings import Environment
from shared.stores._faults import reaching

_COUNTED = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_BATCH = 10
_HIDDEN_SECONDS = 30
"""While a page or an action goes through a queue; whatever was cut off shows itself again after it."""
_ROUNDS = 250
"""Receives of one action at most: SQS gives out fewer than ten at once where it likes."""


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
        with closing(self._messages(queue)) as messages:
            for message in messages:
                looked_at += 1
                letter = letter_of(queue, message)
                found += [letter] if wanted(letter) else []
                if len(found) >= most or looked_at >= LOOKED or time.monotonic() > until:
                    return Looked(tuple(found), looked_at, True)
        return Looked(tuple(found), looked_at)

    def replay(self, queue: str, ids: Collection[str]) -> int:
        """2 requests a message, and those of `look`."""
        return self._each(queue, ids, self._send_back)

    def drop(self, queue: str, ids: Collection[str]) -> int:
        """1 request a message, and those of `look`."""
        return self._each(queue, ids, lambda queue, message: None)

    def _each(self, queue: str, ids: Collection[str], first: Callable[[str, Any], None]) -> int:
        done, client = set[str](), self._client()
        with closing(self._messages(queue)) as messages:
            for message in messages:
                if message["MessageId"] in ids:
                    first(queue, message)
                    with reaching("SQS"):
                        client.delete_message(
                            QueueUrl=self.address(queue), ReceiptHandle=message["ReceiptHandle"]
                        )
                    done.add(message["MessageId"])
                if len(done) == len(ids):
                    break
        return len(done)

    def _send_back(self, queue: str, message: Any) -> None:
        group = message.get("Attributes", {}).get("MessageGroupId")
        own = {"poll": self._env.poll_queue, "sweep": self._env.sweep_queue}
        with reaching("SQS"):
            self._client().send_message(
                QueueUrl=own.get(queue) or self._env.queue_prefix + queue,
                MessageBody=message["Body"],
                **({"MessageGroupId": group} if group else {}),
            )

    def _messages(self, queue: str) -> Generator[Any]:
        """Each once. Those that are left when the caller has seen enough are shown again."""
        seen, client, url = dict[str, str](), self._client(), self.address(queue)
        try:
            for _ in range(_ROUNDS):
                with reaching("SQS"):
                    batch = client.receive_message(
                        QueueUrl=url,
                        MaxNumberOfMessages=_BATCH,
                        VisibilityTimeout=_HIDDEN_SECONDS,
                        MessageSystemAttributeNames=[
                            "MessageGroupId",
                            "SentTimestamp",
                            "ApproximateReceiveCount",
                        ],
                    ).get("Messages", [])
                fresh = [one for one in batch if one["MessageId"] not in seen]
                seen |= {one["MessageId"]: one["ReceiptHandle"] for one in batch}
                yield from fresh
                if not fresh:
                    return
        finally:
            self._show_again(client, url, list(seen.values()))

    def _show_again(self, client: Any, url: str, handles: list[str]) -> None:
        """Of one that was deleted meanwhile SQS says so, and that is all right."""
        for start in range(0, len(handles), _BATCH):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[start : start + _BATCH])
            ]
            with reaching("SQS"):
                client.change_message_visibility_batch(QueueUrl=url, Entries=entries)

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

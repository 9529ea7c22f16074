"""Change events on SQS, one standard queue for each entity. When `send` returns, the events are on the queue.

A snapshot over 64 KB is left out: the event stays a complete hint, and its handler reads the record itself.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.domain.link import ChangeEvent
from shared.errors import Unavailable
from shared.stores._faults import code, reaching
from shared.stores._messages import body, check_delay

_BATCH = 10
_BATCH_BYTES = 250_000
_ATTEMPTS = 4
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
            for bodies in batches([body(event) for event in events if event.entity == entity]):
                self._send(entity, bodies, delay_seconds)

    def depth(self, entity: str) -> int:
        """1 request."""
        with reaching("SQS"):
            answer = self._client().get_queue_attributes(
                QueueUrl=self._prefix + entity, AttributeNames=list(_COUNTS)
            )
        return sum(int(answer["Attributes"][name]) for name in _COUNTS)

    def _send(self, entity: str, bodies: Sequence[str], delay: int) -> None:
        pending = [
            {"Id": str(index), "MessageBody": text, "DelaySeconds": delay}
            for index, text in enumerate(bodies)
        ]
        failed: list[Any] = []
        for attempt in range(_ATTEMPTS):
            failed = self._attempt(entity, pending)
            if not failed:
                return
            if any(one.get("SenderFault") for one in failed):
                break
            pending = _kept(pending, failed)
            self._pause(0.1 * 2**attempt)
        raise Unavailable(
            f"the queue for {entity} did not accept {len(failed)} of {len(bodies)} events "
            f"({failed[0].get('Code')}: {failed[0].get('Message', '')})"
        )

    def _attempt(self, entity: str, entries: list[dict[str, Any]]) -> list[Any]:
        try:
            answer = self._client().send_message_batch(QueueUrl=self._prefix + entity, Entries=entries)
        except ClientError as fault:
            raise Unavailable(
                f"the queue for {entity} refused the events ({code(fault)}): {fault}"
            ) from fault
        except BotoCoreError as fault:
            raise Unavailable(
                f"the queue for {entity} could not be reached ({type(fault).__name__})"
            ) from fault
        return list(answer.get("Failed", []))


def batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    """At most 10 messages and 250 kB each, which every SQS and emulator takes."""
    batch: list[str] = []
    size = 0
    for text in bodies:
        length = len(text.encode())
        if batch and (len(batch) == _BATCH or size + length > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += length
    if batch:
        yield batch


def _kept(entries: list[dict[str, Any]], failed: list[Any]) -> list[dict[str, Any]]:
    names = {one["Id"] for one in failed}
    return [entry for entry in entries if entry["Id"] in names]

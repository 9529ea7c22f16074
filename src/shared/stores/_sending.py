"""Sends messages to a queue of SQS, ten in a request. When `send` returns, all are on the queue.

Every message names the integration it is about as its group: SQS then serves the groups in turn, so that the
backfill of one customer does not hold up the others (fair queues; the queue stays a standard one).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.domain.record import record
from shared.errors import Unavailable
from shared.stores._faults import code

_BATCH = 10
_BATCH_BYTES = 250_000
_ATTEMPTS = 4


@record
class Message:
    body: str
    group: str
    """The integration's name."""


class Sender:
    """Sends to one queue; `name` is what its faults call it. `client` gives the client when it is first
    needed; `pause` sleeps between attempts, in seconds."""

    def __init__(
        self,
        client: Callable[[], Any],
        url: str,
        name: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._url = url
        self._name = name
        self._pause = pause

    def send(self, messages: Sequence[Message], delay_seconds: int = 0) -> None:
        """1 request for 10 messages (fewer when they are large), and 1 for each repeat of those that failed.
        Raises Unavailable when some could not be put there; others may be on the queue by then."""
        for batch in batches(messages):
            self._send(batch, delay_seconds)

    def _send(self, batch: Sequence[Message], delay: int) -> None:
        pending = [
            {"Id": str(index), "MessageBody": one.body, "DelaySeconds": delay, "MessageGroupId": one.group}
            for index, one in enumerate(batch)
        ]
        failed: list[Any] = []
        for attempt in range(_ATTEMPTS):
            failed = self._attempt(pending)
            if not failed:
                return
            if any(one.get("SenderFault") for one in failed):
                break
            pending = _kept(pending, failed)
            self._pause(0.1 * 2**attempt)
        raise Unavailable(
            f"{self._name} did not accept {len(failed)} of {len(batch)} events "
            f"({failed[0].get('Code')}: {failed[0].get('Message', '')})"
        )

    def _attempt(self, entries: list[dict[str, Any]]) -> list[Any]:
        try:
            answer = self._client().send_message_batch(QueueUrl=self._url, Entries=entries)
        except ClientError as fault:
            raise Unavailable(f"{self._name} refused the events ({code(fault)}): {fault}") from fault
        except BotoCoreError as fault:
            raise Unavailable(f"{self._name} could not be reached ({type(fault).__name__})") from fault
        return list(answer.get("Failed", []))


def batches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """At most 10 messages and 250 kB each, which every SQS and emulator takes."""
    batch: list[Message] = []
    size = 0
    for one in messages:
        length = len(one.body.encode())
        if batch and (len(batch) == _BATCH or size + length > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += length
    if batch:
        yield batch


def _kept(entries: list[dict[str, Any]], failed: list[Any]) -> list[dict[str, Any]]:
    names = {one["Id"] for one in failed}
    return [entry for entry in entries if entry["Id"] in names]

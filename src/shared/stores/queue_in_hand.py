"""A queue of SQS whose messages are looked at one by one, as those of dead letters.

A message in hand is hidden from everybody else for a moment. When the look ends, those that were neither sent
back nor deleted are shown again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.stores._faults import reaching

_BATCH = 10
_ASKED_FOR = ("MessageGroupId", "SentTimestamp", "ApproximateReceiveCount")


class QueueInHand:
    """`hidden_seconds`: how long a message stays out of sight if the look is cut off. Raises Unavailable
    where SQS cannot be reached."""

    def __init__(self, client: Any, url: str, hidden_seconds: int) -> None:
        self.url, self._client, self._hidden_seconds = url, client, hidden_seconds
        self._handles: dict[str, str] = {}

    def messages(self, most: int) -> Iterator[Any]:
        """As SQS gives them out, each once, at least `most` where there are so many. 1 request for 10."""
        seen = set[str]()
        while len(seen) < most:
            with reaching("SQS"):
                batch = self._client.receive_message(
                    QueueUrl=self.url,
                    MaxNumberOfMessages=_BATCH,
                    VisibilityTimeout=self._hidden_seconds,
                    WaitTimeSeconds=0,
                    MessageSystemAttributeNames=list(_ASKED_FOR),
                ).get("Messages", [])
            self._handles |= {one["MessageId"]: one["ReceiptHandle"] for one in batch}
            fresh = [one for one in batch if one["MessageId"] not in seen]
            if not fresh:
                return
            seen |= {one["MessageId"] for one in fresh}
            yield from fresh

    def send_back(self, message: Any, url: str, body: str = "") -> None:
        """To that queue, with the group that it was sent with, so that it keeps its turn, and with another
        `body` if one is given. Sent, and only then deleted: an interruption in between leaves it in both
        places, which does no harm, for an event is only a hint."""
        group = message.get("Attributes", {}).get("MessageGroupId")
        more = {"MessageGroupId": group} if group else {}
        with reaching("SQS"):
            self._client.send_message(QueueUrl=url, MessageBody=body or message["Body"], **more)
        self.delete(message)

    def delete(self, message: Any) -> None:
        handle = self._handles.pop(message["MessageId"], message["ReceiptHandle"])
        with reaching("SQS"):
            self._client.delete_message(QueueUrl=self.url, ReceiptHandle=handle)

    def show_again(self) -> None:
        """All that are still in hand. Of one that came back by itself meanwhile, or that somebody else
        deleted, SQS says so, and that is all right."""
        handles, self._handles = [*self._handles.values()], {}
        for start in range(0, len(handles), _BATCH):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[start : start + _BATCH])
            ]
            with reaching("SQS"):
                self._client.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)


@contextmanager
def in_hand(client: Any, url: str, hidden_seconds: int) -> Iterator[QueueInHand]:
    queue = QueueInHand(client, url, hidden_seconds)
    try:
        yield queue
    finally:
        queue.show_again()

"""The memory twin of the queues of polls and sweeps."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from shared.stores._keys import stamp
from shared.stores._messages import check_delay
from shared.stores.memory._shelf import Service, Shelf

Told = tuple[str, dict[str, str]]
"""Integration and message."""


class MemoryPollQueue:
    """`PollQueue`; `receive` plays the part of Lambda's poller."""

    def __init__(self, service: Service, now: Callable[[], datetime], name: str) -> None:
        self._service, self._now = service, now
        self._messages = Shelf(service, "", f"{name}_message")
        self._numbers = Shelf(service, "", f"{name}_number")

    def send(self, messages: Sequence[tuple[str, Mapping[str, str]]], delay_seconds: int = 0) -> None:
        check_delay(delay_seconds)
        visible = stamp(self._now() + timedelta(seconds=delay_seconds))
        with self._service.lock:
            for group, body in messages:
                self._messages.put({"group": group, "body": dict(body)}, visible, self._next())

    def receive(self, limit: int = 10) -> list[Told]:
        """Takes up to `limit` visible messages off the queue, the longest visible first."""
        with self._service.lock:
            now = stamp(self._now())
            found = [(key, one) for key, one in self._messages.items() if key[0] <= now][:limit]
            for key, _ in found:
                self._messages.drop(*key)
        return [(one["group"], one["body"]) for _, one in found]

    def _next(self) -> str:
        number = (self._numbers.get() or 0) + 1
        self._numbers.put(number)
        return f"{number:012d}"

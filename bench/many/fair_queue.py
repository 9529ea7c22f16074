"""A standard SQS queue with fair groups, as AWS describes it: whoever has many messages in flight or waiting
yields to those who have few. The emulators hand out messages in their order whatever the group."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from bench.budget.turns import Turns
from shared.domain.link import ChangeEvent

Message = tuple[str, Any]


class FairQueue:
    """Messages wait by group; of the groups with a visible message the one with the least in flight is next,
    and among equals the one that has waited longest."""

    def __init__(self, clock: Turns, *, fair: bool = True) -> None:
        self._clock, self._number, self._fair = clock, 0, fair
        self._groups: dict[str, deque[tuple[int, int, Any]]] = {}
        self._later: list[tuple[int, str, Any]] = []
        self.in_flight: dict[str, int] = {}

    def put(self, group: str, body: Any, delay_seconds: float = 0) -> None:
        self._number += 1
        visible = self._clock.ms + round(delay_seconds * 1000)
        if delay_seconds > 0:
            self._later.append((visible, group, body))
        else:
            self._groups.setdefault(group, deque()).append((visible, self._number, body))

    def receive(self, most: int) -> list[Message]:
        """They are in flight until `done`."""
        self._ripe()
        found: list[Message] = []
        while len(found) < most and self._groups:
            group = min(self._groups, key=self._turn)
            _, _, body = self._groups[group].popleft()
            if not self._groups[group]:
                del self._groups[group]
            self.in_flight[group] = self.in_flight.get(group, 0) + 1
            found.append((group, body))
        return found

    def _turn(self, group: str) -> tuple[int, int, int]:
        visible, number, _ = self._groups[group][0]
        return self.in_flight.get(group, 0) if self._fair else 0, visible, number

    def done(self, messages: Sequence[Message]) -> None:
        for group, _ in messages:
            self.in_flight[group] -= 1
            if not self.in_flight[group]:
                del self.in_flight[group]

    def waiting(self, group: str) -> int:
        return len(self._groups.get(group, ())) + sum(one == group for _, one, _ in self._later)

    def _ripe(self) -> None:
        ripe = [one for one in self._later if one[0] <= self._clock.ms]
        self._later = [one for one in self._later if one[0] > self._clock.ms]
        for _, group, body in sorted(ripe, key=lambda one: one[0]):
            self.put(group, body)


class Polls(FairQueue):
    """A `PollQueue`."""

    def send(self, messages: Sequence[tuple[str, Mapping[str, str]]], delay_seconds: int = 0) -> None:
        for group, body in messages:
            self.put(group, dict(body), delay_seconds)


class Events:
    """An `EventQueue` of one integration, whose messages are in the queue that all share."""

    def __init__(self, queue: FairQueue, integration: str) -> None:
        self._queue, self._integration = queue, integration

    def send(self, events: Sequence[ChangeEvent], delay_seconds: float = 0) -> None:
        for event in events:
            self._queue.put(event.integration, event, delay_seconds)

    def depth(self, entity: str) -> int:
        """SQS counts the queue, not the group."""
        return sum(len(one) for one in self._queue._groups.values())

"""What one run over a list finds deleted.

Noted all together before any of it is queued, so that the first worker already sees how many there are.
"""

from dataclasses import dataclass, field

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent, Link
from shared.operations.poll_tasks import PollTask
from shared.ports import Missing
from shared.sync.bulk import FEW, called


@dataclass
class Lost:
    """`events` wait for `send`."""

    services: Services
    task: PollTask
    events: list[ChangeEvent] = field(default_factory=list)
    _found: list[Missing] = field(default_factory=list)

    def add(self, event: ChangeEvent, link: Link) -> None:
        now, label = self.services.clock.now(), called(link, self.task.system)
        self._found.append(Missing(event.record_id, now, label, "listed"))
        self.events.append(event)

    def send(self) -> int:
        """How many were queued. A list may err: whoever finds one of them there takes it off again, as the
        flag asks for."""
        store = self.services.stores.missing
        if len(self._found) > FEW:
            store.note(self.task.system, self.task.entity, self._found)
            store.flag(self.task.system, self.task.entity)
        if self.events:
            self.services.stores.queue.send(self.events)
        return len(self.events)

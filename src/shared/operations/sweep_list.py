"""One list of the sweep: every record that the links do not know as it is now is queued, and what no page
names is asked for. It goes on where it stopped, after any number of invocations."""

from dataclasses import dataclass, field

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent
from shared.errors import SyncError
from shared.operations import sweep_place
from shared.operations.brake import RECORDS, brake_for, note
from shared.operations.compare import Item, Walk
from shared.operations.empty_list import Emptiness
from shared.operations.final_deletions import confirm
from shared.operations.lost import Lost
from shared.operations.missing import set_aside
from shared.operations.poll_diff import event_of, is_edit_of_others, is_news
from shared.operations.poll_tasks import PollTask
from shared.operations.sweep_place import Place
from shared.ports import Gone, Hint

PART = 5_000
"""So many ids are kept at a time: a killed worker costs no more than looking at this many again."""
RESERVE_SECONDS = 90.0


@dataclass
class Listed:
    """What one invocation did. `done` False: the rest is for the next one."""

    queued: int = 0
    gone: int = 0
    final: int = 0
    """How many are to be deleted for good on the other side."""
    done: bool = True
    stopped: str = ""


@dataclass
class ListSweep:
    """One invocation's share of a round over one list. `place` is where it begins."""

    services: Services
    task: PollTask
    place: Place
    found: Listed = field(default_factory=Listed)

    def __post_init__(self) -> None:
        entity, system = self.task.entity, self.task.system
        self.walk = Walk(self.services, self.services.context(), entity, system, read_all=False)
        self.brake = brake_for(self.services, entity, system)
        self.aside, self.lost = set_aside(self.services, self.task), Lost(self.services, self.task)
        self._kept: list[ChangeEvent] = []
        """Edits of linked records: not queued before the brake has counted all of them."""
        self._fresh: set[str] = set()
        """Ids seen since the last part was kept."""
        self._told = (0, 0)

    def run(self) -> Listed:
        """Raises the SyncErrors of the connector; what was seen before it is kept."""
        self._take_up()
        empty = Emptiness()
        try:
            self.found.done = self._pages() and self._unnamed(empty)
        except SyncError:
            if self.place.begun or self._fresh:
                self._pause()
            raise
        if self.found.done:
            self._close(empty)
        else:
            self._pause()
        return self.found

    def _take_up(self) -> None:
        before = sweep_place.seen(self.services, self.place)
        if before is None:
            fresh = Place(self.services.clock.now(), self.place.run, self.place.round)
            self.place, before = fresh, (set(), set(), [])
        self.walk.ids, self.walk.gone, kept = before
        self.brake.changed = self.place.changed
        self._kept = [event_of(self.services, self.task, Hint(one)) for one in kept]
        self._stored = len(self._kept)

    def _pages(self) -> bool:
        """False when the time is up before the end of the list."""
        if self.place.listed:
            return True
        for items, cursor in self.walk.pages(self.place.cursor):
            self._look(items)
            if self._braked():
                return True
            self.place.cursor, self.place.listed = cursor, cursor is None
            if self._hurried():
                return False
            if len(self._fresh) >= PART:
                self._keep()
        self.place.listed = True
        return True

    def _unnamed(self, empty: Emptiness) -> bool:
        """What is linked and was on no page. False when the time is up before all were asked for."""
        for item in empty.watch(self.walk) if not self._braked() else ():
            self._look([item])
            if self._braked():
                break
            if self._hurried():
                return False
        return True

    def _look(self, items: list[Item]) -> None:
        for item in items:
            self._fresh.add(item.record_id)
            if not self._is_news(item):
                continue
            reading = item.reading or Hint(item.record_id)
            event = event_of(self.services, self.task, reading)
            if item.link is None or len(item.link.sides) < 2:
                self.services.stores.queue.send([event])
                self.found.queued += 1
            elif isinstance(item.reading, Gone):
                self.lost.add(event, item.link)
            else:
                self._kept.append(event)
                self.brake.changed += is_edit_of_others(self.services, self.task, item.link, reading)

    def _is_news(self, item: Item) -> bool:
        """What is set aside has news only when it shows itself again."""
        if item.record_id in self.aside:
            return not isinstance(item.reading, Gone)
        return item.reading is not None and is_news(self.services, self.task, item.link, item.reading)

    def _braked(self) -> bool:
        most = max(self.brake.limits.get("records", RECORDS), 0)
        return not self.brake.released and self.brake.changed > most

    def _hurried(self) -> bool:
        return self.services.seconds_left() < RESERVE_SECONDS

    def _keep(self) -> None:
        """What is gone is queued now: nothing of it would be known to the next invocation."""
        self.found.gone += self.lost.send()
        self.lost = Lost(self.services, self.task)
        self.place.changed = self.brake.changed
        self._add_up()
        waiting = [event.record_id for event in self._kept[self._stored :]]
        sweep_place.keep(self.services, self.task, self.place, self._fresh, self.walk.gone, waiting)
        self._fresh, self._stored = set(), len(self._kept)

    def _pause(self) -> None:
        self._keep()
        self.found.done = False

    def _confirmed(self) -> str:
        """Of a list that was read whole: what is to be deleted for good on the other side."""
        found = confirm(self.services, self.task, self.walk)
        self.services.stores.queue.send(list(found.events))
        self.found.final = sum(one.missed_at is not None for one in found.events)
        return found.why

    def _add_up(self) -> None:
        """What is told of the round is the sum over its invocations."""
        self.place.queued += self.found.queued - self._told[0]
        self.place.gone += self.found.gone - self._told[1]
        self._told = self.found.queued, self.found.gone

    def _close(self, empty: Emptiness) -> None:
        self.found.gone += self.lost.send()
        why = self.brake.why(self.services.stores.links)
        if why or self._kept or self.brake.released or self.brake.key in self.services.state.braked:
            note(self.services, self.brake, why)
        if not why:
            self.services.stores.queue.send(self._kept)
            self.found.queued += len(self._kept)
        self.found.stopped = why or empty.fault(self.task) or self._confirmed()
        self._add_up()
        sweep_place.end(self.services, self.task, self.place)

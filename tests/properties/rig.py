"""The whole sync on memory ports: queue, deliveries, polls, parked wake-ups, reconcile, and the ways in which
all of it dies.

The engine, `handling`, `delivery`, `polling` and `reconciling` are the real ones; only Lambda's and SQS's
part (messages that come back after a crash, dead letters) is played here.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from shared.bootstrap import Services
from shared.domain import codec
from shared.domain.link import Cause, ChangeEvent, Link
from shared.domain.run_ids import new_run_id
from shared.mapping.model import Flow
from shared.operations.defer import wake_ahead, wake_due
from shared.operations.handle_batch import Handled, Message, handle
from shared.operations.missing import Question, answer, questions
from shared.operations.poll import Polled, poll
from shared.operations.poll_tasks import tasks
from shared.operations.reconcile import Swept, sweep
from shared.ports import Stores
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld, Saved
from shared.sync.engine import Context, Engine
from shared.sync.engine.kept_lists import KeptLists
from shared.systems.memory import MemorySystem
from tests.properties.ports import Killed, Line, Ticker, Watched, watched_stores

NAME = "demo"
RUN_SECONDS = 290
VISIBILITY = 900
MOST_RECEIVES = 5


@dataclass
class RigServices(Services):
    make: Callable[[Context], Engine] = Engine

    def engine(self) -> Engine:
        return self.make(self.context())


@dataclass(frozen=True)
class Flight:
    """A message that was received and neither done nor back yet."""

    event: ChangeEvent
    receives: int
    back_at: datetime


@dataclass
class Rig:
    flow: Flow
    systems: dict[str, MemorySystem]
    clock: Ticker
    make: Callable[[Context], Engine] = Engine
    line: Line = field(default_factory=Line)
    flights: list[Flight] = field(default_factory=list)
    dead_letters: list[ChangeEvent] = field(default_factory=list)
    errors: list[tuple[ChangeEvent, Exception]] = field(default_factory=list)
    deliveries: int = 0
    lists: KeptLists = field(default_factory=KeptLists)
    """One worker handles everything."""

    def __post_init__(self) -> None:
        self.world = MemoryWorld(self.clock.now)
        self.stores: Stores = self.world.stores(NAME)
        connections = {name: Connection(name) for name in self.systems}
        self.world.integrations.save(Integration(NAME, self.flow.name, connections))
        self.world.integrations.change_state(
            NAME, IntegrationState(), IntegrationState(live=True, rules_version=self.flow.version)
        )

    def services(self, seconds: float = RUN_SECONDS) -> RigServices:
        """What one invocation sees, every port watched."""
        now = self.clock.now()
        watched = {
            name: Watched(system, name, self.line, self.clock) for name, system in self.systems.items()
        }
        stores, integrations = self._watched
        return RigServices(
            self.world.integrations.load(NAME),
            self.world.integrations.state(NAME),
            self.flow,
            stores,
            integrations,  # type: ignore[arg-type]
            watched,  # type: ignore[arg-type]
            self.clock,
            f"worker-{now:%H%M%S.%f}",
            now + timedelta(seconds=seconds),
            make=self.make,
            lists=self.lists,
        )

    @cached_property
    def _watched(self) -> tuple[Stores, Watched]:
        """Made once: a story of some days has hundreds of invocations."""
        integrations = Watched(self.world.integrations, "integrations", self.line, self.clock)
        return watched_stores(self.stores, self.line, self.clock), integrations

    # events

    def event(self, system: str, entity: str, record_id: str, cause: Cause = "webhook") -> ChangeEvent:
        now = self.clock.now()
        return ChangeEvent(NAME, system, entity, record_id, cause, new_run_id(now), now)

    def notify(self, system: str, entity: str, *ids: str) -> None:
        """A webhook's hints, put on the queue."""
        self.stores.queue.send([self.event(system, entity, record_id) for record_id in ids])

    def handle(
        self, events: Sequence[ChangeEvent], receives: int = 1, seconds: float = RUN_SECONDS
    ) -> Handled | None:
        """One invocation of the handler. None: it died, and its messages come back after the visibility
        time-out."""
        self.deliveries += 1
        batch = [
            Message(str(number), event, receives >= MOST_RECEIVES) for number, event in enumerate(events)
        ]
        try:
            handled = handle(batch, lambda name: self.services(seconds))
        except Killed:  # one that met nothing but dying workers is replayed from the dead-letter queue
            self.line.dead = False
            self._back(events, min(receives, MOST_RECEIVES - 1))
            return None
        self.errors += handled.errors
        self._back([message.event for message in batch if message.message_id in handled.failed], receives)
        return handled

    def deliver(self, limit: int = 10) -> bool:
        """One batch, if a message is visible."""
        now = self.clock.now()
        entities = [name for name, entity in self.flow.entities.items()]
        ripe = [flight for flight in self.flights if flight.back_at <= now]
        if ripe:
            batch = [one for one in ripe if one.event.entity == ripe[0].event.entity][:limit]
            self.flights = [flight for flight in self.flights if flight not in batch]
            self.handle([one.event for one in batch], max(one.receives for one in batch) + 1)
            return True
        for entity in entities:
            events = self.world.receive(entity, limit)
            if events:
                self.handle(events)
                return True
        return False

    def drain(self, most: int = 200) -> None:
        """Delivers until nothing is visible."""
        for _ in range(most):
            if not self.deliver():
                return
        raise AssertionError(f"{most} batches did not empty the queue")

    def _back(self, events: Sequence[ChangeEvent], receives: int) -> None:
        if receives >= MOST_RECEIVES:
            self.dead_letters += events
            return
        back_at = self.clock.now() + timedelta(seconds=VISIBILITY)
        self.flights += [Flight(event, receives, back_at) for event in events]

    # clockwork

    def poll(self) -> list[Polled]:
        """Wakes what is due and polls every list, as the schedule does. A fault nobody expects ends it like a
        death."""
        services, polled = self.services(), []
        try:
            now = self.clock.now()
            taken = self.world.integrations.take_tick(NAME, new_run_id(now), now, now)
            wake_due(services.stores, now)
            if taken == "ahead":
                wake_ahead(services.stores, now)
            for task in tasks(services, "poll", new_run_id(self.clock.now())):
                polled.append(poll(services, task))
        except (Killed, RuntimeError):
            self.line.dead = False
        return polled

    def reconcile(self) -> Swept | None:
        try:
            return sweep(self.services())
        except Killed:
            self.line.dead = False
            return None

    def run_on(self, hours: float = 6) -> None:
        """Time passes: a poll each quarter of an hour, a reconcile each second hour, all queues emptied in
        between."""
        for quarter in range(1, int(hours * 4) + 1):
            self._quarter()
            self.poll()
            if quarter % 8 == 0:
                self.reconcile()
            self.drain()

    def _quarter(self) -> None:
        for _ in range(15):
            self.clock.advance(60)
            if self.flights or self.world.queue.next_visible() is not None:
                self.drain()

    def release(self, key: str) -> None:
        """A person lets a braked list go on."""
        state = self.world.integrations.state(NAME)
        self.world.integrations.change_state(NAME, state, replace(state, released=(*state.released, key)))

    def questions(self) -> list[Question]:
        """What a person is asked about records that are missing."""
        return questions(self.world.integrations.state(NAME), self.stores.missing)

    def answer(self, *, gone: bool, only: Collection[str] | None = None) -> list[str]:
        """A person answers all of it, or for these records alone."""
        services = self.services()
        return [one for asked in self.questions() for one in answer(services, asked, gone, only)]

    def came_to_rest(self, most: int) -> bool:
        """Rounds of two hours, each with a reconcile, until half an hour brings nothing new."""
        for _ in range(most):
            self.run_on(2.25)
            before = self.versions(), self.writes()
            self.run_on(0.5)
            if (self.versions(), self.writes()) == before and self.quiet():
                return True
        return False

    def quiet(self) -> bool:
        """Nothing is on its way anywhere."""
        return not self.flights and self.world.queue.next_visible() is None and self.stores.parks.count() == 0

    # the stack

    def lose_stack(self, saved: Saved) -> None:
        """The machine died: storage is as it was when last saved, the queues are empty; the restart knows."""
        self.world.restore({**saved, "sqs": {}})
        self.flights.clear()
        state = self.world.integrations.state(NAME)
        self.world.integrations.change_state(
            NAME, state, replace(state, live=True, recovering_since=self.clock.now())
        )

    # what is stored

    def links(self) -> list[Link]:
        return list(self.stores.links.all())

    def versions(self) -> dict[str, int]:
        """Asked so often that rows which have not changed are not read again."""
        rows = self.world.save()["dynamodb"].get((NAME, "link"), {})
        return {key[0]: _version(text) for key, text in rows.items()}

    def writes(self) -> int:
        return sum(len(system.writes) for system in self.systems.values())


@lru_cache(maxsize=4_096)
def _version(text: str) -> int:
    """Of a stored link."""
    return int(codec.loads(text)["version"])

"""One stack with many integrations. Real are the clock that tells, what takes its message up, the polls with
their limits, the gate, and what puts off, parks and wakes; modelled are the queues, Lambda's concurrency and
the vendors, who take a while for each call or hang until the time is out."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from bench.budget.turns import Turns
from bench.many.fair_queue import Events, FairQueue, Polls
from shared.bootstrap import Services
from shared.domain.link import ChangeEvent
from shared.errors import Unavailable
from shared.mapping.compile import compile_flow
from shared.operations import schedule
from shared.operations.defer import put_off
from shared.operations.poll_messages import Tick, message_of
from shared.operations.tick import tell
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.sync.engine.result import Deferred
from shared.systems.memory import MemorySystem
from tests.properties.orders import CRM, DEAL, ENTITY, SAGE

FLOW = compile_flow("sugarcrm--sage_50")
DEALS, NUMBER = "Opportunities", "sales_order_no_c"
POLLERS, WORKERS, BATCH, INVOCATION = 10, 2, 50, 172.0
"""As the template has it: concurrency of the polls and of an entity, its batch, seconds of an invocation."""
LIST_CALL, RECORD_CALL, HANGS = 0.4, 0.35, 30.0
"""Seconds of a list page, of the calls for one order, and until a call that hangs is given up."""
TICK_MS, COOLS = 900_000, 120.0


class Crm(MemorySystem):
    """Its calls take time; `hangs`: none is answered."""

    hangs = False
    turns: Turns

    def changes(self, spec: Any, cursor: Any, page_size: int | None = None) -> Iterator[Any]:
        if self.hangs:
            self.turns.sleep(HANGS)
            raise Unavailable("SugarCRM did not answer in time")
        for page in super().changes(spec, cursor, page_size):
            self.turns.sleep(LIST_CALL)
            yield page


@dataclass
class Stack:
    """`count` integrations, the first of which has `backfill` won deals at once; `hanging` is the share of
    those whose CRM does not answer. Each of the others wins a deal every `pause` seconds or so."""

    count: int
    backfill: int
    hanging: float
    hours: float
    pause: float = 7200
    seed: int = 3
    fair: bool = True
    waits: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    """Told by a webhook -> seconds until the order was there."""
    polled: dict[str, list[int]] = field(default_factory=dict)
    done: int = 0

    def __post_init__(self) -> None:
        self.clock, self.random = Turns(), Random(self.seed)
        self.polls, self.events = Polls(self.clock), FairQueue(self.clock, fair=self.fair)
        self.world = MemoryWorld(self.clock.now)
        self.systems: dict[str, dict[str, MemorySystem]] = {}
        self.worlds: dict[str, Any] = {}
        self.born: dict[tuple[str, str], tuple[int, bool]] = {}
        self.end = round(self.hours * 3_600_000)
        for number in range(self.count):
            self._open(f"firm-{number:04}", number)

    def _open(self, name: str, number: int) -> None:
        crm, sage = Crm(CRM, self.clock), MemorySystem(SAGE, self.clock, numbers="10")
        crm.turns, crm.hangs = self.clock, 0 < number <= self.count * self.hanging
        for system, currency in ((crm, "-99"), (sage, "1")):
            system.tables["currencies"] = [{"id": currency, "iso": "GBP", "rate": "1", "base": "1"}]
        self.systems[name] = {CRM: crm, SAGE: sage}
        connections = {CRM: Connection(CRM), SAGE: Connection(SAGE)}
        self.world.integrations.save(Integration(name, FLOW.name, connections))
        live = IntegrationState(live=True, rules_version=FLOW.version)
        self.world.integrations.change_state(name, IntegrationState(), live)
        stores = MemoryWorld(self.clock.now).stores(name)
        self.worlds[name] = replace(stores, queue=Events(self.events, name))
        if number == 0:
            for one in range(self.backfill):
                crm.put(DEALS, f"D{one:06}", {**DEAL, "name": f"Deal {one}"})

    # the deployed stack, as one invocation sees it

    def deployment(self, seconds: float) -> Any:
        deadline = self.clock.now() + timedelta(seconds=seconds)
        return SimpleNamespace(
            integrations=self.world.integrations,
            polls=self.polls,
            deadline=deadline,
            stores=self.worlds.__getitem__,
            services=lambda name: self._services(name, deadline),
            counting_together=lambda name: nullcontext(),
        )

    def _services(self, name: str, deadline: datetime) -> Services:
        integrations = self.world.integrations
        return Services(
            integrations.load(name),
            integrations.state(name),
            FLOW,
            self.worlds[name],
            integrations,
            self.systems[name],
            self.clock,
            f"worker-{self.clock.ms}",
            deadline,
        )

    # who is at work

    def run(self) -> None:
        with _virtual(self.clock):
            pollers, workers = [self._poller] * POLLERS, [self._worker] * WORKERS
            self.clock.run([self._ticks, self._people, *pollers, *workers])

    def _over(self) -> bool:
        return self.clock.over or self.clock.ms >= self.end

    def _ticks(self) -> None:
        while not self._over():
            tell(self.deployment(60), self.clock.now())
            self.clock.until((self.clock.ms // TICK_MS + 1) * TICK_MS)

    def _people(self) -> None:
        """Everybody but the first and those who hang."""
        quiet = [name for name, one in self.systems.items() if not _hangs(one)][self.count > 1 :]
        number = 0
        while not self._over():
            self.clock.sleep(self.random.expovariate(len(quiet) / self.pause))
            number += 1
            name, record_id, told = self.random.choice(quiet), f"N{number:06}", self.random.random() < 0.5
            self.systems[name][CRM].put(DEALS, record_id, {**DEAL, "name": f"Deal {record_id}"})
            self.born[name, record_id] = (self.clock.ms, told)
            if told:
                now = self.clock.now()
                self.worlds[name].queue.send(
                    [ChangeEvent(name, CRM, ENTITY, record_id, "webhook", "run", now)]
                )

    def _poller(self) -> None:
        while not self._over():
            found = self.polls.receive(1)
            if not found:
                self.clock.until((self.clock.ms // TICK_MS + 1) * TICK_MS + 1)
                continue
            self.clock.sleep(0.2)
            tick = message_of(dict(found[0][1]))
            assert isinstance(tick, Tick)
            for task, _ in schedule.take_up(self.deployment(INVOCATION), tick):
                if task.system == CRM:
                    self.polled.setdefault(task.integration, []).append(self.clock.ms)
            self.polls.done(found)

    def _worker(self) -> None:
        while not self._over():
            found = self.events.receive(BATCH)
            if not found:
                self.clock.sleep(0.5)
                continue
            self._invocation([event for _, event in found])
            self.events.done(found)

    def _invocation(self, events: list[ChangeEvent]) -> None:
        """One integration after the other, as the real handler goes through its batch."""
        deadline = self.clock.ms + round(INVOCATION * 1000)
        self.clock.sleep(0.3)
        for name in dict.fromkeys(event.integration for event in events):
            mine, stores = [one for one in events if one.integration == name], self.worlds[name]
            if _hangs(self.systems[name]):
                self._hung(stores, mine)
                continue
            for number, event in enumerate(mine):
                if self.clock.ms > deadline - 25_000:
                    stores.queue.send(mine[number:], 1)
                    break
                self._made(event)

    def _hung(self, stores: Any, events: list[ChangeEvent]) -> None:
        if stores.gate.read([CRM])[CRM].state == "ok":
            self.clock.sleep(HANGS)
            until = self.clock.now() + timedelta(seconds=COOLS)
            stores.gate.cool(CRM, until, "SugarCRM did not answer in time")
        put_off(
            stores, [(one, Deferred(COOLS, "SugarCRM did not answer")) for one in events], self.clock.now()
        )

    def _made(self, event: ChangeEvent) -> None:
        crm = self.systems[event.integration][CRM]
        if crm.objects[DEALS][event.record_id][NUMBER] is not None:
            return
        self.clock.sleep(RECORD_CALL)
        crm.put(DEALS, event.record_id, {NUMBER: f"10{event.record_id}"})
        self.done += 1
        if (born := self.born.get((event.integration, event.record_id))) is not None:
            self.waits[born[1]].append((self.clock.ms - born[0]) / 1000)

    # what came of it

    def lost_ticks(self) -> int:
        """Spans of more than two intervals in which an integration was not polled."""
        lost = 0
        for name in self.systems:
            times = [0, *self.polled.get(name, []), self.end]
            lost += sum(after - before > 2 * TICK_MS for before, after in pairwise(times))
        return lost


def _hangs(systems: dict[str, MemorySystem]) -> bool:
    return bool(getattr(systems[CRM], "hangs", False))


@contextmanager
def _virtual(clock: Turns) -> Iterator[None]:
    """`schedule` looks at the machine's clock."""

    class Virtual(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.now()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "datetime", Virtual)
        yield

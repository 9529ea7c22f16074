"""A first load under a limit: ticks that queue records, and workers that bring them to the vendor.

Real are what counts and permits calls, the gate and what closes it, what queues no more than there is room
for, and what puts records off, parks and wakes them. Told are the records (so many calls each), the queue,
and the vendor; and that now and then a worker is killed, and its batch comes back as SQS would bring it.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from types import SimpleNamespace
from typing import Any

from bench.budget.turns import Turns
from bench.budget.vendor import Vendor
from shared.domain.call_budget import Window, budget_of
from shared.domain.link import ChangeEvent
from shared.errors import RateLimited, SyncError
from shared.operations.defer import put_off, wake_due
from shared.operations.poll import BACKLOG
from shared.operations.polled import BUDGET
from shared.operations.room import MINUTES, room
from shared.ports import CallCounts
from shared.settings import Connection, Integration
from shared.stores.memory import MemoryWorld
from shared.sync.engine.context import RESERVE_SECONDS
from shared.sync.engine.faults import put_off as closed
from shared.sync.engine.faults import vendor_fault
from shared.sync.engine.result import Deferred
from shared.systems._calls import CallMeter

SYSTEM, ENTITY = "sage_accounting", "contact"
WORKERS, BATCH, PAGE = 8, 50, 100
TICK = MINUTES * 60_000
INVOCATION = 172_000
"""As the template has it, less what the handler keeps back."""
VISIBLE_AGAIN = 1_080_000
STORE = 0.004
"""Seconds that a request to the table takes: others may come between."""
KILLED = 400
"""One batch of so many; none of the last, whose wait would be most of a short load."""


class Slow:
    """The counts, as slow as a table, so that two workers can read the same version."""

    def __init__(self, calls: CallCounts, clock: Turns) -> None:
        self._calls, self._clock = calls, clock
        self.writes = self.conflicts = 0

    def window(self, system: str) -> tuple[Window, int]:
        self._clock.sleep(STORE)
        return self._calls.window(system)

    def save_window(self, system: str, window: Window, version: int) -> bool:
        self._clock.sleep(STORE)
        saved = self._calls.save_window(system, window, version)
        self.writes += 1
        self.conflicts += not saved
        return saved


class Queue:
    """An `EventQueue` that costs nothing to look into."""

    def __init__(self, clock: Turns) -> None:
        self._clock, self._number = clock, 0
        self.waiting: list[tuple[int, int, ChangeEvent]] = []

    def send(self, events: Sequence[ChangeEvent], delay_seconds: float = 0) -> None:
        for event in events:
            self._number += 1
            visible = self._clock.ms + round(delay_seconds * 1000)
            heapq.heappush(self.waiting, (visible, self._number, event))

    def depth(self, entity: str) -> int:
        return len(self.waiting)

    def receive(self) -> list[ChangeEvent]:
        found: list[ChangeEvent] = []
        while self.waiting and self.waiting[0][0] <= self._clock.ms and len(found) < BATCH:
            found.append(heapq.heappop(self.waiting)[2])
        return found


@dataclass
class Job:
    """What the faults need of one."""

    event: ChangeEvent
    result: Deferred | None = None

    @property
    def open(self) -> bool:
        return self.result is None

    def defer(self, seconds: float, reason: str, *, started: bool = True) -> None:
        self.result = self.result or Deferred(seconds, reason, started)


@dataclass
class Load:
    """`latency`: seconds that a call takes, from and to."""

    records: int
    vendor: Vendor
    options: dict[str, str]
    latency: tuple[float, float]
    seed: int = 7
    made: dict[int, int] = field(default_factory=dict)
    parked: int = 0
    kills: int = 0
    repeated: int = 0
    queued: int = 0
    tick: int = TICK
    busy: int = 0
    """How many are at work, so that the others look again soon."""

    def __post_init__(self) -> None:
        self.clock, self.random = Turns(), Random(self.seed)
        world = MemoryWorld(self.clock.now)
        stores, self.queue = world.stores("main"), Queue(self.clock)
        self.calls = Slow(stores.calls, self.clock)
        self.log = SimpleNamespace(append=lambda rows: None)
        self.stores: Any = replace(stores, queue=self.queue, log=self.log)
        connection = Connection(SYSTEM, self.options)
        self.services: Any = SimpleNamespace(
            integration=Integration("main", "vtiger--sage_accounting", {SYSTEM: connection}),
            stores=self.stores,
            clock=self.clock,
        )

    def run(self) -> None:
        self.clock.run([self._ticks, *[self._worker] * WORKERS])

    def _done(self) -> bool:
        return self.clock.over or len(self.made) >= self.records

    def _meter(self, deadline: int) -> CallMeter:
        left = lambda: (deadline - self.clock.ms) / 1000  # noqa: E731
        budget = budget_of(self.options)
        return CallMeter(SYSTEM, budget, self.calls, self.clock, left, lambda system: None)  # type: ignore[arg-type]

    def _call(self, meter: CallMeter) -> None:
        """Reaches the vendor somewhere between being sent and being answered."""
        meter()
        takes = self.random.uniform(*self.latency)
        arrives = min(takes, self.random.uniform(0.01, 0.25))
        self.clock.sleep(arrives)
        taken = self.vendor.call(self.clock.ms)
        self.clock.sleep(takes - arrives)
        if not taken:
            raise RateLimited("the vendor refused (HTTP 429)", 60, SYSTEM)

    def _ticks(self) -> None:
        """The clock: wakes what is due, and polls if the connection is open."""
        while not self._done():
            self.tick = self.clock.ms + TICK
            wake_due(self.stores, self.clock.now())
            ctx = self._context()
            if SYSTEM not in ctx.closed and self.queued < self.records:
                self.busy += 1
                self._poll(ctx)
                self.busy -= 1
            self.clock.until(self.tick)

    def _poll(self, ctx: Any) -> None:
        meter, most = self._meter(self.clock.ms + 290_000), 0
        try:
            while self.queued < self.records:
                self._call(meter)
                if not most:
                    if self.queue.depth(ENTITY) >= BACKLOG or (allowed := room(self.services, ENTITY)) == 0:
                        break
                    most = self.queued + min(BUDGET, BUDGET if allowed is None else allowed)
                page = range(self.queued, min(self.records, self.queued + PAGE))
                self.queue.send([self._event(number) for number in page])
                self.queued = page.stop
                if self.queued >= most:
                    break
        except SyncError as fault:
            vendor_fault(ctx, SYSTEM, Job(self._event(0)), fault)  # type: ignore[arg-type]
        meter.close()

    def _event(self, number: int) -> ChangeEvent:
        return ChangeEvent("main", "vtiger", ENTITY, str(number), "poll", "run", self.clock.now())

    def _context(self) -> Any:
        gate = self.stores.gate.read([SYSTEM])[SYSTEM]
        shut = {SYSTEM: (gate.until, gate.reason)} if gate.state == "cooling" else {}
        strikes = {SYSTEM: gate.strikes}
        return SimpleNamespace(
            closed=shut, no_turn={}, strikes=strikes, stores=self.stores, now=self.clock.now, systems={}
        )

    def _worker(self) -> None:
        while not self._done():
            events = self.queue.receive()
            if events:
                self.busy += 1
                self._invocation(events)
                self.busy -= 1
            elif self.busy:
                self.clock.sleep(1)
            else:
                first = self.queue.waiting[0][0] if self.queue.waiting else self.tick
                self.clock.until(max(self.clock.ms + 1, min(self.tick, first)))

    def _invocation(self, events: list[ChangeEvent]) -> None:
        deadline, ctx = self.clock.ms + INVOCATION, self._context()
        meter, jobs = self._meter(deadline), [Job(event) for event in events]
        killed = self.random.randrange(KILLED) == 0 and self.queued < self.records
        dies = self.random.randrange(BATCH) if killed else -1
        for number, job in enumerate(jobs):
            if number == dies:
                self._killed(events)
                return
            if deadline - self.clock.ms < RESERVE_SECONDS * 1000:
                job.defer(0, "no time left", started=False)
            elif not closed(ctx, SYSTEM, job):  # type: ignore[arg-type]
                self._one(ctx, meter, job)
        meter.close()
        late = [(job.event, job.result) for job in jobs if job.result is not None]
        self.parked += put_off(self.stores, late, self.clock.now())["parked"]

    def _one(self, ctx: Any, meter: CallMeter, job: Job) -> None:
        """Five records need six calls; one that comes again is found as it is made."""
        number = int(job.event.record_id)
        try:
            for _ in range(1 if number % 5 or number in self.made else 2):
                self._call(meter)
        except SyncError as fault:
            vendor_fault(ctx, SYSTEM, job, fault)  # type: ignore[arg-type]
            return
        self.repeated += number in self.made
        self.made[number] = self.made.get(number, 0) + 1

    def _killed(self, events: list[ChangeEvent]) -> None:
        """Nothing is given back, and everything comes again."""
        self.kills += 1
        self.queue.send(events, VISIBLE_AGAIN / 1000)

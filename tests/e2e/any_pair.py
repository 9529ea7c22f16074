"""A live integration of any two emulated vendors, as its flow ships, over real HTTP.

The real polling, handling, sweeping and connectors on the memory twins of the stores. Time can be moved on:
the vendors' clocks go along. Who needs more than this (faults, brakes, rules that change) has worlds of a
pair's own: `world`, `pair_world`, `sales_world`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.site import ENVIRONMENT, RUN_SECONDS, MovableClock
from shared.bootstrap import Services, open_services
from shared.domain.link import LogRow, Outcome
from shared.domain.outcomes.fields import says_nothing
from shared.domain.run_ids import new_run_id
from shared.mapping.compile import compile_flow
from shared.operations.defer import wake_due
from shared.operations.handle_batch import Message, handle
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from shared.operations.reconcile import Swept, sweep
from shared.operations.schedule import keep_alive
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from tests.e2e import any_vendors
from tests.e2e.pair_people import Clerk

CYCLE = 900.0


@dataclass
class AnyPair:
    """`desks` are the people at both vendors; `failed` says why messages failed."""

    flow: str
    desks: Mapping[str, Clerk]
    entities: tuple[str, ...]
    clock: MovableClock = field(default_factory=MovableClock.at_nine)
    failed: list[str] = field(default_factory=list)
    turns: int = 0

    def __post_init__(self) -> None:
        self.world = MemoryWorld(self.clock.now)
        self.stores = self.world.stores("main")

    # ------------------------------------------------------------ what the platform does

    def cycle(self) -> int:
        """A poll of every list and all that follows from it; then fifteen minutes are over. How many messages
        were handled."""
        end, services = self.clock.now() + timedelta(seconds=CYCLE), self.services()
        wake_due(services.stores, self.clock.now())
        keep_alive(services)
        for task in tasks(services, "poll", new_run_id(self.clock.now())):
            poll(services, task)
        services.close()
        handled = self.drain()
        while (due := self.world.queue.next_visible()) is not None and due < end:
            self.wait(max(0.0, (due - self.clock.now()).total_seconds()) + 0.5)
            handled += self.drain()
        self.wait((end - self.clock.now()).total_seconds())
        return handled

    def settle(self, most: int = 10) -> None:
        for _ in range(most):
            if self.cycle() == 0 and self.world.queue.next_visible() is None:
                return
        raise AssertionError(f"the flow found no rest: {self.tell()}")

    def drain(self) -> int:
        handled = 0
        for entity in self.entities:
            while events := self.world.receive(entity, 50):
                handled += len(events)
                messages = [Message(str(number), event) for number, event in enumerate(events)]
                done = handle(messages, lambda name: self.services())
                self.failed += [f"{event.subject}: {error}" for event, error in done.errors]
        return handled

    def day(self) -> Swept:
        """Until the same time tomorrow, with the nightly sweep."""
        self.wait(86_400 - CYCLE)
        services = self.services()
        swept = sweep(services)
        services.close()
        self.drain()
        self.settle()
        return swept

    def wait(self, seconds: float) -> None:
        """Time passes, here and at both vendors."""
        self.clock.sleep(max(0.0, seconds))
        shift = (self.clock.now() - datetime.now(UTC)).total_seconds()
        for system, desk in self.desks.items():
            any_vendors.set_clock(system, desk, shift)

    def services(self) -> Services:
        self.turns += 1
        return open_services(
            "main",
            stores=self.stores,
            integrations=self.world.integrations,
            environment=ENVIRONMENT,
            owner=f"worker-{self.turns}",
            deadline=self.clock.now() + timedelta(seconds=RUN_SECONDS),
            clock=self.clock,
        )

    # ------------------------------------------------------------ what it says

    def log(self, **query: Any) -> list[LogRow]:
        return self.stores.log.rows(limit=10_000, **query)

    def outcome(self, system: str, entity: str, record: str) -> Outcome:
        """What was last done, or said."""
        rows = self.log(record=(system, entity, record))
        assert rows, f"the log says nothing of {entity} {record}: {self.tell()}"
        return next((row.outcome for row in rows if not says_nothing(row.outcome)), rows[0].outcome)

    def tell(self) -> str:
        rows = [
            f"{row.entity} {row.system} {row.record_id} {row.outcome.kind}: {row.outcome.reason}"
            for row in self.log()
        ]
        return "\n".join([*reversed(rows), *self.failed])

    def writes(self) -> dict[str, int]:
        """How much the API, not people, wrote since it was last forgotten."""
        return {system: len(desk.get("/writes")) for system, desk in self.desks.items()}

    def quiet(self) -> None:
        """A further cycle writes nothing on either side, nor adds to the log."""
        for desk in self.desks.values():
            desk.delete("/writes")
        rows = len(self.log())
        self.cycle()
        assert (set(self.writes().values()), len(self.log()), self.failed) == ({0}, rows, []), self.tell()


@contextmanager
def any_pair(
    flow: str,
    *,
    switches: Mapping[str, Mapping[str, Any]] | None = None,
    rules: Mapping[str, str] | None = None,
    directions: Mapping[str, str] | None = None,
    options: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[AnyPair]:
    """An integration named `main` on empty stores between two empty vendors. `switches` change the vendors',
    `options` our connections' settings. At its end no call may have broken a vendor's own description."""
    systems = flow.split("--")
    desks = {one: any_vendors.emptied(one, (switches or {}).get(one, {})) for one in systems}
    compiled = compile_flow(flow, dict(rules or {}), dict(directions or {}))
    made = AnyPair(flow, desks, tuple(compiled.entities))
    made.wait(0)
    connections = {
        one: Connection(one, {**any_vendors.options(one, desk), **(options or {}).get(one, {})})
        for one, desk in desks.items()
    }
    made.world.integrations.save(
        Integration("main", flow, connections, dict(rules or {}), directions=dict(directions or {}))
    )
    made.world.integrations.change_state(
        "main", IntegrationState(), IntegrationState(live=True, rules_version=compiled.version)
    )
    for one, desk in desks.items():
        made.stores.secrets.put(one, any_vendors.secret(one, desk))
    try:
        yield made
        for one in systems:
            assert any_vendors.violations(one) == []
    finally:
        for desk in desks.values():
            desk.close()

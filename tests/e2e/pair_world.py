"""A live integration between an emulated Vtiger and an emulated Sage Business Accounting, over real HTTP.

The real polling, handling, sweeping and connectors on the memory twins of the stores. Time can be moved on:
the emulators' clocks go along, so that a cycle of fifteen minutes, a day or a week costs nothing. `sales` and
`books` are the people.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from bench.site import MovableClock
from local.vendors._serve import Served, serve
from local.vendors.sage_accounting.app import build_app as sage_app
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_accounting.spec import SpecCheck
from local.vendors.vtiger import people
from local.vendors.vtiger.app import build_app as vtiger_app
from local.vendors.vtiger.options import VtigerOptions
from shared.bootstrap import REGISTRY, Services, open_services
from shared.domain.link import LogRow, Outcome
from shared.domain.outcomes.fields import says_nothing
from shared.domain.run_ids import new_run_id
from shared.operations.defer import wake_due
from shared.operations.handle_batch import Message, handle
from shared.operations.poll import Polled, poll
from shared.operations.poll_tasks import tasks
from shared.operations.reconcile import Swept, sweep
from shared.operations.schedule import keep_alive
from shared.ports import System
from shared.settings import Environment, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.systems._parts import ConnectorParts
from tests.contract.sage_accounting_bench import SPECS
from tests.e2e.pair_connections import FLOW, connect
from tests.e2e.pair_people import Books, Clerk, Sales

FLOW_FILE = f"flows/{FLOW}.toml"
ENTITIES = ("account", "contact", "product", "service", "invoice")
CYCLE = 900
RUN_SECONDS = 280
_ENVIRONMENT = Environment(
    "state", "log", "archive", "key", "secret/", "queue/", "queue/poll", allow_local=True
)


@dataclass
class PairWorld:
    """`failed` says why messages failed; a test that expects none need not look."""

    sales: Sales
    books: Books
    clock: MovableClock
    world: MemoryWorld
    failed: list[str]
    tries: dict[str, int]
    turns: int = 0
    registry: Mapping[str, Callable[[ConnectorParts], System]] = field(default_factory=lambda: REGISTRY)

    # ------------------------------------------------------------ what the platform does

    def tick(self) -> dict[tuple[str, str], Polled]:
        """The clock of fifteen minutes: wakes what is parked and due, keeps sign-ins alive, then polls every
        list."""
        services = self.services()
        try:
            wake_due(services.stores, self.clock.now())
            keep_alive(services)
            return {
                (task.entity, task.system): poll(services, task)
                for task in tasks(services, "poll", new_run_id(self.clock.now()))
            }
        finally:
            services.close()

    def drain(self) -> int:
        """Handles what is visible now; returns how many messages that were. A failed one is tried four
        times."""
        handled = 0
        for entity in ENTITIES:
            while events := self.world.receive(entity, 50):
                handled += len(events)
                messages = [Message(str(number), event) for number, event in enumerate(events)]
                done = handle(messages, lambda name: self.services())
                self.failed += [
                    f"{event.subject}: {type(error).__name__}: {error}" for event, error in done.errors
                ]
                for number in done.failed:
                    event = events[int(number)]
                    self.tries[str(event.subject)] = self.tries.get(str(event.subject), 0) + 1
                    if self.tries[str(event.subject)] < 4:
                        self.world.queue.send([event], 30)
        return handled

    def cycle(self) -> int:
        """Fifteen minutes pass: a tick, and all the messages that become visible until the next one."""
        end = self.clock.now() + timedelta(seconds=CYCLE)
        self.tick()
        handled = self.drain()
        while (due := self.world.queue.next_visible()) is not None and due < end:
            self.wait(max(0.0, (due - self.clock.now()).total_seconds()) + 0.5)
            handled += self.drain()
        self.wait((end - self.clock.now()).total_seconds())
        return handled

    def settle(self, most: int = 12) -> None:
        """Cycles until one handles no message, so that nothing is said, and writes nothing: whatever flaps
        ends here."""
        for _ in range(most):
            before = self._marks()
            if self.cycle() == 0 and self.world.queue.next_visible() is None and self._marks() == before:
                return
        raise AssertionError(f"the flow found no rest in {most} cycles: {self.tell()}")

    def _marks(self) -> tuple[int, ...]:
        return len(_vendors()[2].state.vtiger.writes), len(_vendors()[3].state.service.writes)

    def reconcile(self) -> Swept:
        services = self.services()
        try:
            swept = sweep(services)
        finally:
            services.close()
        self.drain()
        return swept

    def wait(self, seconds: float) -> None:
        """Time passes, here and at both vendors."""
        self.clock.sleep(max(0.0, seconds))
        shift = (self.clock.now() - datetime.now(self.clock.now().tzinfo)).total_seconds()
        for desk in (self.sales.desk, self.books.desk):
            desk.post("/clock", {"shift_seconds": shift})

    # ------------------------------------------------------------ what it says

    def log(self, **query: Any) -> list[LogRow]:
        return self.stores.log.rows(limit=10_000, **query)

    def story(self, entity: str, record: str) -> list[LogRow]:
        """Newest first, from the side that the record's id is of."""
        return self.log(record=("vtiger" if "x" in record else "sage_accounting", entity, record))

    def outcome(self, entity: str, record: str) -> Outcome:
        """What was last done, or said: a later look that finds all well is no news."""
        rows = self.story(entity, record)
        assert rows, f"the log says nothing of {entity} {record}: {self.tell()}"
        return next((row.outcome for row in rows if not says_nothing(row.outcome)), rows[0].outcome)

    def tell(self) -> str:
        """The log in short, for a failing test."""
        rows = [
            f"{row.entity} {row.system} {row.record_id} {row.outcome.kind}: {row.outcome.reason}"
            for row in self.log()
        ]
        return "\n".join([*reversed(rows), *self.failed])

    def writes(self) -> dict[str, list[Any]]:
        """What the API, not people, wrote since they were last forgotten."""
        return {"vtiger": self.sales.desk.get("/writes"), "sage_accounting": self.books.desk.get("/writes")}

    def forget_writes(self) -> None:
        self.sales.desk.delete("/writes")
        self.books.desk.delete("/writes")

    def quiet(self, cycles: int = 3) -> None:
        """Asserts that further polls write nothing on either side, nor add to the log."""
        self.forget_writes()
        rows = len(self.log())
        for _ in range(cycles):
            self.cycle()
        assert self.writes() == {"vtiger": [], "sage_accounting": []}, self.tell()
        assert len(self.log()) == rows, self.tell()
        assert self.failed == []

    def imported(self, module: str, *rows: Mapping[str, Any]) -> list[str]:
        """Ids of records that came into Vtiger past its forms, as raw columns."""
        return people.seed(_vendors()[2].state.vtiger, module, [dict(row) for row in rows])

    def faults(self, vendor: Clerk, *faults: Mapping[str, Any]) -> None:
        vendor.post("/faults", list(faults))

    # ------------------------------------------------------------ settings

    @property
    def stores(self) -> Any:
        return self.world.stores("main")

    @property
    def state(self) -> IntegrationState:
        return self.world.integrations.state("main")

    def set_state(self, **changed: Any) -> None:
        before = self.state
        self.world.integrations.change_state("main", before, replace(before, **changed))

    def change(self, **changed: Any) -> None:
        """`rules`, `directions`, `brake` of the integration."""
        self.world.integrations.save(replace(self.world.integrations.load("main"), **changed))

    def services(self) -> Services:
        self.turns += 1
        return open_services(
            "main",
            stores=self.stores,
            integrations=self.world.integrations,
            environment=_ENVIRONMENT,
            owner=f"worker-{self.turns}",
            deadline=self.clock.now() + timedelta(seconds=RUN_SECONDS),
            clock=self.clock,
            registry=self.registry,
        )


@cache
def _vendors() -> tuple[Served, Served, Any, Any]:
    """One pair of servers for all tests of a run: each test starts with an emptied one. They end with the
    process."""
    vtiger = vtiger_app(VtigerOptions(version="8.1.0"))
    sage = sage_app(SageAccountingOptions(), check=SpecCheck(SPECS) if SPECS.is_dir() else None)
    return serve(vtiger), serve(sage), vtiger, sage


@contextmanager
def pair_world(
    *,
    vtiger: Mapping[str, Any] | None = None,
    sage: Mapping[str, Any] | None = None,
    options: Mapping[str, Mapping[str, str]] | None = None,
    rules: Mapping[str, str] | None = None,
    directions: Mapping[str, str] | None = None,
    brake: Mapping[str, int] | None = None,
    live: bool = True,
) -> Iterator[PairWorld]:
    """An integration named `main` on empty stores between two empty vendors. `vtiger` and `sage` change the
    emulators' settings, `options` those of our connections. At its end no call may have broken Sage's own
    description."""
    crm, ledger, crm_app, sage_app_ = _vendors()
    _emptied(crm_app.state.vtiger, VtigerOptions(version="8.1.0"), dict(vtiger or {}))
    _emptied(sage_app_.state.service, SageAccountingOptions(), dict(sage or {}))
    sales, books = Clerk(crm.url), Clerk(ledger.url)
    sales.post("/reset")
    books.post("/reset")
    for desk in (sales, books):
        desk.post("/clock", {"shift_seconds": 0, "freeze": None})
    grant = books.post("/grant")
    clock = MovableClock.at_nine()
    made = PairWorld(Sales(sales), Books(books), clock, MemoryWorld(clock.now), [], {})
    made.wait(0)
    connect(
        made.world,
        crm.url,
        ledger.url,
        grant["refresh_token"],
        options or {},
        Integration(
            "main", FLOW, {}, dict(rules or {}), directions=dict(directions or {}), brake=dict(brake or {})
        ),
        live,
    )
    try:
        yield made
        assert sage_app_.state.service.violations == []
    finally:
        sales.close()
        books.close()


def _emptied(server: Any, fresh: Any, changed: Mapping[str, Any]) -> None:
    server.options.__dict__.update(replace(fresh, **changed).__dict__)

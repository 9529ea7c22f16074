"""An installation whose time can be moved on: the real polling, handling and connectors on the memory twins
of the stores.

The vendors are emulated over real HTTP. A wait of minutes costs nothing, which the fault matrix needs: it
waits a lot.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.books import Books
from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import SugarOptions
from shared.bootstrap import REGISTRY, Services, open_services
from shared.domain.run_ids import new_run_id
from shared.mapping.compile import compile_flow
from shared.operations.defer import wake_due
from shared.operations.handle_batch import Message, handle
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from shared.ports import System
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.systems._http import HttpClient, Reply
from shared.systems._parts import ConnectorParts

FLOW = "sugarcrm--sage_50"
SETTLE_SECONDS = 60
RUN_SECONDS = 280
ENVIRONMENT = Environment(
    "state", "log", "archive", "key", "secret/", "queue/", "queue/poll", allow_local=True
)


class MovableClock:
    """Real time and what was skipped. `sleep` skips, but for this share, a second at most: what a vendor does
    in real time must be done when a settle time is over, also where that went by in a connector's own pauses.
    """

    def __init__(self) -> None:
        self._skipped = timedelta()
        self.share = 0.0

    @classmethod
    def at_nine(cls) -> "MovableClock":
        """Nine o'clock of today: what happens once a day comes when a test moves on to the next, whatever the
        time is at which it is run."""
        made = cls()
        made._skipped = made.now().replace(hour=9, minute=0, second=0, microsecond=0) - made.now()
        return made

    def now(self) -> datetime:
        return datetime.now(UTC) + self._skipped

    def sleep(self, seconds: float) -> None:
        real = min(seconds * self.share, 1.0)
        time.sleep(real)
        self._skipped += timedelta(seconds=seconds - real)


class ImpatientWire:
    """A http whose every call ends after `patience` seconds, whatever the connector would wait."""

    def __init__(self, http: HttpClient, patience: float) -> None:
        self._http, self._patience = http, patience

    def send(self, *arguments: Any, **options: Any) -> Reply:
        return self._http.send(*arguments, **options | {"timeout": self._patience})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._http, name)


class Site(Books):
    """`failed` says why messages failed. `patience` is how long a vendor may take to answer, None: as on
    AWS."""

    def __init__(
        self, sugar: str, sage: str, clock: MovableClock, world: MemoryWorld, patience: float | None
    ) -> None:
        super().__init__(sugar, sage)
        self.clock, self.world = clock, world
        self.failed: list[str] = []
        self._registry = {name: _with_patience(name, patience) for name in REGISTRY} if patience else REGISTRY
        self._turns = 0

    def tick(self) -> bool:
        """The clock of 15 minutes: wakes what is parked and due, then polls. Whether every list was read."""
        services = self._services()
        try:
            wake_due(services.stores, self.clock.now())
            polled = [poll(services, task) for task in tasks(services, "poll", new_run_id(self.clock.now()))]
            return not any(one.stopped for one in polled)
        finally:
            services.close()

    def drain(self, batch: int = 50) -> int:
        """Handles what is visible now; returns how many messages that were. A failed one becomes visible
        again."""
        handled = 0
        while events := self.world.receive("sales_order", batch):
            handled += len(events)
            messages = [Message(str(number), event) for number, event in enumerate(events)]
            outcome = handle(messages, lambda name: self._services())
            failed = [events[int(number)] for number in outcome.failed]
            self.failed += [f"{type(error).__name__}: {error}" for _, error in outcome.errors]
            self.world.queue.send(failed, 30)
        return handled

    def next_due(self) -> datetime | None:
        """When a message that was put off becomes visible."""
        return self.world.queue.next_visible()

    def _services(self) -> Services:
        self._turns += 1
        stores = self.world.stores("main")
        return open_services(
            "main",
            stores=stores,
            integrations=self.world.integrations,
            environment=ENVIRONMENT,
            owner=f"worker-{self._turns}",
            deadline=self.clock.now() + timedelta(seconds=RUN_SECONDS),
            clock=self.clock,
            registry=self._registry,
        )


def _with_patience(name: str, patience: float) -> Callable[[ConnectorParts], System]:
    def build(parts: ConnectorParts) -> System:
        return REGISTRY[name](replace(parts, http=ImpatientWire(parts.http, patience)))  # type: ignore[arg-type]

    return build


@contextmanager
def vendors() -> Iterator[tuple[str, str]]:
    """Addresses of an emulated SugarCRM and an emulated HyperAccounts."""
    with serve(sugarcrm(SugarOptions(cron_seconds=0))) as crm, serve(hyperaccounts(HyperOptions())) as ledger:
        yield crm.url, ledger.url


def open_site(
    addresses: tuple[str, str],
    api: str,
    patience: float | None = None,
    rules: Mapping[str, str] | None = None,
) -> Site:
    """A live integration named `main` on empty stores, with these rules of its own. The vendors keep what
    they hold."""
    sugar, sage = addresses
    clock = MovableClock()
    world = MemoryWorld(clock.now)
    connections = {
        "sugarcrm": Connection("sugarcrm", {"api": api, "url": sugar}),
        "sage_50": Connection("sage_50", {"url": sage, "settle_seconds": str(SETTLE_SECONDS)}),
    }
    world.integrations.save(Integration("main", FLOW, connections, rules or {}))
    version = compile_flow(FLOW, rules or {}).version
    world.integrations.change_state(
        "main", IntegrationState(), IntegrationState(live=True, rules_version=version)
    )
    stores = world.stores("main")
    stores.secrets.put("sugarcrm", {"user": "sync", "password": "sync-password"})
    stores.secrets.put("sage_50", {"token": "demo-token"})
    return Site(sugar, sage, clock, world, patience)

"""All storage in memory: deterministic twins of the AWS stores that pass the same contract suites.

`MemoryWorld` is one account. Its state can be saved and restored, completely or one service at a time, like
an emulator that was killed and comes back with what it last wrote to disk."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import RLock

from shared.domain.link import ChangeEvent
from shared.ports import Stores
from shared.stores._keys import integration_name
from shared.stores.memory import rows
from shared.stores.memory._shelf import Rows, Service
from shared.stores.memory.asked import MemoryAskedStore
from shared.stores.memory.calls import MemoryCallCounts
from shared.stores.memory.console import MemoryProviderStore, console_stores
from shared.stores.memory.links import MemoryLinkStore
from shared.stores.memory.log import MemorySyncLog
from shared.stores.memory.missing import MemoryMissingStore
from shared.stores.memory.polls import MemoryPollQueue
from shared.stores.memory.services import (
    MemoryArchive,
    MemoryEventQueue,
    MemoryIntegrationStore,
    MemorySecrets,
    MemorySweepParts,
)

SERVICES = ("dynamodb", "sqs", "s3", "secretsmanager")
Saved = dict[str, Rows]


class MemoryWorld:
    """`now` is the world's clock; `log_days` how long log rows are kept. Stores stay valid across
    `restore`."""

    def __init__(self, now: Callable[[], datetime] | None = None, log_days: int = 90) -> None:
        self._now = now or (lambda: datetime.now(UTC))
        self._log_days = log_days
        self._lock = RLock()
        self._services = {name: Service(self._lock) for name in SERVICES}
        self.queue = MemoryEventQueue(self._services["sqs"], self._now)
        self.polls = MemoryPollQueue(self._services["sqs"], self._now, "poll")
        self.sweeps = MemoryPollQueue(self._services["sqs"], self._now, "sweep")
        self.integrations = MemoryIntegrationStore(self._services["dynamodb"])
        self.provider = MemoryProviderStore()
        self.console = console_stores(self._services["dynamodb"], self.provider, self._now)

    def stores(self, integration: str) -> Stores:
        """The stores of one integration; any number may be open. Raises RuleInvalid for a name that cannot be
        a key."""
        name, table = integration_name(integration), self._services["dynamodb"]
        log = MemorySyncLog(table, name, self._log_days, self._now)
        return Stores(
            integration=name,
            links=MemoryLinkStore(table, name),
            missing=MemoryMissingStore(table, name),
            waits=rows.MemoryWaitStore(table, name),
            parks=rows.MemoryParkStore(table, name),
            gate=rows.MemoryGate(table, name, self._now),
            lanes=rows.MemoryLanes(table, name),
            cursors=rows.MemoryCursors(table, name),
            log=log,
            queue=self.queue,
            archive=MemoryArchive(self._services["s3"], name, self._now),
            tokens=rows.MemoryTokenStore(table, name),
            secrets=MemorySecrets(self._services["secretsmanager"], name),
            cache=rows.MemoryCache(table, name),
            decisions=rows.MemoryDecisionStore(table, name),
            sweeps=MemorySweepParts(self._services["s3"], name),
            calls=MemoryCallCounts(table, name),
            asked=MemoryAskedStore(table, name),
        )

    def receive(self, entity: str, limit: int = 10) -> list[ChangeEvent]:
        """Takes visible messages off one entity's queue, as Lambda would."""
        return self.queue.receive(entity, limit)

    def save(self) -> Saved:
        """What `restore` takes. Later changes do not touch it."""
        with self._lock:
            return {name: _copy(service.rows) for name, service in self._services.items()}

    def restore(self, saved: Saved, services: Iterable[str] = SERVICES) -> None:
        """Restores these services to their saved state; the others stay as they are."""
        with self._lock:
            for name in services:
                self._services[name].rows = _copy(saved[name])


def _copy(rows: Rows) -> Rows:
    return {name: dict(kept) for name, kept in rows.items()}

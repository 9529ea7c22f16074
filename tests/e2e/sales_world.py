"""A live integration between an emulated Sage 50 and an emulated Sage Sales Management, over real HTTP.

The shipped flow, with the real polling, handling and connectors on the memory twins of the stores; time can
be moved on.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx

from bench.site import MovableClock
from local.vendors._serve import Served, serve
from local.vendors.hyperaccounts.app import build_app as sage_app
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sage_sales_management.app import build_app as sales_app
from local.vendors.sage_sales_management.options import SalesOptions
from shared.bootstrap import Services, open_services
from shared.domain.run_ids import new_run_id
from shared.mapping.compile import compile_flow
from shared.operations.defer import wake_due
from shared.operations.handle_batch import Message, handle
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from shared.operations.reconcile import Swept, sweep
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.memory import MemoryWorld

CRM, SAGE = "sage_sales_management", "sage_50"
FLOW = f"{CRM}--{SAGE}"
RULES = {f"flows/{FLOW}.toml": ""}
"""For parts of the flow that do not ship yet."""
ENTITIES = ("user", "account", "contact", "product", "quotation", "sales_order", "invoice")
_FIXED = {"public_key", "private_key", "key_user", "first_id"}
_SAGE = {
    "release": 28,
    "strict_keys": False,
    "overlap": True,
    "new_response": True,
    "keeps_contact_type": False,
    "unpriced_lines": "refused",
    "address_key": "addresNumber",
}
_ENVIRONMENT = Environment(
    "state", "log", "archive", "key", "secret/", "queue/", "queue/poll", allow_local=True
)


class Desk:
    """The controls of an emulated vendor."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=f"{url}/_admin/", timeout=20, trust_env=False)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def close(self) -> None:
        self._http.close()


@dataclass
class SalesWorld:
    crm: Desk
    sage: Desk
    clock: MovableClock = field(default_factory=MovableClock.at_nine)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = MemoryWorld(self.clock.now)
        self.stores = self.world.stores("main")

    # what the platform does

    def poll(self) -> int:
        """A poll of every list, and what can be handled at once."""
        services = self.services()
        wake_due(services.stores, self.clock.now())
        for task in tasks(services, "poll", new_run_id(self.clock.now())):
            poll(services, task)
        services.close()
        return self._drain()

    def cycle(self, handled: int = 0) -> int:
        """A poll of every list and all that follows from it; then fifteen minutes pass. How many messages
        were handled."""
        end = self.clock.now() + timedelta(seconds=900)
        handled += self.poll()
        while (due := self.world.queue.next_visible()) is not None and due < end:
            self.wait(max(0.0, (due - self.clock.now()).total_seconds()) + 0.5)
            handled += self._drain()
        self.wait((end - self.clock.now()).total_seconds())
        return handled

    def settle(self) -> None:
        for _ in range(8):
            if self.cycle() == 0:
                return
        raise AssertionError(f"the flow found no rest: {self.tell()}")

    def sweep(self) -> Swept:
        """The daily look at everything, and what follows from it."""
        services = self.services()
        try:
            swept = sweep(services)
        finally:
            services.close()
        self._drain()
        return swept

    def _drain(self) -> int:
        handled = 0
        for entity in ENTITIES:
            while events := self.world.receive(entity, 50):
                handled += len(events)
                messages = [Message(str(number), event) for number, event in enumerate(events)]
                self.failed += [
                    str(error) for _, error in handle(messages, lambda name: self.services()).errors
                ]
        return handled

    def wait(self, seconds: float) -> None:
        """Here and at both vendors."""
        self.clock.sleep(max(0.0, seconds))
        shift = (self.clock.now() - datetime.now(UTC)).total_seconds()
        for desk in (self.crm, self.sage):
            desk.ask("POST", "clock", {"shift_seconds": shift})

    def services(self) -> Services:
        return open_services(
            "main",
            stores=self.stores,
            integrations=self.world.integrations,
            environment=_ENVIRONMENT,
            owner="worker",
            deadline=self.clock.now() + timedelta(seconds=280),
            clock=self.clock,
        )

    # what people do and see

    def customer(self, reference: str, **values: Any) -> None:
        self.sage.ask("POST", "customers", {"accountRef": reference, **values})

    def contact(self, reference: str, **values: Any) -> str:
        """A contact that a bookkeeper enters, or changes; returns its id."""
        body = {"accountRef": reference, "addressType": 1, **values}
        return str(self.sage.ask("POST", "addresses", body)[0])

    def order(self, body: Mapping[str, Any]) -> None:
        """An order that somebody enters in Sage."""
        answer = httpx.post(
            f"{self.sage.url}/api/salesOrder",
            json=body,
            headers={"AuthToken": "demo-token", "new-response": "true"},
            timeout=20,
            trust_env=False,
        )
        assert answer.status_code == 200, answer.text

    def product(self, code: str, **values: Any) -> None:
        self.sage.ask("POST", "products", {"stockCode": code, **values})

    def rows(self, resource: str) -> dict[str, dict[str, Any]]:
        """The CRM's living records by the ledger's code."""
        return {str(row["extId"]): row for row in self.crm.ask("GET", f"records/{resource}")}

    def calls(self) -> dict[str, int]:
        return dict(self.crm.ask("GET", "calls")["calls"])

    def tell(self) -> str:
        """The log in short."""
        rows = [
            f"{row.entity} {row.system} {row.record_id} {row.outcome.kind}: {row.outcome.reason}"
            for row in self.stores.log.rows(limit=1000)
        ]
        return "\n".join([*reversed(rows), *self.failed])

    def outcomes(self) -> list[str]:
        return [row.outcome.kind for row in self.stores.log.rows(limit=1000)]


@cache
def _vendors() -> tuple[Served, Served]:
    """For all tests of a run: each starts with emptied ones."""
    return serve(sales_app(SalesOptions())), serve(sage_app(HyperOptions()))


@contextmanager
def sales_world(
    rules: str = "",
    sage: Mapping[str, Any] | None = None,
    options: Mapping[str, Mapping[str, str]] | None = None,
    **switches: Any,
) -> Iterator[SalesWorld]:
    """An integration named `main` on empty stores between two empty vendors; `switches` are the CRM's, `sage`
    those of Sage. `rules` is laid over the flow; `options` are settings of the connections, by system."""
    crm, ledger = (Desk(one.url) for one in _vendors())
    defaults = {name: value for name, value in asdict(SalesOptions()).items() if name not in _FIXED}
    crm.ask("POST", "options", {**defaults, **switches})
    ledger.ask("POST", "options", {**_SAGE, **(sage or {})})
    for desk in (crm, ledger):
        desk.ask("POST", "reset")
        desk.ask("POST", "clock", {"shift_seconds": 0, "freeze": None})
    made = SalesWorld(crm, ledger)
    made.wait(0)
    connections = {
        CRM: Connection(CRM, {"url": crm.url, "owner": "emma@example.test", **(options or {}).get(CRM, {})}),
        SAGE: Connection(SAGE, {"url": ledger.url, **(options or {}).get(SAGE, {})}),
    }
    laid = {f"flows/{FLOW}.toml": rules}
    made.world.integrations.save(Integration("main", FLOW, connections, laid))
    version = compile_flow(FLOW, laid).version
    made.world.integrations.change_state(
        "main", IntegrationState(), IntegrationState(live=True, rules_version=version)
    )
    made.stores.secrets.put(CRM, {"public_key": "demo-public", "private_key": "demo-private"})
    made.stores.secrets.put(SAGE, {"token": "demo-token"})
    try:
        yield made
    finally:
        crm.close()
        ledger.close()

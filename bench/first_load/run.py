"""A first load of customers and products from Sage 50 into Sage Sales Management, over real HTTP to the
emulated vendors, in batches of the size that the template gives the queue. Counted are the CRM's calls; then
the same with the worker killed in the middle of a batch.

Pictures are apart: one read at Sage and two calls here for each, which is counted on a few products.
"""

import base64
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from bench.figures import Figures, at_most, exactly, told
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
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.systems.sage_sales_management.writer import Writer

CRM, SAGE = "sage_sales_management", "sage_50"
FLOW = f"{CRM}--{SAGE}"
BATCH = 50
TARGET = 0.02
ENTITIES = ("user", "account", "contact", "product", "quotation", "sales_order", "invoice")
_PICTURES = 5
_PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()
_ENVIRONMENT = Environment(
    "state", "log", "archive", "key", "secret/", "queue/", "queue/poll", allow_local=True
)


class Killed(BaseException):
    """The worker is gone between the vendor's answer and the saving of it."""


class Load:
    def __init__(self, crm: Served, sage: Served) -> None:
        self.crm, self.sage, self.clock = crm.url, sage.url, MovableClock()
        self.world = MemoryWorld(self.clock.now)
        self.stores = self.world.stores("main")
        connections = {
            CRM: Connection(CRM, {"url": self.crm, "owner": "emma@example.test"}),
            SAGE: Connection(SAGE, {"url": self.sage}),
        }
        self.world.integrations.save(Integration("main", FLOW, connections))
        version = compile_flow(FLOW).version
        live = IntegrationState(live=True, rules_version=version)
        self.world.integrations.change_state("main", IntegrationState(), live)
        self.stores.secrets.put(CRM, {"public_key": "demo-public", "private_key": "demo-private"})
        self.stores.secrets.put(SAGE, {"token": "demo-token"})
        for url in (self.crm, self.sage):
            self.ask(url, "POST", "reset")

    def ask(self, url: str, method: str, path: str, body: Any = None) -> Any:
        answer = httpx.request(method, f"{url}/_admin/{path}", json=body, timeout=300, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    def services(self) -> Services:
        return open_services(
            "main",
            stores=self.stores,
            integrations=self.world.integrations,
            environment=_ENVIRONMENT,
            owner=f"worker-{self.clock.now():%H%M%S.%f}",
            deadline=self.clock.now() + timedelta(seconds=280),
            clock=self.clock,
        )

    def poll(self) -> None:
        services = self.services()
        wake_due(services.stores, self.clock.now())
        for task in tasks(services, "poll", new_run_id(self.clock.now())):
            poll(services, task)
        services.close()

    def drain(self, hours: float = 4) -> None:
        """All that is queued, and what falls due within this time; a killed batch comes back at its end."""
        end, back = self.clock.now() + timedelta(hours=hours), list[Any]()
        while True:
            for entity in ENTITIES:
                while events := self.world.receive(entity, BATCH):
                    back += self._handled(events)
            due = self.world.queue.next_visible()
            if due is None or due > end:
                if not back:
                    return
                self.clock.sleep(900)
                self.stores.queue.send(back)
                back = []
                continue
            self.clock.sleep(max(0.0, (due - self.clock.now()).total_seconds()) + 0.1)

    def _handled(self, events: Any) -> list[Any]:
        messages = [Message(str(number), event) for number, event in enumerate(events)]
        try:
            handled = handle(messages, lambda name: self.services())
        except Killed:
            return list(events)
        assert not handled.errors, handled.errors[:1]
        return []

    def rows(self, resource: str) -> Counter[str]:
        return Counter(str(row["extId"]) for row in self.ask(self.crm, "GET", f"records/{resource}"))

    def calls(self) -> Mapping[str, int]:
        return dict(self.ask(self.crm, "GET", "calls")["calls"])


def run(customers: int = 2_000, products: int = 1_000) -> Figures:
    crm, sage = serve(sales_app(SalesOptions())), serve(sage_app(HyperOptions()))
    try:
        return _plain(Load(crm, sage), customers, products) | _killed(Load(crm, sage))
    finally:
        crm.close()
        sage.close()


def _plain(load: Load, customers: int, products: int) -> Figures:
    _fill(load, customers, products)
    for number in range(_PICTURES):
        body = {"stockCode": f"W{number:05}", "name": f"{number}.png", "content": _PNG}
        load.ask(load.sage, "POST", "pictures", body)
    load.poll()
    load.drain()
    calls = load.calls()
    written, read = _by_kind(calls)
    pictures = sum(count for call, count in calls.items() if "documents" in call or "_bucket" in call)
    records = customers + products
    missing = records - len(load.rows("accounts")) - len(load.rows("products"))
    name = f"first load, {customers} customers and {products} products"
    return {
        f"{name}: CRM write calls per record": at_most(
            round(written / records, 4), TARGET, "calls", f"batches of {BATCH}; pictures apart"
        ),
        f"{name}: CRM read calls per record": told(
            round(read / records, 2), "calls", "each is looked for before it is made"
        ),
        f"{name}: CRM calls per picture": exactly(pictures / _PICTURES, 2, "calls"),
        f"{name}: records lost": exactly(missing, 0, "records"),
    }


def _killed(load: Load, records: int = 4 * BATCH) -> Figures:
    """The worker dies after a bulk call was answered, before anything of it is saved."""
    _fill(load, 0, records)
    load.poll()
    left, real = [2], Writer.create_many

    def dying(*given: Any) -> Any:
        made = real(*given)
        left[0] -= 1
        if not left[0]:
            raise Killed
        return made

    Writer.create_many = dying  # type: ignore[method-assign, assignment]
    try:
        load.drain()
    finally:
        Writer.create_many = real  # type: ignore[method-assign]
    rows = load.rows("products")
    calls = load.calls()
    again = calls.get("POST products", 0) + calls.get("POST products/bulk", 0) - records // BATCH
    name = f"first load, {records} products, killed in the middle"
    return {
        f"{name}: records made twice": exactly(sum(rows.values()) - len(rows), 0, "records"),
        f"{name}: records lost": exactly(records - len(rows), 0, "records"),
        f"{name}: create calls repeated": at_most(max(again, 0), 1, "calls", "one page of 50 at most"),
    }


def _fill(load: Load, customers: int, products: int) -> None:
    people = [{"accountRef": f"C{n:05}", "name": f"Firm {n:05} Ltd"} for n in range(customers)]
    goods = [
        {"stockCode": f"W{n:05}", "description": f"Widget {n:05}", "salesPrice": 1} for n in range(products)
    ]
    for path, rows in (("customers", people), ("products", goods)):
        for start in range(0, len(rows), 1000):
            load.ask(load.sage, "POST", path, rows[start : start + 1000])


def _by_kind(calls: Mapping[str, int]) -> tuple[int, int]:
    """(writes, reads) of records; signing in and pictures are neither."""
    own = {
        call: count
        for call, count in calls.items()
        if not any(one in call for one in ("login", "documents", "_bucket"))
    }
    written = sum(count for call, count in own.items() if not call.startswith("GET"))
    return written, sum(own.values()) - written

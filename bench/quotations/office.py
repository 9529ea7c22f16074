"""A salesperson's CRM and a Sage 50, emulated over real HTTP, with the shipped flow between them on memory
twins."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx

from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as sage_app
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sage_sales_management.app import build_app as sales_app
from local.vendors.sage_sales_management.options import SalesOptions
from shared.bootstrap import Services, open_services
from shared.clock import SystemClock
from shared.domain.link import ChangeEvent
from shared.domain.run_ids import new_run_id
from shared.mapping.compile import compile_flow
from shared.operations.handle_batch import Message, handle
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.memory import MemoryWorld

CRM, SAGE = "sage_sales_management", "sage_50"
FLOW = f"{CRM}--{SAGE}"
ENTITIES = ("account", "contact", "product", "quotation", "sales_order", "invoice")
_ENVIRONMENT = Environment(
    "state", "log", "archive", "key", "secret/", "queue/", "queue/poll", allow_local=True
)


class Office:
    def __init__(self, crm: str, sage: str) -> None:
        self.crm, self.sage, self.clock = _desk(crm), _desk(sage), SystemClock()
        self.world = MemoryWorld(self.clock.now)
        self.stores = self.world.stores("main")
        options = {CRM: {"url": crm, "owner": "emma@example.test"}, SAGE: {"url": sage}}
        connections = {name: Connection(name, own) for name, own in options.items()}
        self.world.integrations.save(Integration("main", FLOW, connections, {}))
        live = IntegrationState(live=True, rules_version=compile_flow(FLOW).version)
        self.world.integrations.change_state("main", IntegrationState(), live)
        self.stores.secrets.put(CRM, {"public_key": "demo-public", "private_key": "demo-private"})
        self.stores.secrets.put(SAGE, {"token": "demo-token"})

    def services(self, _: str = "main") -> Services:
        return open_services(
            "main",
            stores=self.stores,
            integrations=self.world.integrations,
            environment=_ENVIRONMENT,
            owner="worker",
            deadline=self.clock.now() + timedelta(seconds=280),
        )

    def stock(self) -> None:
        """One customer with a price list, and three products, on both sides."""
        customer = {"accountRef": "ACME01", "name": "Acme Ltd", "countryCode": "GB", "defTaxCode": 1}
        ask(self.sage, "POST", "customers", customer)
        for number in range(1, 4):
            product = {
                "stockCode": f"W{number}",
                "description": f"Widget {number}",
                "salesPrice": 10 * number,
            }
            ask(self.sage, "POST", "products", {**product, "taxCode": 1})
        prices = [{"list": "TRADE", "stockCode": "W1", "price": 9.5}]
        own = {"lists": [{"reference": "TRADE"}], "customers": {"ACME01": "TRADE"}, "prices": prices}
        ask(self.sage, "POST", "prices", own)
        services = self.services()
        for task in tasks(services, "poll", new_run_id(self.clock.now())):
            poll(services, task)
        services.close()
        self.work()

    def work(self) -> None:
        for entity in ENTITIES:
            while events := self.world.receive(entity, 50):
                messages = [Message(str(number), event) for number, event in enumerate(events)]
                errors = handle(messages, self.services).errors
                assert not errors, errors

    def quote(self) -> str:
        """A quotation with three lines, without prices; its id in the CRM."""
        accounts, products = (ask(self.crm, "GET", f"records/{one}") for one in ("accounts", "products"))
        draft = next(
            one["id"]
            for one in ask(self.crm, "GET", "records/salesorderStatuses")
            if one["descriptionEN"] == "Draft"
        )
        head = {"reference": "Offer", "accountId": accounts[0]["id"], "salesRepId": 53, "statusId": draft}
        branch = ask(self.crm, "GET", "records/branches")[0]["id"]
        order = ask(self.crm, "POST", "records/salesorders", {**head, "branchId": branch})["id"]
        for place, product in enumerate(products, 1):
            line = {"salesOrderId": order, "productId": product["id"], "quantity": place, "price": 0}
            ask(self.crm, "POST", "records/salesordersLines", {**line, "order": place})
        return str(order)

    def hook(self, order: str) -> None:
        """The webhook's hint, and all that follows from it."""
        now = self.clock.now()
        event = ChangeEvent("main", CRM, "quotation", order, "webhook", new_run_id(now), now)
        self.stores.queue.send([event])
        self.work()

    def is_priced(self, order: str) -> bool:
        rows = ask(self.crm, "GET", "records/salesorders")
        return any(str(row["id"]) == order and row["readOnly"] and row["Z_net"] == 139.5 for row in rows)

    def slow(self, seconds: float) -> None:
        for desk in (self.crm, self.sage):
            ask(desk, "POST", "options", {"delay_seconds": seconds})

    def calls(self) -> dict[str, int]:
        """What the vendors were asked since this was last read."""
        crm, sage = ask(self.crm, "GET", "calls")["calls"], ask(self.sage, "GET", "calls")
        for desk in (self.crm, self.sage):
            ask(desk, "DELETE", "calls")
        return {
            **{f"CRM {name}": n for name, n in crm.items()},
            **{f"Sage {name}": n for name, n in sage.items()},
        }


def _desk(url: str) -> httpx.Client:
    return httpx.Client(base_url=f"{url}/_admin/", timeout=30, trust_env=False)


def ask(desk: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    answer = desk.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@contextmanager
def office() -> Iterator[Office]:
    with serve(sales_app(SalesOptions())) as crm, serve(sage_app(HyperOptions())) as sage:
        made = Office(crm.url, sage.url)
        try:
            yield made
        finally:
            made.crm.close()
            made.sage.close()

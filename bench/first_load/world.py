"""Sage 50 and Sage Sales Management as emulated vendors, and an integration between them that has never run.

Its queues hand out batches of the size that the template gives them.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

import httpx

from bench.site import MovableClock
from local.vendors._serve import Served
from shared.bootstrap import Services, open_services
from shared.domain.run_ids import new_run_id
from shared.mapping.compile import compile_flow
from shared.operations.defer import wake_due
from shared.operations.handle_batch import Message, handle
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.memory import MemoryWorld

CRM, SAGE = "sage_sales_management", "sage_50"
FLOW = f"{CRM}--{SAGE}"
BATCH = 100
_A_DAY = 100
ENTITIES = ("user", "account", "contact", "product", "quotation", "sales_order", "invoice")
_ENVIRONMENT = Environment(
    "state", "log", "archive", "key", "secret/", "queue/", "queue/poll", allow_local=True
)


class Killed(BaseException):
    """The worker is gone, in the middle of whatever it did."""


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

    def fill(self, customers: int, contacts: int, products: int) -> None:
        """Names as a ledger has them: companies differ, and people of one name work at several. They were
        entered over many days, a hundred at a time."""
        firms = [{"accountRef": f"C{n:05}", "name": f"Firm {n:05} Ltd"} for n in range(customers)]
        goods = [
            {"stockCode": f"W{n:05}", "description": f"Widget {n:05}", "salesPrice": 1}
            for n in range(products)
        ]
        people = [_person(n, customers) for n in range(contacts)]
        days = -(customers + contacts + products) // _A_DAY
        for path, rows in (("customers", firms), ("products", goods), ("addresses", people)):
            for start in range(0, len(rows), _A_DAY):
                self.ask(self.sage, "POST", "clock", {"shift_seconds": 86_400 * days})
                self.ask(self.sage, "POST", path, rows[start : start + _A_DAY])
                days += 1
        self.ask(self.sage, "POST", "clock", {"shift_seconds": 0})

    # ------------------------------------------------------------ what the platform does

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

    def load(self, most: int = 40) -> int:
        """Cycles until one finds nothing to do. How many there were."""
        for number in range(1, most + 1):
            killed = not self.poll()
            if not self.drain() and not killed:
                return number
            self.clock.sleep(900)
        raise AssertionError("the load found no end")

    def poll(self) -> bool:
        """Whether all lists were polled. What a killed worker left is taken up in the next cycle."""
        services, whole = self.services(), True
        wake_due(services.stores, self.clock.now())
        for task in tasks(services, "poll", new_run_id(self.clock.now())):
            try:
                poll(services, task)
            except Killed:
                whole = False
        services.close()
        return whole

    def drain(self, hours: float = 4) -> int:
        """All that is queued, and what falls due within this time; a killed batch comes back at its end. How
        many messages that were."""
        end, back, handled = self.clock.now() + timedelta(hours=hours), list[Any](), 0
        while True:
            for entity in ENTITIES:
                while events := self.world.receive(entity, BATCH):
                    handled += len(events)
                    back += self._handled(events)
            due = self.world.queue.next_visible()
            if due is None or due > end:
                if not back:
                    return handled
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

    # ------------------------------------------------------------ what came of it

    def rows(self, resource: str, field: str = "extId") -> Counter[str]:
        return Counter(str(row[field]) for row in self.ask(self.crm, "GET", f"records/{resource}"))

    def calls(self) -> Mapping[str, int]:
        return dict(self.ask(self.crm, "GET", "calls")["calls"])


def _person(number: int, customers: int) -> dict[str, Any]:
    chance = Random(number)
    return {
        "accountRef": f"C{number % customers:05}",
        "contact": f"{chance.choice(_FIRST)} {chance.choice(_LAST)}{chance.randrange(300) or ''}",
        "email": f"person{number:05}@example.test",
        "addressType": 1,
    }


_FIRST = ("Ann", "Bob", "Carl", "Dora", "Ed", "Fay", "Gus", "Hal", "Ida", "Joe", "Kim", "Lou", "May")
_LAST = ("Ash", "Brook", "Cole", "Dean", "Elm", "Ford", "Glen", "Hill", "Ives", "Jay", "Kerr")

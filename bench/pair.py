"""Vtiger and Sage Business Accounting, emulated, with a live integration between them: both vendors' calls
are counted, and on moto every request to AWS too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

import httpx
import pytest
from moto import mock_aws
from moto.dynamodb.models.table import Table
from moto.sqs.models import SQSBackend

from bench.aws_requests import AwsRequests
from bench.site import ENVIRONMENT, MovableClock
from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app as sage_accounting
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.vtiger.app import build_app as vtiger
from local.vendors.vtiger.options import VtigerOptions
from shared.bootstrap import Services, open_services
from shared.domain.link import ChangeEvent
from shared.domain.run_ids import new_run_id
from shared.mapping.compile import compile_flow
from shared.operations.defer import wake_due
from shared.operations.handle_batch import Message, handle
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from shared.ports import IntegrationStore, Stores
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.aws import open_stores
from shared.stores.memory import MemoryWorld
from tests.contract.stores_world import OnMoto

FLOW = "vtiger--sage_accounting"
BUSINESS = "b0510e55000000000000000000000001"
ENTITIES = ("account", "contact", "product", "service", "invoice")
BATCH = 50
_client = httpx.Client(timeout=120)


class Platform(Protocol):
    """Where links, queues and logs are."""

    @property
    def env(self) -> Environment: ...
    @property
    def integrations(self) -> IntegrationStore: ...
    @property
    def aws(self) -> AwsRequests: ...

    def stores(self) -> Stores: ...
    def messages(self, entity: str) -> list[ChangeEvent]: ...


class Memory:
    """The memory twins: quick, and nothing is asked of AWS."""

    def __init__(self, clock: MovableClock) -> None:
        self.env, self.aws, self.world = ENVIRONMENT, AwsRequests(), MemoryWorld(clock.now)
        self.integrations = self.world.integrations

    def stores(self) -> Stores:
        return self.world.stores("main")

    def messages(self, entity: str) -> list[ChangeEvent]:
        return self.world.receive(entity, 1000)


class Moto:
    """The AWS stores; `aws` counts what they ask."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock, self.moto, self.aws = clock, OnMoto(), AwsRequests()
        self.env = replace(self.moto.env, allow_local=True)
        self.aws.watch(self.moto.clients)
        self.integrations, self.messages = self.moto.integrations, self.moto.messages

    def stores(self) -> Stores:
        return open_stores(self.env, "main", self.moto.clients, self.clock.now)


class Pair:
    """`crm` and `sage` are the vendors' addresses; `aws` counts requests."""

    def __init__(
        self, crm: str, sage: str, directions: dict[str, str], platform: type[Memory | Moto]
    ) -> None:
        self.crm, self.sage, self.clock, self._turns = crm, sage, MovableClock(), 0
        self._skipped = 0.0
        self.platform: Platform = platform(self.clock)
        self.aws = self.platform.aws
        self.flow = compile_flow(FLOW, {}, directions)
        connections = {
            "vtiger": Connection("vtiger", {"url": crm}),
            "sage_accounting": Connection(
                "sage_accounting", {"url": sage, "token_url": f"{sage}/token", "business": BUSINESS}
            ),
        }
        integrations = self.platform.integrations
        integrations.save(
            Integration(
                "main", FLOW, connections, directions=directions, brake={"records": 100_000, "percent": 100}
            )
        )
        integrations.change_state(
            "main", IntegrationState(), IntegrationState(live=True, rules_version=self.flow.version)
        )
        grant = self.post(sage, "grant", {})["refresh_token"]
        secrets = self.platform.stores().secrets
        secrets.put("vtiger", {"user": "tieout", "access_key": "TieoutAccessKey1"})
        secrets.put(
            "sage_accounting",
            {"client_id": "demo-client", "client_secret": "demo-secret", "refresh_token": grant},
        )

    def tick(self) -> int:
        """One cycle of the clock; how many records it queued."""
        services, queued = self._services(), 0
        try:
            wake_due(services.stores, self.clock.now())
            for task in tasks(services, "poll", new_run_id(self.clock.now())):
                polled = poll(services, task)
                assert not polled.stopped, polled.stopped
                queued += polled.queued
        finally:
            services.close()
        return queued

    def drain(self) -> None:
        for entity in ENTITIES:
            while events := self.platform.messages(entity):
                for start in range(0, len(events), BATCH):
                    batch = [
                        Message(str(number), one) for number, one in enumerate(events[start : start + BATCH])
                    ]
                    done = handle(batch, lambda name: self._services())
                    assert not done.errors, done.errors[0]

    def settle(self, most: int = 8) -> None:
        """Cycles until one finds nothing."""
        for _ in range(most):
            self.pass_time()
            if not self.tick():
                return
            self.drain()
        raise AssertionError(f"still busy after {most} cycles")

    def pass_time(self, seconds: float = 900) -> None:
        """Here and at both vendors, whose stamps and tokens live by their own clocks."""
        self.clock.sleep(seconds)
        self._skipped += seconds
        for vendor in (self.crm, self.sage):
            self.post(vendor, "clock", {"shift_seconds": self._skipped})

    def forget(self) -> None:
        self.aws.clear()
        for vendor in (self.crm, self.sage):
            for what in ("calls", "writes"):
                _client.delete(f"{vendor}/_admin/{what}").raise_for_status()

    def calls(self, vendor: str) -> dict[str, int]:
        found = _client.get(f"{vendor}/_admin/calls").raise_for_status().json()
        return dict(found.get("calls", found))

    def writes(self) -> int:
        """Records written at both vendors through their APIs."""
        return sum(
            len(_client.get(f"{vendor}/_admin/writes").raise_for_status().json())
            for vendor in (self.crm, self.sage)
        )

    def post(self, vendor: str, what: str, rows: Any) -> Any:
        answer = _client.post(f"{vendor}/_admin/{what}", json=rows)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def list(self, vendor: str, what: str) -> list[dict[str, Any]]:
        found = _client.get(f"{vendor}/_admin/{what}").raise_for_status().json()
        return list(found)

    def _services(self) -> Services:
        self._turns += 1
        here = self.platform
        return open_services(
            "main",
            stores=here.stores(),
            integrations=here.integrations,
            environment=here.env,
            owner=f"worker-{self._turns}",
            deadline=self.clock.now() + timedelta(minutes=5),
            clock=self.clock,
        )


@contextmanager
def pair(directions: dict[str, str], platform: type[Memory | Moto]) -> Iterator[Pair]:
    with (
        pytest.MonkeyPatch.context() as patch,
        mock_aws(),
        serve(vtiger(VtigerOptions(version="8.1.0"))) as crm,
        serve(sage_accounting(SageAccountingOptions())) as ledger,
    ):
        # See bench/installation.py: moto copies tables and counts queues for what nothing here asks of it.
        patch.setattr(Table, "__deepcopy__", lambda table, memo: table, raising=False)
        patch.setattr(SQSBackend, "is_message_valid_based_on_retention_period", lambda *_: True)
        yield Pair(crm.url, ledger.url, directions, platform)

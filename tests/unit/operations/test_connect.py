"""Webhooks that only a person can enter at the vendor: their address is shown once, and made anew when asked
for."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.bootstrap import Services, open_services
from shared.operations.connect import connect
from shared.operations.receive_webhook import token_digest
from shared.operations.schedule import keep_alive
from shared.ports import Finding
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.systems.memory import MemorySystem

FLOW = "vtiger--sage_accounting"
ENVIRONMENT = Environment(
    "state", "log", "archive", "key", "secret/", "queue/", "queue/poll", allow_local=True
)


class HandClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 27, 9, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        return None


class Ending(MemorySystem):
    """A connection that ends soon, or has ended."""

    level: Any = "warning"

    def keep_alive(self) -> list[Finding]:
        return [Finding(self.level, "sign-in", "The sign-in ends on 3 December 2026: reconnect.")]


def services(sage: type[MemorySystem] = MemorySystem) -> Services:
    clock = HandClock()
    world = MemoryWorld(clock.now)
    connections = {
        name: Connection(name, {"url": "http://127.0.0.1:1"}) for name in ("vtiger", "sage_accounting")
    }
    world.integrations.save(Integration("trade", FLOW, connections))
    world.integrations.change_state("trade", IntegrationState(), IntegrationState(live=True))
    stores = world.stores("trade")
    for name in connections:
        stores.secrets.put(name, {"key": "x"})
    registry = {
        "vtiger": lambda parts: MemorySystem("vtiger", clock),
        "sage_accounting": lambda parts: sage("sage", clock),
    }
    return open_services(
        "trade",
        stores=stores,
        integrations=world.integrations,
        environment=ENVIRONMENT,
        owner="test",
        deadline=clock.now() + timedelta(minutes=5),
        clock=clock,
        registry=registry,
    )


def test_vtigers_webhook_addresses_are_shown_once() -> None:
    opened = services()
    found = connect(opened, "vtiger", "https://hooks.example/")
    shown = [one.message for one in found if one.subject.startswith("webhook for")]
    assert (
        len(shown) == 5
        and "https://hooks.example/trade/vtiger/" in shown[0]
        and "?object=Accounts" in shown[0]
    )
    token = shown[0].partition("/vtiger/")[2].partition("?")[0]
    stored = opened.integrations.load("trade").webhook_tokens["vtiger"]
    assert [one.digest for one in stored] == [token_digest(token)]
    again = [one for one in connect(opened, "vtiger", "https://hooks.example/") if "webhook" in one.subject]
    assert len(again) == 1 and token not in again[0].message
    connect(opened, "vtiger", "https://hooks.example/", renew=True)
    assert [one.digest for one in opened.integrations.load("trade").webhook_tokens["vtiger"]][
        1
    ] == token_digest(token)


def test_a_connection_that_ends_soon_is_told_once_a_day_and_one_that_ended_is_paused() -> None:
    opened = services(Ending)
    for _ in range(3):
        keep_alive(opened)
    told = [run for run in opened.stores.log.runs() if run.state == "warning"]
    assert len(told) == 1 and "ends on 3 December" in told[0].message
    assert opened.stores.gate.read(["sage_accounting"])["sage_accounting"].state == "ok"
    Ending.level = "error"
    try:
        keep_alive(opened)
    finally:
        Ending.level = "warning"
    gate = opened.stores.gate.read(["sage_accounting"])["sage_accounting"]
    assert gate.state == "paused" and "reconnect" in gate.reason

"""`tieout console` on a deployed stack: the address, the end of sessions, and who did what."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from local.cli import console as command
from local.cli.main import app
from shared.ports.audit import Entry
from shared.settings import Integration
from shared.stores.memory import MemoryWorld
from tests.contract.stores_world import START
from tests.sign_in_provider import session_of


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> MemoryWorld:
    made = MemoryWorld(lambda: START)
    made.integrations.save(Integration("shop", "sugarcrm--sage_50", {}))
    target = SimpleNamespace(
        endpoint=None,
        outputs={"UserPool": "eu-west-2_Pool"},
        address=lambda _: "https://console.example/",
        integrations=lambda: made.integrations,
        console=lambda: made.console,
    )
    monkeypatch.setattr(command, "open_target", lambda _: target)
    return made


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["console", "--stack", "tieout", *words])


def test_it_says_where_the_console_is_and_where_people_are_added(world: MemoryWorld) -> None:
    shown = run().output
    assert "https://console.example/shop/" in shown and "eu-west-2_Pool" in shown
    assert json.loads(run("--json").output)["address"] == "https://console.example/shop/"
    assert run("--role", "boss").exit_code == 2


@pytest.mark.parametrize(("who", "ended"), [("ann@example.com", 2), ("p-1", 2), ("all", 2), ("bob", 0)])
def test_it_signs_people_out_everywhere(world: MemoryWorld, who: str, ended: int) -> None:
    session_of(world.console)
    session_of(world.console)
    assert json.loads(run("--end-sessions", who, "--json").output) == {"ended": ended}
    assert world.console.sessions.end_all() == 2 - ended


def test_it_shows_who_did_what_newest_first(world: MemoryWorld) -> None:
    later = START + timedelta(minutes=1)
    world.console.audit.note(Entry(START, "p-1", "ann", "sign in", detail="admin", result="done", id="1"))
    world.console.audit.note(
        Entry(later, "p-1", "ann", "retry", "shop", "sugarcrm", "sales_order", "o1", id="2")
    )
    first, second = run("--trail").output.splitlines()
    assert "ann  shop  retry  sugarcrm sales_order o1  not finished" in first
    assert second.endswith("ann  sign in  admin  done")
    assert [one["action"] for one in json.loads(run("--trail", "--json").output)] == ["retry", "sign in"]
    assert len(run("--trail", "--integration", "shop").output.splitlines()) == 2

"""`tieout recover`: every integration looks first from now on, and every list is read once; with the tables
gone, the settings file says what there was."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli import recover as module
from local.cli.main import app
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld

SETTINGS = """\
[integration.north]
flow = "sugarcrm--sage_50"
live = true
[integration.north.sugarcrm]
url = "https://crm.example.com"
user = "sync"
password = "none"
[integration.north.sage_50]
url = "https://sage.example.com"
token = "none"
"""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    world, queued = MemoryWorld(), list[tuple[str, Any]]()
    target: Any = SimpleNamespace(stores=world.stores, integrations=lambda: world.integrations)

    def queue(target: object, name: str, entity: str | None) -> list[str]:
        assert world.integrations.state(name).recovering_since, "no list may be read before it is marked"
        queued.append((name, entity))
        return ["run"]

    monkeypatch.setattr(module, "open_target", lambda stack: target)
    monkeypatch.setattr(module, "queue_polls", queue)
    return SimpleNamespace(integrations=world.integrations, world=world, queued=queued)


def tieout(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["recover", *arguments])


def test_all_integrations_or_one_are_marked_and_read(here: SimpleNamespace) -> None:
    for name in ("north", "south"):
        connections = {system: Connection(system) for system in ("sugarcrm", "sage_50")}
        here.integrations.save(Integration(name, "sugarcrm--sage_50", connections))
    here.integrations.change_state("south", IntegrationState(), IntegrationState(live=True))
    assert tieout("--integration", "south").exit_code == 0
    assert here.integrations.state("north").recovering_since is None
    done = tieout()
    assert done.exit_code == 0 and "--go-live` ends that" in done.output
    assert here.queued == [("south", None), ("north", None), ("south", None)]
    assert here.integrations.state("south").live, "nothing else of the state is touched"


def test_with_the_tables_gone_the_settings_file_says_what_there_was(
    here: SimpleNamespace, tmp_path: Any
) -> None:
    assert tieout().exit_code == 2
    file = tmp_path / "settings.toml"
    file.write_text(SETTINGS)
    (told,) = json.loads(tieout("--settings", str(file), "--json").stdout)
    assert told == {"integration": "north", "live": True, "polls": ["run"]}
    assert here.integrations.load("north").flow == "sugarcrm--sage_50"
    assert here.world.stores("north").secrets.get("sage_50") == {"token": "none"}

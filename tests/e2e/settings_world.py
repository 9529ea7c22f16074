"""The command line over a stack in memory, with emulated vendors over real HTTP: for commands that try or
store settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli import _trying
from local.cli import connect as module
from local.cli.connect import stored
from local.cli.main import app
from local.settings_file import load
from local.stack.integrations import store
from local.stack.launch import StackFault
from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import SugarOptions
from shared.ports import IntegrationStore, Stores
from shared.settings import Integration
from shared.stores.memory import MemoryWorld

SETTINGS = """\
[integration.acme]
flow = "sugarcrm--sage_50"
live = true
rules = "rules"

[integration.acme.sugarcrm]
url = "{sugarcrm}"
user = "sync"
password = "sync-password"

[integration.acme.sage_50]
url = "{sage_50}"
token = "demo-token"
"""
FLOW, ORDER = "flows/sugarcrm--sage_50.toml", "systems/sugarcrm/sales_order.toml"


@contextmanager
def vendors() -> Iterator[dict[str, str]]:
    with serve(sugarcrm(SugarOptions(cron_seconds=0))) as crm, serve(hyperaccounts(HyperOptions())) as sage:
        yield {"sugarcrm": crm.url, "sage_50": sage.url}


@dataclass
class Stack:
    """A stack in memory, as far as these commands look at it."""

    world: MemoryWorld = field(default_factory=MemoryWorld)
    environment: Any = field(default_factory=lambda: SimpleNamespace(allow_local=True))
    endpoint: str | None = None

    def stores(self, integration: str) -> Stores:
        return self.world.stores(integration)

    def integrations(self) -> IntegrationStore:
        return self.world.integrations


@dataclass
class Desk:
    """A person with a settings file, a rules folder and a terminal."""

    folder: Path
    patch: pytest.MonkeyPatch
    addresses: dict[str, str]
    stack: Stack = field(default_factory=Stack)

    def __post_init__(self) -> None:
        self.rule(FLOW, "# as shipped\n")
        self.write(SETTINGS)
        self.patch.setattr(_trying, "open_target", lambda stack: self.stack)
        self.patch.setattr(_trying, "read_target", lambda stack: self._reading())
        self.patch.setattr(_trying, "remembered_settings", lambda target: self.file)
        self.patch.setattr(module, "open_target", lambda stack: self.stack)
        self.there = True

    @property
    def file(self) -> Path:
        return self.folder / "settings.toml"

    def write(self, text: str) -> None:
        for system, url in self.addresses.items():
            text = text.replace("{" + system + "}", url)
        self.file.write_text(text, "utf-8")

    def rule(self, name: str, text: str) -> None:
        path = self.folder / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def started(self) -> None:
        """As `tieout up` stores the file."""
        store(load(self.file), self.stack.integrations(), lambda name: self.stack.stores(name).secrets)

    def stored(self) -> Integration:
        return self.stack.integrations().load("acme")

    def everything(self) -> dict[str, Any]:
        """All that the stack holds of what these commands may store."""
        stores, integrations = self.stack.stores("acme"), self.stack.integrations()
        return {
            "integrations": [integrations.load_with_state(name) for name in integrations.names()],
            "secrets": {system: stored(stores.secrets, system) for system in self.addresses},
            "links": list(stores.links.all()),
        }

    def tieout(self, *arguments: str, typed: str | None = None) -> Result:
        """`typed`: what is entered at a terminal; None: there is none."""
        return CliRunner(env={"COLUMNS": "400"}).invoke(app, list(arguments), input=typed)

    @contextmanager
    def _reading(self) -> Iterator[Stack]:
        if not self.there:
            raise StackFault("There is no local stack yet.")
        yield self.stack

"""The console over a stack in memory with emulated vendors over real HTTP, and the function that does what
the console asks for: for connecting systems in a browser."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx

from shared.bootstrap import Services, open_services
from shared.bootstrap_deployment import Deployment
from shared.console.reply import Reply
from shared.errors import BadCredentials
from shared.operations.connect_asked import run_asked
from shared.operations.poll_messages import ConnectionTask, message_of
from shared.ports import Finding, Stores
from shared.ports.asked import Asked
from shared.ports.sessions import Provider
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from tests.browser.console_world import KEY, Console, Letters
from tests.properties.rig import NAME
from tests.sign_in_provider import session_of

ADDRESS = "https://console.example"
BACK = f"{ADDRESS}/-/connected"
SAGE_SECRET = {"client_id": "demo-client", "client_secret": "demo-secret"}
FLOWS = {
    "sugarcrm": ("sugarcrm--sage_50", "sage_50"),
    "sage_50": ("sugarcrm--sage_50", "sugarcrm"),
    "vtiger": ("vtiger--sage_accounting", "sage_accounting"),
    "sage_accounting": ("vtiger--sage_accounting", "vtiger"),
    "sage_sales_management": ("sage_sales_management--sage_50", "sage_50"),
}


class Office(Console):
    """One connection that is not connected yet, and a person at the console. `kept` is all that the console
    handed to anybody: replies, messages, audit trail."""

    def __init__(self, system: str, url: str, *grants: str, live: bool = False, **options: str) -> None:
        self.system, self.url, self.world = system, url, MemoryWorld()
        flow, other = FLOWS[system]
        connections = {
            system: Connection(system, {"url": url, **options}),
            other: Connection(other, {"url": "http://127.0.0.1:1"}),
        }
        self.world.integrations.save(Integration(NAME, flow, connections))
        if live:
            self.world.integrations.change_state(NAME, IntegrationState(), IntegrationState(live=True))
        self.world.provider.provider = Provider("https://issuer", "client", f"{ADDRESS}/")
        self.letters = Letters()
        made = SimpleNamespace(
            integrations=self.world.integrations,
            services=self._services,
            stores=self.world.stores,
            env=SimpleNamespace(allow_local=True),
            polls=self.world.polls,
            dead_letters=self.letters,
            owner="worker",
            deadline=datetime.now(UTC) + timedelta(minutes=5),
            console=SimpleNamespace(stores=self.world.console, web=None, local=True),
        )
        self.deployment = cast(Deployment, made)
        self.cookie, self.token = session_of(self.world.console, *grants, key=KEY)
        self.kept: list[str] = []

    def _services(self, name: str) -> Services:
        return open_services(
            name,
            stores=self.world.stores(name),
            integrations=self.world.integrations,
            environment=self.deployment.env,
            owner="console",
            deadline=self.deployment.deadline,
        )

    def ask(self, *parts: Any, **more: Any) -> Reply:
        reply = super().ask(*parts, **more)
        self.kept += [reply.body, reply.location, str(reply.headers)]
        return reply

    @property
    def stores(self) -> Stores:
        return self.world.stores(NAME)

    def press(self, action: str, **form: str) -> Reply:
        """As its form has it: what is neither asked nor chosen is a field of the credentials."""
        plain = ("country", "choice", "sure")
        named = {name if name in plain else f"secret-{name}": value for name, value in form.items()}
        return self.post(f"connection-{action}", system=self.system, **named)

    def page(self, **query: str) -> str:
        return self.get("connection", system=self.system, **query).body

    def work(self) -> list[Finding]:
        """What the function that polls does with what is on its queue."""
        found = []
        for _, message in self.world.polls.receive(100):
            self.kept.append(str(message))
            task = message_of(message)
            assert isinstance(task, ConnectionTask)
            found += run_asked(self.deployment, task)
        return found

    def secret(self) -> dict[str, str]:
        try:
            return self.stores.secrets.get(self.system)
        except BadCredentials:
            return {}

    def trail(self) -> list[str]:
        entries = self.world.console.audit.newest(NAME)
        self.kept += [str(one) for one in entries]
        return [f"{one.action}: {one.result}" for one in entries]

    # Sage's page

    def begin(self, **form: str) -> dict[str, str]:
        """To Sage's page, where the access is allowed: what the browser brings back."""
        reply = self.press("begin", **form)
        shown = self.follow(reply)
        assert shown.status == 200, reply.location
        return self.at_sage(dict(shown.headers)["Refresh"].partition("url=")[2])

    def at_sage(self, address: str, **more: str) -> dict[str, str]:
        assert address.startswith(self.url)
        found = httpx.get(address, params=None, trust_env=False)
        assert found.status_code == 302, found.text
        location = found.headers["Location"]
        assert location.startswith(BACK)
        return dict(parse_qsl(urlsplit(location).query))

    def come_back(self, query: Mapping[str, str], **more: Any) -> Reply:
        return self.ask("GET", "/-/connected", query=query, **more)


def asked(kind: Any, system: str, at: datetime | None = None) -> Asked:
    return Asked("id-1", kind, system, "ann@example.com", at or datetime.now(UTC))

"""Connecting with wrong credentials while a connection works: it is said, nothing is stored, and the
connection goes on. For every system, against its emulated vendor over real HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from local.cli import oauth
from local.cli._proving import prove
from local.cli.connect import sign_in
from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sage_accounting.app import build_app as sage_accounting
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_sales_management.app import build_app as sage_sales_management
from local.vendors.sage_sales_management.options import SalesOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import SugarOptions
from local.vendors.vtiger.app import build_app as vtiger
from local.vendors.vtiger.options import VtigerOptions
from shared.errors import BadCredentials
from shared.operations.proposed import Proposed
from shared.ports import Finding, IntegrationStore, Stores, Token
from shared.settings import Connection, Integration
from shared.stores.memory import MemoryWorld

SUGAR = {"user": "sync", "password": "sync-password"}
VTIGER = {"user": "tieout", "access_key": "TieoutAccessKey1"}
SALES = {"public_key": "demo-public", "private_key": "demo-private"}
SAGE = {"client_id": "demo-client", "client_secret": "demo-secret"}
CASES: dict[str, tuple[str, str, dict[str, str], dict[str, str], list[dict[str, str]]]] = {
    "sugarcrm v11": ("sugarcrm", "sugarcrm", {"api": "v11"}, SUGAR, [{"password": "x"}, {"user": "x"}]),
    "sugarcrm v4_1": ("sugarcrm", "sugarcrm", {"api": "v4_1"}, SUGAR, [{"password": "x"}, {"user": "x"}]),
    "vtiger": ("vtiger", "vtiger", {}, VTIGER, [{"access_key": "x"}, {"user": "x"}]),
    "vtiger cloud": ("vtiger", "cloud", {"api": "cloud"}, VTIGER, [{"access_key": "x"}, {"user": "x"}]),
    "sage_sales_management": (
        "sage_sales_management",
        "sage_sales_management",
        {"owner": "emma@example.test"},
        SALES,
        [{"private_key": "x"}, {"public_key": "x"}],
    ),
    "sage_50": ("sage_50", "sage_50", {}, {"token": "demo-token"}, [{"token": "x"}]),
    "sage_accounting": (
        "sage_accounting",
        "sage_accounting",
        {},
        SAGE,
        [{"client_secret": "x"}, {"client_id": "x"}, {"refresh_token": "x", "client_id": "x"}],
    ),
}
"""system, server, options, right credentials, and what is wrong in turn."""


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    apps: dict[str, Any] = {
        "sugarcrm": sugarcrm(SugarOptions(cron_seconds=0)),
        "vtiger": vtiger(VtigerOptions(version="8.1.0", minute_limit=0)),
        "cloud": vtiger(VtigerOptions(version="8.4.0", door="cloud", minute_limit=0)),
        "sage_sales_management": sage_sales_management(SalesOptions()),
        "sage_50": hyperaccounts(HyperOptions()),
        "sage_accounting": sage_accounting(SageAccountingOptions()),
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(serve(app)).url for name, app in apps.items()}


@dataclass
class Stack:
    """A stack in memory, as far as connecting looks at it."""

    world: MemoryWorld = field(default_factory=MemoryWorld)
    environment: Any = field(default_factory=lambda: SimpleNamespace(allow_local=True))

    def stores(self, integration: str) -> Stores:
        return self.world.stores(integration)

    def integrations(self) -> IntegrationStore:
        return self.world.integrations


@dataclass
class Office:
    """One connection, and a person who connects it."""

    url: str
    system: str
    stack: Stack = field(default_factory=Stack)

    def connect(self, secret: Mapping[str, str], options: Mapping[str, str] | None = None) -> list[Finding]:
        """As from a settings file that says this."""
        proposed = Proposed(self.stack)
        proposed.secrets("acme").put(self.system, secret)
        if options:
            proposed.integrations().save(self.integration(options))
        if self.system == "sage_accounting":
            sign_in(proposed, "acme", "sage_accounting", oauth.Wishes(), self.secret(), from_file=True)
        return prove(proposed, "acme", self.system)

    def integration(self, options: Mapping[str, str]) -> Integration:
        other = {"sugarcrm": "sage_50", "sage_50": "sugarcrm", "vtiger": "sage_accounting"}
        names = {self.system, other.get(self.system, "vtiger")}
        flow = "sugarcrm--sage_50" if "sage_50" in names else "vtiger--sage_accounting"
        if self.system == "sage_sales_management":
            flow, names = "sage_sales_management--sage_50", {self.system, "sage_50"}
        connections = {name: Connection(name, {"url": "http://127.0.0.1:1"}) for name in names}
        connections[self.system] = Connection(self.system, {"url": self.url, **options})
        return Integration("acme", flow, connections)

    def secret(self) -> dict[str, str]:
        try:
            return self.stack.stores("acme").secrets.get(self.system)
        except BadCredentials:
            return {}

    def token(self) -> Token | None:
        return self.stack.stores("acme").tokens.load(self.system)


def opened(servers: Mapping[str, str], case: str) -> tuple[Office, dict[str, str], dict[str, str]]:
    """A connection that works, its credentials and its options."""
    system, server, options, secret, _ = CASES[case]
    office, url = Office(servers[server], system), servers[server]
    if system == "sage_accounting":
        grant = httpx.post(f"{url}/_admin/grant", json={}, trust_env=False).json()
        secret = {**secret, "refresh_token": str(grant["refresh_token"])}
        business = SageAccountingOptions().businesses[0].id
        options = {**options, "token_url": f"{url}/token", "business": business}
    office.stack.integrations().save(office.integration(options))
    assert errors(office.connect(secret)) == []
    assert office.secret() == secret
    return office, secret, options


def errors(findings: list[Finding]) -> list[str]:
    return [one.message for one in findings if one.level == "error"]


@pytest.mark.parametrize("case", CASES)
def test_wrong_credentials_are_said_and_not_stored_and_the_connection_goes_on(
    servers: dict[str, str], case: str
) -> None:
    office, secret, _ = opened(servers, case)
    office.stack.stores("acme").gate.pause(office.system, "the password was changed")
    token = office.token()
    for wrong in CASES[case][4]:
        try:
            findings = office.connect({**secret, **wrong})
        except BadCredentials as fault:
            findings = [Finding("error", "sign-in", str(fault)), Finding("warning", "", "Nothing was stored")]
        assert errors(findings) and findings[-1].message.startswith("Nothing was stored"), (wrong, findings)
        assert not [one for one in findings if one.subject == "sign-in" and one.level == "ok"]
        assert office.secret() == secret and office.token() == token, wrong
    gate = office.stack.stores("acme").gate
    assert gate.read([office.system])[office.system].state == "paused"
    assert errors(office.connect(secret)) == []
    assert gate.read([office.system])[office.system].state == "ok"


@pytest.mark.parametrize("case", CASES)
def test_settings_that_fail_the_check_are_not_stored_either(servers: dict[str, str], case: str) -> None:
    office, secret, options = opened(servers, case)
    before = office.stack.integrations().load("acme")
    elsewhere = "http://127.0.0.1:9"
    changed = {**options, "url": elsewhere, "token_url": f"{elsewhere}/token"}
    token = office.token()
    assert errors(office.connect(secret, changed))
    assert office.stack.integrations().load("acme") == before and office.token() == token


def test_another_systems_credentials_in_the_file_are_proved_before_they_replace_any(
    servers: dict[str, str],
) -> None:
    office, secret, options = opened(servers, "sugarcrm v11")
    integration = office.integration(options)
    ledger = Connection("sage_50", {"url": servers["sage_50"]})
    integration = replace(integration, connections={**integration.connections, "sage_50": ledger})
    office.stack.integrations().save(integration)
    secrets = office.stack.stores("acme").secrets
    for stored, given, fine in (({}, "x", True), ({"token": "demo-token"}, "x", False)):
        proposed = Proposed(office.stack)
        proposed.secrets("acme").put("sugarcrm", secret)
        proposed.secrets("acme").put("sage_50", {"token": given})
        if stored:
            secrets.put("sage_50", stored)
        found = errors(prove(proposed, "acme", "sugarcrm"))
        assert (found == []) is fine and secrets.get("sage_50") == ({"token": given} if fine else stored)


def test_what_was_proved_is_stored_with_the_settings_that_it_was_proved_with(servers: dict[str, str]) -> None:
    office, _, options = opened(servers, "sugarcrm v11")
    admin = {"user": "admin", "password": "admin-password"}
    assert errors(office.connect(admin, {**options, "settle_seconds": "7"})) == []
    assert office.secret() == admin
    kept = office.stack.integrations().load("acme").connections["sugarcrm"].options
    assert kept["settle_seconds"] == "7"


def test_a_new_first_refresh_token_of_sage_is_proved_by_renewing_it(servers: dict[str, str]) -> None:
    office, secret, _ = opened(servers, "sage_accounting")
    grant = httpx.post(f"{office.url}/_admin/grant", json={}, trust_env=False).json()
    before = office.token()
    assert errors(office.connect({**secret, "refresh_token": str(grant["refresh_token"])})) == []
    after = office.token()
    assert before and after and after.generation > before.generation
    assert office.secret()["refresh_token"] == grant["refresh_token"]
    with pytest.raises(BadCredentials):
        office.connect({**secret, "refresh_token": "never given out"})
    assert office.secret()["refresh_token"] == grant["refresh_token"] and office.token() == after

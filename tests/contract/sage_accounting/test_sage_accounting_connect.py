"""Connecting Sage Accounting from the command line, against the emulated sign-in over real HTTP and without a
person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from typer.testing import CliRunner, Result

from local.cli import connect as command
from local.cli import oauth
from local.cli._app import Usage
from local.cli.main import app
from local.cli.oauth import Wishes
from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app
from local.vendors.sage_accounting.options import SageAccountingOptions
from shared.bootstrap import SIGN_INS
from shared.errors import BadCredentials
from shared.ports import IntegrationStore, Stores
from shared.settings import Connection, Integration
from shared.stores.memory import MemoryWorld
from tests.contract.sage_accounting_bench import SECRET

SAGE = SIGN_INS["sage_accounting"]
BUSINESSES = [one.id for one in SageAccountingOptions().businesses]


@dataclass
class Target:
    """A stack in memory, as far as connecting looks at it."""

    world: MemoryWorld = field(default_factory=MemoryWorld)
    environment: Any = field(default_factory=lambda: SimpleNamespace(allow_local=True))

    def stores(self, name: str) -> Stores:
        return self.world.stores(name)

    def integrations(self) -> IntegrationStore:
        return self.world.integrations


@pytest.fixture(scope="module")
def sage() -> Iterator[str]:
    with serve(build_app(SageAccountingOptions(auto_allow=True))) as running:
        yield running.url


@pytest.fixture
def target(sage: str) -> Target:
    found = Target()
    options = {
        "url": sage,
        "token_url": f"{sage}/token",
        "authorize_url": f"{sage}/oauth2/auth/central",
        "country": "gb",
    }
    found.integrations().save(
        Integration(
            "acme",
            "sugarcrm--sage_50",
            {
                "sage_accounting": Connection("sage_accounting", options),
                "sugarcrm": Connection("sugarcrm", {}),
                "sage_50": Connection("sage_50", {}),
            },
        )
    )
    found.stores("acme").secrets.put("sage_accounting", SECRET)
    return found


def browse(url: str) -> None:
    """A browser whose user allows everything."""
    answer = httpx.get(url, follow_redirects=True, trust_env=False)
    assert answer.status_code == 200 and "Go back to the terminal" in answer.text


def test_signing_in_stores_a_pair_that_works_and_the_business_that_was_named(target: Target) -> None:
    shown: list[str] = []

    def browser(url: str) -> None:
        shown.append(url)
        Thread(target=browse, args=(url,)).start()

    wishes = Wishes(port=0, show=browser, chosen=BUSINESSES[1])
    oauth.sign_in(target, "acme", "sage_accounting", wishes)  # type: ignore[arg-type]
    query = {name: values[0] for name, values in parse_qs(urlsplit(shown[0]).query).items()}
    assert (query["country"], query["scope"], query["filter"]) == ("gb", "full_access", "apiv3.1")
    assert query["code_challenge_method"] == "S256" and query["redirect_uri"].endswith("/callback")
    first = target.stores("acme").tokens.load("sage_accounting")
    assert first is not None and first.generation == 1
    oauth.choose(target, "acme", "sage_accounting", wishes.chosen)  # type: ignore[arg-type]
    assert (
        target.integrations().load("acme").connections["sage_accounting"].options["business"] == BUSINESSES[1]
    )
    oauth.sign_in(target, "acme", "sage_accounting", wishes)  # type: ignore[arg-type]
    again = target.stores("acme").tokens.load("sage_accounting")
    assert (
        again is not None
        and again.generation == 2
        and again.value["refresh_token"] != first.value["refresh_token"]
    )
    with pytest.raises(Usage, match="no access to a business “elsewhere”"):
        oauth.choose(target, "acme", "sage_accounting", "elsewhere")  # type: ignore[arg-type]


def test_a_strangers_answer_and_a_refusal_end_the_sign_in_with_a_sentence(target: Target, sage: str) -> None:
    def forged(url: str) -> None:
        redirect = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        httpx.get(redirect, params={"code": "GB/1", "state": "guessed"}, trust_env=False)

    def refused(url: str) -> None:
        httpx.get(
            url,
            params={**dict(httpx.QueryParams(urlsplit(url).query)), "decision": "deny"},
            follow_redirects=True,
            trust_env=False,
        )

    for show, said in ((forged, "state differs"), (refused, "access_denied"), (lambda url: None, "in time")):
        with pytest.raises(BadCredentials, match=said):
            oauth.sign_in(target, "acme", "sage_accounting", Wishes(port=0, show=show, patience=0.5))  # type: ignore[arg-type]
    assert target.stores("acme").tokens.load("sage_accounting") is None


def test_the_only_business_is_chosen_and_of_several_a_person_chooses() -> None:
    rows = [{"id": "a", "name": "A", "active": True}, {"id": "b", "name": "B", "active": False}]
    assert oauth.choice(SAGE, rows, "", lambda: "never") == "a"
    assert oauth.choice(SAGE, [*rows, {"id": "c", "name": "C", "active": True}], "", lambda: "c") == "c"
    for wanted, found in (("b", rows), ("", rows[1:])):
        with pytest.raises(Usage):
            oauth.choice(SAGE, found, wanted, lambda: "never")


def test_without_a_terminal_the_businesses_are_listed_and_the_sign_in_is_not_lost(
    target: Target, sage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tieout(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["connect", "sage_accounting", "--no-browser", *arguments])

    monkeypatch.setattr(command, "open_target", lambda stack: target)
    monkeypatch.setattr(oauth, "print_address", lambda url: Thread(target=browse, args=(url,)).start())
    for name, value in SECRET.items():
        monkeypatch.setenv(f"TIEOUT_SAGE_ACCOUNTING_{name}".upper(), value)
    asked = tieout("--port", "0")
    said = " ".join(asked.output.split())
    assert asked.exit_code == 2 and "--keep --business ID" in said and "Aborted" not in said, said
    assert all(f"{one.id} is {one.name}" in said for one in SageAccountingOptions().businesses)
    token = target.stores("acme").tokens.load("sage_accounting")
    assert token is not None and token.generation == 1
    monkeypatch.setattr(oauth, "sign_in", None)  # nobody has to sign in again
    tieout("--keep", "--business", BUSINESSES[1])
    options = target.integrations().load("acme").connections["sage_accounting"].options
    assert options["business"] == BUSINESSES[1]

"""Signing in and out, with a provider in memory: the way there and back, and whoever tries another way."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.console import sessions
from shared.console.door import at_the_door, who
from shared.console.sign_in import MOST_ATTEMPTS, Answer, own_path, source
from shared.domain.record import replace
from shared.stores.memory import MemoryWorld
from tests.contract.stores_world import START
from tests.sign_in_provider import PROVIDER, FakeProvider


class Browser:
    """Keeps cookies as a browser does, one jar for one person."""

    def __init__(self, console: Any, provider: FakeProvider, *, address: str = "203.0.113.7") -> None:
        self.console, self.provider, self.address = console, provider, address
        self.cookies: dict[str, str] = {}
        self.now: datetime = START

    def request(self, query: Mapping[str, str]) -> dict[str, Any]:
        return {
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "queryStringParameters": dict(query),
            "requestContext": {"http": {"sourceIp": self.address}},
        }

    def get(self, path: str, **query: str) -> Answer:
        return self.ask("GET", path, "", **query)

    def ask(self, method: str, path: str, token: str, **query: str) -> Answer:
        answer = at_the_door(method, path, token, self.request(query), self.console, self.now)
        assert answer is not None
        for cookie in answer.cookies:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer

    def begin(self, **query: str) -> dict[str, str]:
        answer = self.get("/-/sign-in", **query)
        assert answer.status == 303, answer
        return self.provider.go(answer.location)

    def sign_in(self, **query: str) -> Answer:
        return self.get("/-/signed-in", **self.begin(**query))

    def who(self) -> sessions.SignedIn | None:
        return who(self.request({}), self.console, self.now)


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
def console(provider: FakeProvider) -> Any:
    world = MemoryWorld(lambda: START)
    world.provider.provider = PROVIDER
    return SimpleNamespace(stores=world.console, web=provider, local=False)


@pytest.fixture
def browser(console: Any, provider: FakeProvider) -> Browser:
    return Browser(console, provider)


def test_the_way_there_and_back(browser: Browser, provider: FakeProvider) -> None:
    answer = browser.sign_in(back="/shop/record?id=1")
    assert (answer.status, answer.location) == (303, "/shop/record?id=1")
    found = browser.who()
    assert found is not None and (found.session.name, found.role("shop")) == ("ann@example.com", "admin")
    ((url, form, headers),) = provider.posts
    assert url == PROVIDER.token and "Authorization" not in headers and "client_secret" not in form
    (entry,) = browser.console.stores.audit.newest("")
    assert (entry.action, entry.name, entry.detail) == ("sign in", "ann@example.com", "admin")


def test_the_cookies_are_as_strict_as_the_way_back_allows(browser: Browser) -> None:
    answer = browser.sign_in()
    (own, gone) = answer.cookies
    assert own.startswith("__Host-tieout=") and gone.startswith("__Host-tieout-begun=; ")
    for part in ("; Path=/;", "HttpOnly;", "Secure;", "SameSite=Lax"):
        assert part in own and part in gone
    assert "Domain" not in own and len(browser.cookies["__Host-tieout"]) >= 43


def test_on_a_local_stack_the_cookie_works_without_tls(browser: Browser) -> None:
    browser.console.local = True
    browser.sign_in()
    assert set(browser.cookies) == {"tieout", "tieout-begun"} and browser.who()


def refused(answer: Answer) -> str:
    assert (answer.status, answer.title, answer.location) == (403, "Not signed in", "")
    assert answer.links[0][0].startswith("/-/sign-in?back=")
    return answer.text


def test_a_state_works_once(browser: Browser) -> None:
    brought = browser.begin()
    browser.get("/-/signed-in", **brought)
    begun = browser.cookies
    assert "Begin again" in refused(browser.get("/-/signed-in", **brought))
    again = browser.begin()
    browser.cookies = {**begun, **browser.cookies}
    assert "Begin again" in refused(browser.get("/-/signed-in", **{**again, "state": brought["state"]}))


def test_a_code_works_once(browser: Browser) -> None:
    first = browser.begin()
    browser.get("/-/signed-in", **first)
    again = browser.begin()
    assert "refused the sign-in" in refused(browser.get("/-/signed-in", **{**again, "code": first["code"]}))


def test_a_code_of_another_sign_in_fails_on_pkce_and_nonce(browser: Browser, provider: FakeProvider) -> None:
    thief, brought = Browser(browser.console, provider), browser.begin()
    own = thief.begin()
    assert "refused the sign-in" in refused(
        thief.get("/-/signed-in", code=brought["code"], state=own["state"])
    )
    provider.changed = {"nonce": "replayed"}
    assert "another sign-in" in refused(browser.sign_in())


def test_a_sign_in_begun_elsewhere_signs_nobody_in(browser: Browser, provider: FakeProvider) -> None:
    """Otherwise a link could sign somebody in as somebody else."""
    other = Browser(browser.console, provider)
    brought = other.begin()
    assert "Begin again" in refused(browser.get("/-/signed-in", **brought))
    browser.begin()
    assert "Begin again" in refused(browser.get("/-/signed-in", **other.begin()))
    assert browser.who() is None


@pytest.mark.parametrize(
    "query", [{}, {"code": "c"}, {"state": "s", "code": "c"}, {"state": "\ud800", "code": "é"}]
)
def test_what_nobody_began_does_not_end(browser: Browser, query: dict[str, str]) -> None:
    browser.begin()
    assert "Begin again" in refused(browser.get("/-/signed-in", **query))


def test_too_slow_is_begun_again(browser: Browser) -> None:
    brought = browser.begin()
    browser.now += sessions.BEGUN_LASTS
    assert "expired" in refused(browser.get("/-/signed-in", **brought))


def test_a_planted_session_is_worth_nothing(browser: Browser) -> None:
    browser.cookies["__Host-tieout"] = "planted"
    assert browser.who() is None
    browser.sign_in()
    first = browser.cookies["__Host-tieout"]
    assert first != "planted"
    browser.sign_in()
    assert browser.cookies["__Host-tieout"] != first
    assert browser.console.stores.sessions.load(first) is None, "the one before has ended"


@pytest.mark.parametrize(
    "cookie",
    [
        "__Host-tieout=forged",
        "__Host-tieout=",
        "tieout=KEY",
        "__Host-tieout=KEY; __Host-tieout=other",
        "é",
        "\ud800",
        '"',
    ],
)
def test_a_forged_cookie_is_nobody(browser: Browser, cookie: str) -> None:
    browser.sign_in()
    key = browser.cookies["__Host-tieout"]
    asked = {"cookies": [cookie.replace("KEY", key)]}
    assert who(asked, browser.console, START) is None
    assert who({"headers": {"Cookie": f"a=b; __Host-tieout={key}"}}, browser.console, START) is not None


def test_a_session_ends_when_it_is_idle_and_in_any_case(browser: Browser) -> None:
    browser.sign_in()
    browser.now = START + sessions.IDLE
    assert browser.who() is None
    browser.now = START
    for _ in range(15):
        browser.now += timedelta(minutes=29)
        assert browser.who() is not None
    browser.now += timedelta(minutes=29)
    assert browser.now < START + sessions.LONGEST and browser.who()
    browser.now = START + sessions.LONGEST
    assert browser.who() is None


def test_sign_out_ends_it_for_every_copy_of_the_cookie(browser: Browser) -> None:
    browser.sign_in()
    copy, found = dict(browser.cookies), browser.who()
    assert found is not None
    assert browser.ask("POST", "/-/sign-out", "guess").status == 403
    answer = browser.ask("POST", "/-/sign-out", found.form_token)
    assert (answer.location, browser.cookies["__Host-tieout"]) == ("/-/signed-out?go=on", "")
    browser.cookies = copy
    assert browser.who() is None
    assert browser.ask("POST", "/-/sign-out", "").location == "/-/signed-out"


def test_the_providers_own_session_is_ended_too(browser: Browser, console: Any) -> None:
    leave = "https://tieout-1.auth.example/logout?client_id=client-1&logout_uri=x"
    console.stores.provider.provider = replace(PROVIDER, sign_out=leave)
    assert browser.get("/-/signed-out", go="on").headers == {"Refresh": f"0; url={leave}"}
    assert (
        browser.get("/-/signed-out").headers == {} == browser.get("/-/signed-out", go="https://evil").headers
    )


BAD_BACKS = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "\\/evil",
    "/-/sign-out",
    "/a\r\nX: 1",
    "",
    "/\t/evil",
    "/é",
    "javascript:alert(1)",
    "/" + "a" * 501,
]


@pytest.mark.parametrize("back", BAD_BACKS)
def test_nobody_is_led_elsewhere(browser: Browser, back: str) -> None:
    assert own_path(back) == "/" == browser.sign_in(back=back).location


def test_what_the_provider_says_is_not_repeated(browser: Browser, provider: FakeProvider) -> None:
    brought = browser.begin()
    told = browser.get(
        "/-/signed-in", state=brought["state"], error="access_denied", error_description="<script>"
    )
    assert refused(told) == "The sign-in was given up, or the provider refused it."
    provider.answer = (400, {"error": "invalid_client", "error_description": "secret s3cret is wrong"})
    assert refused(browser.sign_in()) == "The sign-in provider refused the sign-in. Begin again."


@pytest.mark.parametrize(
    "answer", [(302, None), (200, None), (200, []), (200, {}), (200, {"id_token": None}), (500, {})]
)
def test_an_answer_that_is_none_signs_nobody_in(
    browser: Browser, provider: FakeProvider, answer: Any
) -> None:
    provider.answer = answer
    refused(browser.sign_in())
    assert browser.who() is None


def test_another_issuer_in_the_answer_is_refused(browser: Browser) -> None:
    brought = browser.begin()
    assert "another sign-in provider" in refused(
        browser.get("/-/signed-in", **brought, iss="https://evil.example")
    )


def test_a_provider_that_is_away_is_said(browser: Browser, provider: FakeProvider) -> None:
    brought = browser.begin()
    provider.down = True
    assert "Try again in a minute" in refused(browser.get("/-/signed-in", **brought))


def test_without_a_provider_nobody_signs_in(browser: Browser, console: Any) -> None:
    console.stores.provider.provider = None
    assert "No sign-in provider is set up" in refused(browser.get("/-/sign-in"))


def test_a_flood_from_one_address_is_stopped_and_others_go_on(
    browser: Browser, provider: FakeProvider
) -> None:
    for _ in range(MOST_ATTEMPTS):
        browser.begin()
    assert "too many sign-ins" in refused(browser.get("/-/sign-in"))
    assert Browser(browser.console, provider, address="203.0.113.8").sign_in().status == 303
    browser.now += timedelta(minutes=10)
    assert browser.sign_in().status == 303


def test_an_ipv6_network_is_one_source() -> None:
    seen = {
        source({"requestContext": {"http": {"sourceIp": f"2001:db8:1:2::{host}"}}}) for host in (1, 2, "ffff")
    }
    assert seen == {"2001:db8:1:2::/64"}
    assert source({}) == source({"requestContext": {"http": {"sourceIp": "<x>"}}}) == "unknown"


def test_the_hint_is_handed_on_and_nothing_else(browser: Browser) -> None:
    asked = parse_qs(
        urlsplit(browser.get("/-/sign-in", hint="ann@example.com", scope="admin").location).query
    )
    assert (asked["login_hint"], asked["scope"]) == (["ann@example.com"], ["openid email profile"])
    assert "login_hint" not in browser.get("/-/sign-in", hint="a b").location


class TestAnyProvider:
    """One that is not Cognito: its addresses are looked up at the issuer."""

    @pytest.fixture
    def document(self, console: Any, provider: FakeProvider) -> dict[str, Any]:
        issuer = "https://id.example"
        other = replace(
            PROVIDER, issuer=issuer, authorize="", token="", secret="s3:cret", roles_claim="groups"
        )
        console.stores.provider.provider = provider.provider = other
        provider.changed = {"token_use": None, "groups": ["viewer"]}
        provider.document = {
            "issuer": issuer, "authorization_endpoint": PROVIDER.authorize, "token_endpoint": PROVIDER.token,
            "end_session_endpoint": "https://id.example/end",
        }  # fmt: skip
        return provider.document

    def test_it_signs_in(self, browser: Browser, provider: FakeProvider, document: dict[str, Any]) -> None:
        browser.sign_in()
        found = browser.who()
        assert found is not None and found.role("shop") == "viewer"
        assert provider.posts[0][2]["Authorization"] == "Basic Y2xpZW50LTE6czMlM0FjcmV0"
        leave = browser.get("/-/signed-out", go="on").headers["Refresh"]
        assert leave.startswith(
            "0; url=https://id.example/end?client_id=client-1&post_logout_redirect_uri=https%3A"
        )

    def test_a_secret_in_the_form_where_it_must_be(
        self, browser: Browser, provider: FakeProvider, document: dict[str, Any]
    ) -> None:
        document["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
        browser.sign_in()
        assert (
            provider.posts[0][1]["client_secret"] == "s3:cret" and "Authorization" not in provider.posts[0][2]
        )

    @pytest.mark.parametrize(
        "wrong",
        [
            {"issuer": "https://evil.example"},
            {"token_endpoint": "http://id.example/t"},
            {"authorization_endpoint": ""},
        ],
    )
    def test_a_document_of_another_issuer_or_without_tls_is_refused(
        self, browser: Browser, document: dict[str, Any], wrong: dict[str, str]
    ) -> None:
        document.update(wrong)
        assert "not set up as the settings say" in refused(browser.get("/-/sign-in"))

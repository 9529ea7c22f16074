"""The emulated vendors answer this machine's programs and people, and nobody else's web page."""

from collections.abc import Iterator

import httpx
import pytest

from local.vendors._guard import HEADER, QUERY
from local.vendors._serve import Receive, Scope, Send, Served, serve

TOKEN = "a-token"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


@pytest.fixture(scope="module")
def vendor() -> Iterator[Served]:
    with serve(echo, admin_token=TOKEN) as served:
        yield served


def ask(vendor: Served, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.request(method, f"{vendor.url}{path}", headers=named, trust_env=False)


def test_a_program_may_call_the_api_without_a_token(vendor: Served) -> None:
    assert ask(vendor, "/webservice.php", "POST").text == "/webservice.php"


@pytest.mark.parametrize("path", ["/", "/_admin", "/_admin/records/Accounts"])
def test_the_pages_ask_for_the_token(vendor: Served, path: str) -> None:
    assert ask(vendor, path).status_code == 403
    assert ask(vendor, path, **{HEADER: "another"}).status_code == 403
    assert ask(vendor, path, **{HEADER: TOKEN}).text == path


def test_the_printed_address_lets_a_browser_in_and_hides_the_token(vendor: Served) -> None:
    with httpx.Client(base_url=vendor.url, trust_env=False, follow_redirects=True) as browser:
        shown = browser.get(f"/_admin/?{QUERY}={TOKEN}")
        assert shown.text == "/_admin/" and TOKEN not in str(shown.url)
        assert browser.post("/_admin/records").text == "/_admin/records"
    assert ask(vendor, f"/_admin/?{QUERY}=another").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "sec_fetch_mode": "cors"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_another_page_is_refused_with_and_without_the_token(vendor: Served, headers: dict[str, str]) -> None:
    for extra in ({}, {HEADER: TOKEN}):
        assert ask(vendor, "/_admin/records", "POST", **headers, **extra).status_code == 403
        assert ask(vendor, "/rest/v11_4/Accounts", "POST", **headers, **extra).status_code == 403


def test_a_link_to_a_page_may_be_followed_and_our_own_page_may_post(vendor: Served) -> None:
    linked = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", HEADER: TOKEN}
    assert ask(vendor, "/_admin", **linked).status_code == 200
    assert ask(vendor, "/_admin", "POST", sec_fetch_site="same-origin", **{HEADER: TOKEN}).status_code == 200
    assert ask(vendor, "/_admin", "POST", origin=vendor.url, **{HEADER: TOKEN}).status_code == 200

"""An emulated SugarCRM behind a real HTTP server, one for each test, and small clients of both its APIs."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from local.vendors._serve import Served, serve
from local.vendors.sugarcrm.app import build_app
from local.vendors.sugarcrm.options import SugarOptions
from local.vendors.sugarcrm.server import SugarServer


class Sugar:
    """The served emulator, with what a client needs to talk to it."""

    def __init__(self, options: SugarOptions) -> None:
        app = build_app(options)
        self.server: SugarServer = app.state.sugar
        self.served: Served = serve(app)
        self.url = self.served.url
        self.http = httpx.Client(base_url=self.url, timeout=10.0, trust_env=False)
        self.token = ""

    def close(self) -> None:
        self.http.close()
        self.served.close()

    def admin(self, what: str, body: Any = None) -> Any:
        answer = (
            self.http.get(f"/_admin/{what}") if body is None else self.http.post(f"/_admin/{what}", json=body)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    # ---------------------------------------------------------------- v11

    def sign_in(self, platform: str = "tieout", user: str = "sync") -> dict[str, Any]:
        answer = self.http.post(
            "/rest/v11_10/oauth2/token",
            json={
                "grant_type": "password",
                "client_id": "sugar",
                "client_secret": "",
                "username": user,
                "password": f"{user}-password",
                "platform": platform,
            },
        )
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]
        return dict(answer.json())

    def rest(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return self.http.request(
            method,
            f"/rest/v11_10{path}",
            json=body,
            headers={"OAuth-Token": self.token, **more.pop("headers", {})},
            **more,
        )

    def names(self, filter_: Any, **more: Any) -> list[str]:
        """The names of the opportunities that a filter finds, in order of name."""
        answer = self.rest(
            "POST", "/Opportunities/filter", {"filter": filter_, "order_by": "name:asc", **more}
        )
        assert answer.status_code == 200, answer.text
        return [record["name"] for record in answer.json()["records"]]

    # ---------------------------------------------------------------- v4_1

    def call(self, method: str, arguments: Any, **headers: str) -> httpx.Response:
        return self.http.post(
            "/service/v4_1/rest.php",
            headers=headers,
            data={
                "method": method,
                "input_type": "JSON",
                "response_type": "JSON",
                "rest_data": json.dumps(arguments),
            },
        )

    def login(self, user: str = "sync", **headers: str) -> str:
        md5 = hashlib.md5(f"{user}-password".encode()).hexdigest()
        return str(
            self.call("login", [{"user_name": user, "password": md5}, "sync", []], **headers).json()["id"]
        )


def _starting() -> Iterator[Callable[..., Sugar]]:
    started: list[Sugar] = []

    def go(**options: Any) -> Sugar:
        started.append(Sugar(SugarOptions(**{"cron_seconds": 0, **options})))
        return started[-1]

    yield go
    for sugar in started:
        sugar.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Sugar]]:
    """Starts an emulator with the given options; it is stopped after the test."""
    yield from _starting()


@pytest.fixture(scope="module")
def start_shared() -> Iterator[Callable[..., Sugar]]:
    """The same, stopped after the module."""
    yield from _starting()


@pytest.fixture(scope="module")
def _served(start_shared: Callable[..., Sugar]) -> Sugar:
    return start_shared()


@pytest.fixture
def sugar(_served: Sugar) -> Sugar:
    """The module's emulator, emptied for this test."""
    _served.admin("reset", {})
    _served.token = ""
    return _served

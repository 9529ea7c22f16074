"""An emulated Vtiger behind a real HTTP server, and a small client of both its doors."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from local.vendors._serve import serve
from local.vendors.vtiger.app import build_app
from local.vendors.vtiger.options import VtigerOptions
from local.vendors.vtiger.server import VtigerServer


class Vtiger:
    """The served emulator, with what a client needs to talk to it."""

    def __init__(self, **options: Any) -> None:
        app = build_app(VtigerOptions(**options))
        self.server: VtigerServer = app.state.vtiger
        self.served = serve(app)
        self.http = httpx.Client(base_url=self.served.url, timeout=10.0, trust_env=False)
        self.session = ""

    def close(self) -> None:
        self.http.close()
        self.served.close()

    def admin(self, what: str, body: Any = None) -> Any:
        answer = (
            self.http.get(f"/_admin/{what}") if body is None else self.http.post(f"/_admin/{what}", json=body)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    # ---------------------------------------------------------------- webservice.php

    def get(self, operation: str, **parameters: Any) -> httpx.Response:
        sent = {"operation": operation, "sessionName": self.session, **parameters}
        return self.http.get("/webservice.php", params=sent)

    def post(self, operation: str, **parameters: Any) -> httpx.Response:
        sent = {"operation": operation, "sessionName": self.session, **parameters}
        return self.http.post("/webservice.php", data={name: _form(value) for name, value in sent.items()})

    def login(self, user: str = "tieout") -> str:
        key = next(one.access_key for one in self.server.options.users if one.name == user)
        token = self.get("getchallenge", username=user).json()["result"]["token"]
        proof = hashlib.md5((token + key).encode()).hexdigest()
        self.session = str(self.post("login", username=user, accessKey=proof).json()["result"]["sessionName"])
        return self.session

    def done(self, answer: httpx.Response) -> Any:
        """The result of a call that has to succeed."""
        assert answer.json()["success"], answer.text
        return answer.json()["result"]

    def code(self, answer: httpx.Response) -> Any:
        """The code of a call that has to be refused."""
        assert not answer.json()["success"], answer.text
        return answer.json()["error"]["code"]

    def create(self, module: str, **element: Any) -> dict[str, Any]:
        owner = {"assigned_user_id": "19x5"}
        return dict(self.done(self.post("create", elementType=module, element={**owner, **element})))

    def query(self, text: str) -> list[dict[str, Any]]:
        return list(self.done(self.get("query", query=text)))

    # ---------------------------------------------------------------- the cloud's door

    def cloud(self, method: str, operation: str, **parameters: Any) -> httpx.Response:
        sent: dict[str, Any] = (
            {"params": parameters}
            if method == "GET"
            else {"data": {name: _form(value) for name, value in parameters.items()}}
        )
        path = f"/restapi/v1/vtiger/default/{operation}"
        return self.http.request(method, path, auth=("tieout", "TieoutAccessKey1"), **sent)


def _form(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _starting() -> Iterator[Callable[..., Vtiger]]:
    started: list[Vtiger] = []

    def go(**options: Any) -> Vtiger:
        started.append(Vtiger(**options))
        return started[-1]

    yield go
    for vtiger in started:
        vtiger.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Vtiger]]:
    """Starts an emulator with the given options; it is stopped after the test."""
    yield from _starting()


@pytest.fixture(scope="module")
def start_shared() -> Iterator[Callable[..., Vtiger]]:
    """The same, stopped after the module."""
    yield from _starting()


@pytest.fixture(scope="module", params=["8.1.0", "8.4.0"])
def _served(request: Any, start_shared: Callable[..., Vtiger]) -> Vtiger:
    return start_shared(version=request.param)


@pytest.fixture
def vtiger(_served: Vtiger) -> Vtiger:
    """The module's emulator in each version, emptied and signed in for this test."""
    _served.admin("reset", {})
    _served.login()
    return _served

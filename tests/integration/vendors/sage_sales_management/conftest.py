"""An emulated tenant that is called as the vendor's pages say, without Tieout's connector."""

from collections.abc import Iterator
from typing import Any, Self

import httpx
import pytest

from local.vendors._serve import serve
from local.vendors.sage_sales_management.app import build_app
from local.vendors.sage_sales_management.options import SalesOptions


class Caller:
    """`call` answers (status, body)."""

    def __init__(self, **switches: Any) -> None:
        self._served = serve(build_app(SalesOptions(**switches)))
        self.url = self._served.url
        self._http = httpx.Client(base_url=self.url, timeout=20, trust_env=False)
        self.token = ""

    def sign_in(self) -> str:
        status, body = self.call("POST", "login", {"username": "demo-public", "password": "demo-private"})
        assert status == 200, body
        self.token = str(body["token"])
        return self.token

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **params: str
    ) -> tuple[int, Any]:
        sent = {"X-Session-Key": self.token, **(headers or {})}
        answer = self._http.request(method, f"/api/v4/{path}", json=body, params=params, headers=sent)
        return answer.status_code, answer.json() if "json" in answer.headers["Content-Type"] else answer.text

    def rows(self, path: str, **params: str) -> list[dict[str, Any]]:
        status, body = self.call("GET", path, None, None, **params)
        assert status == 200, body
        return list(body)

    def ids(self, path: str, **params: str) -> list[int]:
        return [row["id"] for row in self.rows(path, **params)]

    def make(self, resource: str, **values: Any) -> int:
        status, body = self.call("POST", resource, values)
        assert status == 200, body
        return int(body["id"])

    def label(self, table: str, text: str) -> int:
        return next(int(row["id"]) for row in self.rows(table) if row["descriptionEN"] == text)

    def account(self, **values: Any) -> int:
        branch = self.label("branches", "Headquarter")
        return self.make(
            "accounts", **{"name": "Example Ltd", "branchId": branch, "salesRepId1": 52, **values}
        )

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, f"/_admin/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put_bytes(self, address: str, content: bytes, **headers: str) -> int:
        return self._http.put(address, content=content, headers=headers).status_code

    def page(self, path: str = "/_admin") -> str:
        return self._http.get(path).text

    def send_form(self, path: str, form: dict[str, str]) -> httpx.Response:
        return self._http.post(path, data=form)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self._http.close()
        self._served.close()


@pytest.fixture(scope="module")
def started() -> Iterator[Caller]:
    with Caller() as caller:
        yield caller


@pytest.fixture
def caller(started: Caller) -> Caller:
    """As shipped: nothing but what a new tenant has, signed in."""
    shown = {name: value for name, value in vars(SalesOptions()).items() if not name.endswith("_key")}
    started.admin("POST", "options", shown)
    started.admin("POST", "reset")
    started.sign_in()
    return started

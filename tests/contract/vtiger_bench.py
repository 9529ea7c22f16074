"""One emulated Vtiger and connectors that talk to it over HTTP."""

from types import TracebackType
from typing import Any

import httpx

from local.vendors._serve import serve
from local.vendors.vtiger.app import build_app
from local.vendors.vtiger.options import VtigerOptions
from shared.systems.vtiger.system import Vtiger
from tests.unit.systems.vtiger.fakes import Bench

DOORS = {"8.1.0": ("8.1.0", "webservice"), "8.4.0": ("8.4.0", "webservice"), "cloud": ("8.4.0", "cloud")}


class Server:
    """`system` is one connector of many: all share clock, stores and recorder."""

    def __init__(self, version: str, door: str) -> None:
        self.version, self.door = version, door
        self.app = build_app(VtigerOptions(version=version, door=door, minute_limit=0))
        self._served = serve(self.app)
        self._admin = httpx.Client(base_url=f"{self._served.url}/_admin/", timeout=20)
        self._renew()

    def reset(self) -> None:
        """No records, no faults, no limits, the time of day; and nothing that a connector kept."""
        self.bench.close()
        self.admin("POST", "reset")
        self.admin("POST", "options", {"minute_limit": 0, "sync_works": False})
        self.admin("POST", "clock", {"shift_seconds": 0, "freeze": None})
        self.forget_calls()
        self._renew()

    def _renew(self) -> None:
        self.bench = Bench(self._served.url, options={"api": self.door})
        self._system: Vtiger | None = None

    @property
    def system(self) -> Vtiger:
        self._system = self._system or self.bench.system()
        return self._system

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._admin.request(method, path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def save(self, module: str, values: dict[str, Any]) -> str:
        """As a person, in the web form."""
        return str(self.admin("POST", f"records/{module}", values)["id"])

    def save_all(self, module: str, rows: list[dict[str, Any]]) -> list[str]:
        return [str(one) for one in self.admin("POST", f"records/{module}", rows)["ids"]]

    def records(self, module: str) -> list[dict[str, Any]]:
        found = self.admin("GET", f"records/{module}")
        return list(found)

    def record(self, module: str, record_id: str) -> dict[str, Any]:
        return next(row for row in self.records(module) if row["id"] == record_id)

    def freeze(self, moment: str) -> None:
        """The server's own clock."""
        self.admin("POST", "clock", {"freeze": moment})

    def fault(self, kind: str, times: int = 1, **match: str) -> None:
        self.admin("POST", "faults", [{"kind": kind, "times": times, "match": match}])

    def forget_calls(self) -> None:
        self.admin("DELETE", "calls")

    def calls(self) -> int:
        return int(self.admin("GET", "calls")["total"])

    def called(self, operation: str) -> int:
        """How often an operation was called; "" for all of them."""
        counted = self.admin("GET", "calls")["calls"]
        return sum(
            number for name, number in counted.items() if not operation or name.split(" ")[0] == operation
        )

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bench.close()
        self._admin.close()
        self._served.close()

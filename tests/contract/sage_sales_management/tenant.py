"""One emulated tenant and connectors that talk to it over HTTP."""

from dataclasses import asdict
from typing import Any, Self

import httpx

from local.vendors._serve import serve
from local.vendors.sage_sales_management.app import build_app
from local.vendors.sage_sales_management.options import SalesOptions
from shared.ports import Gone, ObjectSpec, Page, Snapshot
from shared.systems.sage_sales_management.system import SageSalesManagement
from tests.unit.systems.sage_sales_management.fakes import Bench

FIXED = {"public_key", "private_key", "key_user", "first_id"}


class Tenant:
    """`system` is one connector of many: all share clock, stores and recorder."""

    def __init__(self) -> None:
        self.app = build_app(SalesOptions())
        self._served = serve(self.app)
        self.url = self._served.url
        self._admin = httpx.Client(base_url=f"{self.url}/_admin/", timeout=20, trust_env=False)
        self._renew()

    def reset(self) -> None:
        self.bench.close()
        defaults = {name: value for name, value in asdict(SalesOptions()).items() if name not in FIXED}
        self.switch(**defaults)
        self.admin("POST", "reset")
        self.admin("POST", "clock", {"shift_seconds": 0, "freeze": None})
        self._renew()

    def _renew(self) -> None:
        self.bench = Bench(self.url)
        self._system: SageSalesManagement | None = None

    @property
    def system(self) -> SageSalesManagement:
        self._system = self._system or self.bench.system()
        return self._system

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._admin.request(method, path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def switch(self, **options: Any) -> None:
        self.admin("POST", "options", options)

    def save(self, resource: str, **values: Any) -> str:
        """As a person, on the screen."""
        return str(self.admin("POST", f"records/{resource}", values)["id"])

    def delete(self, resource: str, record_id: str) -> None:
        self.admin("DELETE", f"records/{resource}/{record_id}")

    def records(self, resource: str, deleted: bool = False) -> list[dict[str, Any]]:
        found = self.admin("GET", f"records/{resource}{'?deleted=1' if deleted else ''}")
        return list(found)

    def record(self, resource: str, record_id: str) -> dict[str, Any]:
        return next(row for row in self.records(resource, True) if str(row["id"]) == record_id)

    def label(self, table: str, text: str) -> int:
        """The id of an entry of a value list."""
        return next(int(row["id"]) for row in self.records(table) if row["descriptionEN"] == text)

    def fault(self, kind: str, times: int = 1, **match: str) -> None:
        self.admin("POST", "faults", [{"kind": kind, "times": times, "match": match}])

    def mend(self) -> None:
        self.admin("DELETE", "faults")

    def pass_time(self, seconds: float) -> None:
        """At the vendor and for connectors."""
        self.bench.clock.sleep(seconds)
        now = self.admin("GET", "clock")["now"]
        self.admin("POST", "clock", {"freeze": now})
        self.admin("POST", "clock", {"freeze": self.bench.clock.now().isoformat()})

    def forget_calls(self) -> None:
        self.admin("DELETE", "calls")

    def calls(self) -> dict[str, int]:
        return dict(self.admin("GET", "calls")["calls"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.bench.close()
        self._admin.close()
        self._served.close()


def pages(tenant: Tenant, spec: ObjectSpec, cursor: Any = None, size: int | None = None) -> list[Page]:
    return list(tenant.system.changes(spec, cursor, size))


def ids(found: list[Page]) -> list[str]:
    return [one.id for page in found for one in page.records if not isinstance(one, Gone)]


def read(tenant: Tenant, spec: ObjectSpec, record_id: str) -> Snapshot:
    found = tenant.bench.system("reader").read(spec, [record_id])[record_id]
    assert isinstance(found, Snapshot), found
    return found

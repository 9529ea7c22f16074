"""One emulated Sage, checked against Sage's own swagger where it is at hand, and connectors to it over real
HTTP."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from local.vendors.sage_accounting.options import SageAccountingOptions
from shared.ports import Hint, ObjectSpec, Page, Reading
from shared.stores.memory import MemoryWorld
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding
from shared.systems.sage_accounting.system import SageAccounting

REPOSITORY = Path(__file__).resolve().parents[2]
SPECS = Path(os.environ.get("TIEOUT_SHARED") or REPOSITORY.parent / "shared") / "reference" / "specs"
BUSINESS = SageAccountingOptions().businesses[0].id
SECRET = {"client_id": "demo-client", "client_secret": "demo-secret"}


def spec(entity: str, name: str, *fields: str, **more: Any) -> ObjectSpec:
    return ObjectSpec(
        "sage_accounting",
        entity,
        name,
        "id",
        "updated_at",
        fields,
        poll_mode="cursor",
        label_paths=("displayed_as",),
        **{"page_size": 200, **more},
    )


ACCOUNT = spec("account", "contacts", "name", "reference", "main_address/city", natural_path="reference")
PERSON = spec("contact", "contact_persons", "name", "email", "contact_id")
PRODUCT = spec("product", "products", "item_code", "description", "sales_price", "quantity_in_stock")
SERVICE = spec("service", "services", "item_code", "description", "sales_rate")
INVOICE = spec(
    "invoice",
    "sales_invoices",
    "number",
    "contact_id",
    "status_id",
    "invoice_lines",
    number_path="number",
    page_size=50,
)


@dataclass
class Clock:
    """Real time, moved on by sleeping and by `shift`; a sleep lasts only a moment."""

    shift: timedelta = timedelta()
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        time.sleep(min(seconds, 0.01))


@dataclass
class Tape:
    lines: list[Any] = field(default_factory=list)

    def exchange(self, line: Mapping[str, Any]) -> None:
        self.lines.append(line)


class Bench:
    """`admin` is the person at Sage's screens. Each bench has stores of its own."""

    def __init__(self, url: str, app: Any) -> None:
        self.url, self.service = url, app.state.service
        self.admin = httpx.Client(base_url=f"{url}/_admin", trust_env=False)
        self.clock, self.tape, self.lanes = Clock(), Tape(), list[str]()
        self.stores = MemoryWorld().stores("acme")
        self.timeout = 5.0

    def http(self, url: str) -> HttpClient:
        return HttpClient(
            "sage_accounting",
            url,
            recorder=self.tape,
            allow=lambda address: None,
            seconds_left=lambda: 60.0,
            timeout=self.timeout,
        )

    def sage(
        self,
        owner: str = "worker",
        business: str = BUSINESS,
        refresh: str | None = None,
        lanes: Callable[[str], None] | None = None,
        **options: str,
    ) -> SageAccounting:
        first = refresh if refresh is not None else str(self.grant()["refresh_token"])
        return SageAccounting(
            self.http(self.url),
            {"token_url": f"{self.url}/token", "business": business, **options},
            {**SECRET, "refresh_token": first},
            self.clock,
            binding=TokenBinding("sage_accounting", owner, self.clock, self.stores.tokens),
            cache=self.stores.cache,
            lanes=lanes or self.lanes.append,
            open=self.http,
        )

    def grant(self) -> dict[str, Any]:
        return dict(self.post("/grant", {}))

    def post(self, path: str, body: Any) -> Any:
        answer = self.admin.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def add(self, resource: str, **body: Any) -> str:
        return str(self.post(f"/{resource}", body)[0])

    def fault(self, kind: str, path: str, **more: Any) -> None:
        match = {"path": path, **({"method": more.pop("method")} if "method" in more else {})}
        self.post("/faults", [{"kind": kind, "match": match, **more}])

    def options(self, **values: Any) -> None:
        self.post("/options", values)

    def calls(self) -> dict[str, int]:
        """Since they were last asked for."""
        return {
            name: count
            for name, count in self.admin.delete("/calls").json().items()
            if not name.endswith("/token")
        }

    def writes(self) -> list[dict[str, Any]]:
        return list(self.admin.get("/writes").json())

    def records(self, resource: str) -> list[dict[str, Any]]:
        return list(self.admin.get(f"/{resource}").json())

    def violations(self) -> list[str]:
        return list(self.service.violations)

    def past(self, seconds: float) -> None:
        """What is done now is done that long ago, as Sage's stamps have it."""
        self.post("/clock", {"shift_seconds": -seconds})

    def customer(self, name: str = "Example Trading Ltd", **more: Any) -> str:
        return self.add("contacts", name=name, contact_type_ids=["CUSTOMER"], **more)


def told(pages: list[Page]) -> list[Reading | Hint]:
    return [record for page in pages for record in page.records]


def poll(
    system: SageAccounting, of: ObjectSpec, cursor: Mapping[str, Any] | None, size: int | None = None
) -> tuple[list[Reading | Hint], dict[str, Any]]:
    found = list(system.changes(of, cursor, size))
    assert [page.last for page in found] == [False] * (len(found) - 1) + [True]
    return told(found), found[-1].cursor

"""One emulated Sage 50 company with sample data, and connectors to it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from shared.ports import ObjectSpec, Values
from shared.systems._http import HttpClient
from shared.systems.sage_50.system import Sage50
from tests.contract.sage_50_bench import Tape

ORDER = ObjectSpec(
    "sage_50",
    "sales_order",
    "salesOrder",
    "orderNumber",
    "recordModifyDate",
    ("orderNumber", "customerAccountRef", "customerOrderNumber", "orderDate", "currency"),
    key_path="customerOrderNumber",
    number_path="orderNumber",
)


FULL_ORDER = ObjectSpec(
    "sage_50",
    "sales_order",
    "salesOrder",
    "orderNumber",
    "recordModifyDate",
    ("orderNumber", "customerOrderNumber", "invoiceItems", "delName", "currency"),
    key_path="customerOrderNumber",
)


CUSTOMER = ObjectSpec(
    "sage_50",
    "account",
    "customer",
    "accountRef",
    "recordModifyDate",
    (
        "accountRef",
        "name",
        "telephone",
        "currency",
        "defTaxCode",
        "onHold",
        "inactiveAccount",
        "creditLimit",
        "deliveryAddress1",
    ),
    poll_mode="cursor",
    key_path="analysis1",
    natural_path="accountRef",
)


PRODUCT = ObjectSpec(
    "sage_50",
    "product",
    "product",
    "stockCode",
    "recordModifyDate",
    ("stockCode", "description", "salesPrice", "taxCode"),
    poll_mode="cursor",
    natural_path="stockCode",
)


CONTACT = ObjectSpec(
    "sage_50", "contact", "customerAddress", "", None, ("accountRef", "addressNumber", "contact", "role")
)


ODD = """O'Neil & "Sons" <Ltd> 🏗 Ünï"""


@dataclass
class Clock:
    """Real time to read; sleeping takes no time, but is taken from what is `left`."""

    slept: list[float] = field(default_factory=list)
    left: float = 600.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.left -= seconds


class Bench:
    """One emulated company, and connectors to it."""

    def __init__(self, url: str, admin: httpx.Client) -> None:
        self.url = url
        self.admin = admin
        self.clock = Clock()
        self.tape = Tape()
        self.lanes: list[str] = []

    def sage(
        self, token: str = "demo-token", timeout: float = 5.0, lanes: Any = None, **options: str
    ) -> Sage50:
        http = HttpClient(
            "sage_50",
            self.url,
            recorder=self.tape,
            allow=lambda url: None,
            seconds_left=lambda: self.clock.left,
            timeout=timeout,
        )
        return Sage50(http, options, {"token": token}, self.clock, lanes or self.lanes.append)

    def post(self, path: str, body: Any) -> Any:
        answer = self.admin.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, kind: str, path: str = "salesOrder", **more: Any) -> None:
        self.post("/faults", [{"kind": kind, "match": {"path": path}, **more}])

    def orders(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin.get("/orders").json()
        return found

    def calls(self) -> dict[str, int]:
        counted: dict[str, int] = self.admin.delete("/calls").json()
        return counted


def line(**changed: Any) -> dict[str, Any]:
    return {
        "stockCode": "S1",
        "description": "Consulting",
        "quantity": Decimal("1"),
        "unitPrice": Decimal("1234.57"),
        "taxCode": "1",
        "taxRate": Decimal("20"),
        "nominal": "4000",
        **changed,
    }


def order(**changed: Any) -> Values:
    return {"customerAccountRef": "EXA001", "orderDate": "2026-11-21", "invoiceItems": [line()], **changed}

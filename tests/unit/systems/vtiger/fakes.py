"""What the Vtiger connector is given in tests: specs, a clock, stores in memory, and answers that a real
server gave."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.ports import ObjectSpec
from shared.stores.memory import MemoryWorld
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding
from shared.systems.vtiger.system import Vtiger

_SHARED = Path(os.environ.get("TIEOUT_SHARED", Path(__file__).resolve().parents[5] / "shared"))
_RECORDED = _SHARED / "reference" / "recorded" / "vtiger"
VERSIONS = ("8.1.0", "8.4.0")
SECRET = {"user": "tieout", "access_key": "TieoutAccessKey1"}

ACCOUNT = ObjectSpec(
    "vtiger",
    "account",
    "Accounts",
    "id",
    "modifiedtime",
    (
        "accountname",
        "email1",
        "phone",
        "@VAT number",
        "@Sage reference",
        "bill_street",
        "bill_city",
        "bill_code",
    ),
    poll_mode="cursor",
    natural_path="accountname",
    label_paths=("accountname",),
    witness=("accountname",),
)
CONTACT = ObjectSpec(
    "vtiger",
    "contact",
    "Contacts",
    "id",
    "modifiedtime",
    ("firstname", "lastname", "email", "mobile", "account_id"),
    poll_mode="cursor",
    label_paths=("lastname",),
    witness=("lastname", "firstname", "email"),
)
PRODUCT = ObjectSpec(
    "vtiger",
    "product",
    "Products",
    "id",
    "modifiedtime",
    (
        "productcode",
        "productname",
        "description",
        "unit_price",
        "purchase_cost",
        "tax",
        "discontinued",
        "qtyinstock",
    ),
    poll_mode="cursor",
    natural_path="productcode",
    label_paths=("productname",),
    witness=("productname", "productcode"),
    archive={"discontinued": "0"},
)
SERVICE = ObjectSpec(
    "vtiger",
    "service",
    "Services",
    "id",
    "modifiedtime",
    ("servicename", "description", "unit_price", "tax", "discontinued"),
    poll_mode="cursor",
    natural_path="servicename",
    label_paths=("servicename",),
    witness=("servicename",),
)
INVOICE = ObjectSpec(
    "vtiger",
    "invoice",
    "Invoice",
    "id",
    "modifiedtime",
    (
        "@Sage number",
        "subject",
        "account_id",
        "invoicedate",
        "duedate",
        "customerno",
        "currency_id",
        "conversion_rate",
        "invoicestatus",
        "received",
        "balance",
        "hdnTaxType",
        "hdnDiscountPercent",
        "hdnDiscountAmount",
        "txtAdjustment",
        "hdnS_H_Amount",
        "shipping_tax",
        "deducted_tax",
        "hdnGrandTotal",
        "bill_street",
        "bill_city",
        "LineItems",
    ),
    poll_mode="cursor",
    natural_path="invoice_no",
    label_paths=("invoice_no",),
    witness=("subject", "account_id", "invoicedate"),
)
LINE_KEYS = {
    "product",
    "service",
    "name",
    "comment",
    "quantity",
    "listprice",
    "discount_amount",
    "tax",
    "row",
}


@dataclass
class Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    slept: float = 0.0

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.at += timedelta(seconds=seconds)


@dataclass
class Recorder:
    lines: list[Any] = field(default_factory=list)

    def exchange(self, line: Any) -> None:
        self.lines.append(line)

    @property
    def everything(self) -> str:
        return json.dumps(self.lines, default=str)

    def operations(self) -> list[str]:
        """What was called, in order: the operation, whichever api."""
        return [_operation(line) for line in self.lines]


def _operation(line: Any) -> str:
    rest = str(line["path"]).rpartition("/")[2]
    named = (line["params"] or {}).get("operation") or (line["request"] or {}).get("operation")
    return str(named or rest)


@dataclass
class Bench:
    """Connectors that share a clock, stores and a recorder, as the functions of one connection do."""

    url: str = "https://crm.example"
    answer: Callable[[httpx.Request], httpx.Response] | None = None
    options: dict[str, str] = field(default_factory=dict)
    secret: dict[str, str] = field(default_factory=lambda: dict(SECRET))
    recorder: Recorder = field(default_factory=Recorder)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.stores = MemoryWorld(self.clock.now).stores("acme")
        self.clients: list[HttpClient] = []

    def system(self, worker: str = "worker", **options: str) -> Vtiger:
        http = HttpClient(
            "vtiger",
            self.url,
            recorder=self.recorder,
            allow=lambda address: None,
            seconds_left=lambda: 60.0,
            transport=httpx.MockTransport(self.answer) if self.answer else None,
        )
        self.clients.append(http)
        return Vtiger(
            http,
            {**self.options, **options},
            self.secret,
            self.clock,
            TokenBinding("vtiger", worker, self.clock, self.stores.tokens),
            self.stores.cache,
        )

    def close(self) -> None:
        for http in self.clients:
            http.close()


def recorded(version: str, name: str) -> dict[str, Any]:
    """A recording of a real server: {request, response}. An empty body is {"_raw": ""}."""
    path = _RECORDED / version / f"{name}.json"
    if not path.is_file():
        pytest.skip(
            f"the recordings are not beside this repository ({_RECORDED}): set TIEOUT_SHARED to their folder"
        )
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def result_of(version: str, name: str) -> Any:
    return recorded(version, name)["response"]["body"]["result"]


def replayed(version: str, name: str) -> httpx.Response:
    response = recorded(version, name)["response"]
    body = response["body"]
    raw = body["_raw"] if isinstance(body, dict) and "_raw" in body else "\r\n" + json.dumps(body)
    return httpx.Response(response["status"], headers={"content-type": "application/json"}, content=raw)


def asked(request: httpx.Request) -> dict[str, str]:
    """The parameters of a call, from the side that Vtiger reads them from."""
    found = (
        dict(request.url.params)
        if request.method == "GET"
        else dict(httpx.QueryParams(request.content.decode()))
    )
    return {"operation": request.url.path.rpartition("/")[2], **found}


@dataclass
class Recorded:
    """A server that gives recorded answers: by operation, then by what the call names."""

    version: str
    answers: dict[str, str] = field(default_factory=dict)
    """operation, or "operation what" (element type, id, or a word of the query) -> name of the recording."""
    calls: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        call = asked(request)
        self.calls.append(call)
        operation = call["operation"]
        if operation == "getchallenge":
            return replayed(self.version, "getchallenge")
        if operation == "login":
            return replayed(self.version, "login")
        text = " ".join(str(value) for value in call.values())
        fitting = [
            name
            for key, name in self.answers.items()
            if key.split(" ")[0] == operation and all(word in text for word in key.split(" ")[1:])
        ]
        if not fitting and operation == "describe":
            fitting = [f"describe_{call['elementType']}"]
        if not fitting:
            raise AssertionError(f"no recording is meant for {call}")
        return replayed(self.version, fitting[0])

    def sent(self, operation: str) -> list[dict[str, Any]]:
        return [json.loads(call["element"]) for call in self.calls if call["operation"] == operation]

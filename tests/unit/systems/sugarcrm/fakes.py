"""What the SugarCRM connector is given in tests: a clock, a token store, a recorder, and a http to a
function."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.ports import Condition, ObjectSpec, Related, Token, TokenTimes
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding

_SHARED = Path(os.environ.get("TIEOUT_SHARED", Path(__file__).resolve().parents[5] / "shared"))
_RECORDED = _SHARED / "reference" / "recorded" / "sugarcrm-v4_1"
SECRET = {"user": "sync", "password": "sync-password"}
ACCOUNT = Related("account", "accounts", "Accounts", "account_id", ("name", "sales_account_ref_c"))
LINES = Related("lines", "revenuelineitems", "RevenueLineItems", None, ("name", "likely_case"), many=True)
WON = (Condition("sales_stage", "equals", "Closed Won"), Condition("sales_order_no_c", "blank"))
ORDERS = ObjectSpec(
    "sugarcrm",
    "sales_order",
    "Opportunities",
    "id",
    "date_modified",
    (
        "name",
        "amount",
        "currency_id",
        "date_closed",
        "sales_stage",
        "sales_order_no_c",
        "account_id",
        "account.name",
        "account.sales_account_ref_c",
    ),
    (ACCOUNT,),
    "worklist",
    WON,
)
CHANGED = ObjectSpec(
    "sugarcrm",
    "sales_order",
    "Opportunities",
    "id",
    "date_modified",
    ("name", "sales_order_no_c"),
    (),
    "cursor",
)


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
class Tokens:
    """One token, one lock. `before_save` and `before_lock` let a test slip another worker in between."""

    token: Token | None = None
    owner: str = ""
    before_save: Callable[[], None] = lambda: None
    before_lock: Callable[[], None] = lambda: None

    def load(self, system: str) -> Token | None:
        return self.token

    def save(self, system: str, token: Token, expected_generation: int) -> bool:
        self.before_save()
        if (self.token.generation if self.token else 0) != expected_generation:
            return False
        self.token = token
        return True

    def times(self, system: str) -> TokenTimes | None:
        return None

    def forget(self, system: str) -> None:
        self.token = None

    def lock(self, system: str, owner: str, until: datetime, now: datetime) -> bool:
        self.before_lock()
        if self.owner not in ("", owner):
            return False
        self.owner = owner
        return True

    def unlock(self, system: str, owner: str) -> None:
        self.owner = "" if self.owner == owner else self.owner


@dataclass
class Recorder:
    lines: list[Any] = field(default_factory=list)

    def exchange(self, line: Any) -> None:
        self.lines.append(line)

    @property
    def everything(self) -> str:
        return json.dumps(self.lines, default=str)


def bound(clock: Any, tokens: Any = None, owner: str = "worker") -> TokenBinding:
    """What bootstrap hands to a connector that signs in."""
    return TokenBinding("sugarcrm", owner, clock, tokens or Tokens())


def wire_to(
    answer: Callable[[httpx.Request], httpx.Response] | None = None,
    url: str = "https://sugar.example",
    recorder: Recorder | None = None,
) -> HttpClient:
    """A http to a function, or, without one, to a real address."""
    return HttpClient(
        "sugarcrm",
        url,
        recorder=recorder or Recorder(),
        allow=lambda address: None,
        seconds_left=lambda: 60.0,
        transport=httpx.MockTransport(answer) if answer else None,
    )


def recorded(name: str) -> dict[str, Any]:
    """A recording of a real SuiteCRM 7.14 server: {request, response}."""
    path = _RECORDED / f"{name}.json"
    if not path.is_file():
        pytest.skip(
            f"the recordings are not beside this repository ({_RECORDED}): set TIEOUT_SHARED to their folder"
        )
    return json.loads(path.read_text(encoding="utf-8"))


def replayed(name: str) -> httpx.Response:
    response = recorded(name)["response"]
    body = json.dumps(response["body"]) if response["json"] else response["body"]
    return httpx.Response(
        response["status"], headers={"content-type": response["content_type"]}, content=body
    )


def method_of(request: httpx.Request) -> tuple[str, list[Any]]:
    """A v4_1 call's method and arguments."""
    form = dict(httpx.QueryParams(request.content.decode()))
    return form["method"], json.loads(form["rest_data"])

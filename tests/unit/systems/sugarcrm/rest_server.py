"""A v11 server that answers as a test says."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from shared.systems._sign_in import NewToken
from shared.systems.sugarcrm.rest import SugarV11
from shared.systems.sugarcrm.rest_sign_in import rest_token
from shared.systems.sugarcrm.system import make_sugarcrm
from tests.unit.systems.sugarcrm.fakes import SECRET, Clock, bound, wire_to

Answer = Callable[[str, str, Any], Any]
ROW = {
    "id": "o1",
    "date_modified": "2026-01-01T10:00:00-04:00",
    "name": "Deal",
    "amount": "12.500000",
    "currency_id": "-99",
    "date_closed": "2026-01-01",
    "sales_stage": "Closed Won",
    "sales_order_no_c": None,
    "account_id": "a1",
}
PARENT = {"id": "a1", "name": "Smith", "sales_account_ref_c": "SMITH001"}


def system(answer: Answer, **options: str) -> SugarV11:
    """`answer(method, path, body)` gives JSON, or a whole response."""
    clock = Clock()
    binding = bound(clock)

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("oauth2/token"):
            return httpx.Response(200, json={"access_token": "t2", "expires_in": 3600})
        body = json.loads(request.content) if request.content else None
        found = answer(request.method, request.url.path.removeprefix("/rest/v11_10/"), body)
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    http = wire_to(handle)
    held = NewToken({"access_token": "t", "refresh_token": ""}, timedelta(hours=1))
    rest_token(http, options.get("api_version", "v11_10"), options, SECRET, binding).keep(held)
    made = make_sugarcrm(http, options, SECRET, clock, binding)
    assert isinstance(made, SugarV11)
    return made


def refusal(status: int, label: str = "x", message: str = "Because.") -> httpx.Response:
    return httpx.Response(status, json={"error": label, "error_message": message})

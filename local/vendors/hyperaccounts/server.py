"""What all requests of the emulated HyperAccounts share: the ledger, the calls in progress and the
counters."""

import asyncio
import json
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.vendors._faults import Faults
from local.vendors._serve import Scope
from local.vendors.hyperaccounts.ledger import Ledger
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.hyperaccounts.service import Call, handler, refused
from local.vendors.hyperaccounts.values import Refused

EXCLUSIVE = "SDO error 24: the company data is in exclusive use by another user"
_OPERATIONS = {"customer": "Get Customer", "taxcode": "Get Tax Codes"}


class Server:
    """One company."""

    def __init__(self, options: HyperOptions) -> None:
        self.options = options
        self.ledger = Ledger(options)
        self.calls: Counter[str] = Counter()
        self.running: set[str] = set()
        self.faults = Faults({"busy": self.busy, "exclusive": self.exclusive, "late_500": self.failed_after})

    async def busy(self, scope: Scope, body: bytes) -> Response:
        return running(segments(scope)[1])

    async def exclusive(self, scope: Scope, body: bytes) -> Response:
        return self.answer(Request(scope), refused(EXCLUSIVE))

    async def failed_after(self, scope: Scope, body: bytes) -> Response:
        """The call is executed, and the framework fails while it writes the answer."""
        await self.perform(scope, body)
        return JSONResponse({"Message": "An error has occurred."}, status_code=500)

    async def perform(self, scope: Scope, body: bytes) -> Response:
        request = Request(scope)
        parts = segments(scope)
        if [one.lower() for one in parts] == ["api", "system", "version"]:
            return JSONResponse("1.27.5.0")
        found = handler(request.method, parts[1], tuple(parts[2:])) if len(parts) > 1 else None
        if found is None or parts[0].lower() != "api":
            return JSONResponse({"Message": "No HTTP resource was found that matches the request URI."}, 404)
        if self.options.delay_seconds:
            await asyncio.sleep(self.options.delay_seconds)
        try:
            sent = json.loads(body, parse_float=Decimal) if body else None
            call = Call(self.ledger, tuple(parts[2:]), request.query_params, sent)
            return self.answer(request, found(call))
        except json.JSONDecodeError:
            return JSONResponse({"Message": "The request is invalid."}, status_code=400)
        except Refused as reason:
            return self.answer(request, refused(str(reason)))

    def answer(self, request: Request, envelope: dict[str, Any]) -> Response:
        """`new-response` turns the code in the body into the HTTP status; older releases do not know the
        header."""
        real = self.options.new_response and request.headers.get("new-response", "").lower() == "true"
        return JSONResponse(envelope, status_code=envelope["code"] if real else 200)


def running(resource: str) -> Response:
    name = _OPERATIONS.get(resource, resource.capitalize())
    return JSONResponse({"Message": f"A {name} process is already running."}, status_code=409)


def segments(scope: Scope) -> list[str]:
    """Path segments, unquoted one by one so that a stock code may hold a slash; the resource in lower
    case."""
    raw = scope.get("raw_path") or scope["path"].encode()
    parts = [unquote(part) for part in raw.decode("ascii", "replace").partition("?")[0].split("/") if part]
    return [part.lower() if place < 2 else part for place, part in enumerate(parts)]

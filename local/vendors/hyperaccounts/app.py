"""The emulated HyperAccounts service as one ASGI application: the API under /api, a person's view under /_admin.

Promises the vendor's behaviour at the edge: the token, the 409 when two calls of one resource overlap, the single-user
lock, both answer styles, and the shared fault switches.
"""

import asyncio
import json
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.vendors._faults import FaultMiddleware, Faults, fault_routes
from local.vendors._serve import App, Receive, Scope, Send
from local.vendors.hyperaccounts.admin import admin_routes
from local.vendors.hyperaccounts.ledger import Ledger
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.hyperaccounts.service import Call, handler, refused
from local.vendors.hyperaccounts.values import Refused

EXCLUSIVE = "SDO error 24: the company data is in exclusive use by another user"
_OPERATIONS = {"customer": "Get Customer", "taxcode": "Get Tax Codes"}


class Service:
    """The state shared by all requests: the ledger, the calls under way and the counters."""

    def __init__(self, options: HyperOptions) -> None:
        self.options = options
        self.ledger = Ledger(options)
        self.calls: Counter[str] = Counter()
        self.running: set[str] = set()
        self.faults = Faults({"busy": self.busy, "exclusive": self.exclusive, "late_500": self.failed_after})

    async def busy(self, scope: Scope, body: bytes) -> Response:
        return _running(_segments(scope)[1])

    async def exclusive(self, scope: Scope, body: bytes) -> Response:
        return self.answer(Request(scope), refused(EXCLUSIVE))

    async def failed_after(self, scope: Scope, body: bytes) -> Response:
        """The call is executed, and the framework fails while it writes the answer."""
        await self.perform(scope, body)
        return JSONResponse({"Message": "An error has occurred."}, status_code=500)

    async def perform(self, scope: Scope, body: bytes) -> Response:
        request = Request(scope)
        segments = _segments(scope)
        if [one.lower() for one in segments] == ["api", "system", "version"]:
            return JSONResponse("1.27.5.0")
        found = handler(request.method, segments[1], tuple(segments[2:])) if len(segments) > 1 else None
        if found is None or segments[0].lower() != "api":
            return JSONResponse({"Message": "No HTTP resource was found that matches the request URI."}, 404)
        if self.options.delay_seconds:
            await asyncio.sleep(self.options.delay_seconds)
        try:
            sent = json.loads(body, parse_float=Decimal) if body else None
            call = Call(self.ledger, tuple(segments[2:]), request.query_params, sent)
            return self.answer(request, found(call))
        except json.JSONDecodeError:
            return JSONResponse({"Message": "The request is invalid."}, status_code=400)
        except Refused as reason:
            return self.answer(request, refused(str(reason)))

    def answer(self, request: Request, envelope: dict[str, Any]) -> Response:
        """`new-response` turns the code in the body into the HTTP status; older releases do not know the header."""
        real = self.options.new_response and request.headers.get("new-response", "").lower() == "true"
        return JSONResponse(envelope, status_code=envelope["code"] if real else 200)


def build_app(options: HyperOptions | None = None) -> Starlette:
    """The application; its state is `app.state.service`."""
    service = Service(options or HyperOptions())

    async def api(request: Request) -> Response:
        if service.options.exclusive:
            return service.answer(request, refused(EXCLUSIVE))
        return await service.perform(request.scope, await request.body())

    app = Starlette(
        routes=[*fault_routes(service.faults), *admin_routes(service),
                Route("/{path:path}", api, methods=["GET", "POST", "PATCH", "DELETE", "PUT"])],
        middleware=[Middleware(Door, service=service), Middleware(FaultMiddleware, faults=service.faults)])
    app.state.service = service
    return app


class Door:
    """Counts each call, asks for the token, and lets one call of a resource in at a time."""

    def __init__(self, app: App, service: Service) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_admin"):
            await self.app(scope, receive, send)
            return
        segments = _segments(scope)
        resource = segments[1] if len(segments) > 1 else ""
        self.service.calls[f"{scope['method']} {resource}"] += 1
        if Request(scope).headers.get("AuthToken") != self.service.options.token:
            await JSONResponse({"Message": "Authorization has been denied for this request."},
                               status_code=403)(scope, receive, send)
        elif resource in self.service.running and self.service.options.overlap:
            await _running(resource)(scope, receive, send)
        else:
            await self._alone(resource, scope, receive, send)

    async def _alone(self, resource: str, scope: Scope, receive: Receive, send: Send) -> None:
        self.service.running.add(resource)
        try:
            await self.app(scope, receive, send)
        finally:
            self.service.running.discard(resource)


def _running(resource: str) -> Response:
    name = _OPERATIONS.get(resource, resource.capitalize())
    return JSONResponse({"Message": f"A {name} process is already running."}, status_code=409)


def _segments(scope: Scope) -> list[str]:
    """Path segments, unquoted one by one so that a stock code may hold a slash; the resource in lower case."""
    raw = scope.get("raw_path") or scope["path"].encode()
    parts = [unquote(part) for part in raw.decode("ascii", "replace").partition("?")[0].split("/") if part]
    return [part.lower() if place < 2 else part for place, part in enumerate(parts)]

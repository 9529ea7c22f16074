"""Emulated Sage Accounting as one ASGI application: sign-in, the API under /v3.1, and a person's view under
/_admin.

Promises what Sage's documentation says about the edge (bearer token, X-Business, x_request_id, error arrays),
and the shared fault switches. The `check` of `build_app` checks every executed call against Sage's own
swagger.
"""

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.vendors._faults import FaultMiddleware, fault_routes
from local.vendors._serve import App, Receive, Scope, Send
from local.vendors.sage_accounting.admin import admin_routes
from local.vendors.sage_accounting.errors import error
from local.vendors.sage_accounting.oauth_pages import oauth_routes
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_accounting.resources import NUMBERED
from local.vendors.sage_accounting.server import Server, segments

if TYPE_CHECKING:
    from local.vendors.sage_accounting.spec import SpecCheck

_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
_WORDS = ("v3.1", "lead", "release")
_FIXED = ("oauth2", "token", "revoke")


def build_app(options: SageAccountingOptions | None = None, check: "SpecCheck | None" = None) -> Starlette:
    """The application; its state is `app.state.service`."""
    service = Server(options or SageAccountingOptions(), check)

    async def api(request: Request) -> Response:
        return await service.perform(request.scope, await request.body())

    app = Starlette(
        routes=[
            *fault_routes(service.faults),
            *admin_routes(service),
            *oauth_routes(service.sign_in),
            Route("/{path:path}", api, methods=_METHODS),
        ],
        middleware=[
            Middleware(CallWatch, service=service),
            Middleware(FaultMiddleware, faults=service.faults),
        ],
    )
    service.inner = app.router
    app.state.service = service
    return app


class CallWatch:
    """Counts each call, and watches for POSTs of one numbered resource that overlap."""

    def __init__(self, app: App, service: Server) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/" or scope["path"].startswith("/_admin"):
            await self.app(scope, receive, send)
            return
        parts = segments(scope)
        self.service.calls[f"{scope['method']} {_route(parts)}"] += 1
        if scope["method"] == "POST" and parts[:1] == ["v3.1"] and len(parts) == 2 and parts[1] in NUMBERED:
            await self._numbered(parts[1], scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _numbered(self, resource: str, scope: Scope, receive: Receive, send: Send) -> None:
        service, lane = self.service, (Request(scope).headers.get("X-Business", ""), resource)
        if service.running[lane] and service.options.refuse_parallel:
            sentence = f"Two POSTs to {resource} overlapped: Sage asks for one at a time."
            service.overlaps.append(sentence)
            await JSONResponse([error(sentence, "", "ParallelRequest")], status_code=409)(
                scope, receive, send
            )
            return
        service.running[lane] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            service.running[lane] -= 1


def _route(parts: list[str]) -> str:
    """`/contacts/{key}` for any key."""
    if parts[:1] != ["v3.1"]:
        return "/" + "/".join(parts)
    return "/" + "/".join(
        part if place < 1 or part in _WORDS else "{key}" for place, part in enumerate(parts[1:])
    )

"""The emulated tenant as one ASGI application: `build_app(SalesOptions())`.

The API answers under `/api/v4/`, pictures go to `/_bucket/`, people's screens and the controls are under
`/_admin`.
`app.state.sales` is the server behind it, for sample data and direct checks.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local.vendors._faults import FaultMiddleware, Faults, fault_routes
from local.vendors._serve import Scope
from local.vendors.sage_sales_management.admin import Admin
from local.vendors.sage_sales_management.api import ROOT, Api
from local.vendors.sage_sales_management.calls import CountingMiddleware
from local.vendors.sage_sales_management.hooks import Hooks
from local.vendors.sage_sales_management.options import SalesOptions
from local.vendors.sage_sales_management.page import page_routes
from local.vendors.sage_sales_management.pictures import BUCKET, uploaded
from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.sessions import Sessions

_SHELL = "<!DOCTYPE html><html><head><title>ForceManager</title></head><body></body></html>"


def build_app(options: SalesOptions | None = None) -> Starlette:
    """One tenant without records of its own."""
    server = SalesServer(options or SalesOptions())
    sessions, hooks = Sessions(server), Hooks(server)
    api, faults = (
        Api(server, sessions, hooks),
        Faults({"expired_session": _expired(sessions), "900": _unreachable}),
    )

    def forget() -> None:
        sessions.clear()
        faults.clear()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        cron = asyncio.ensure_future(hooks.run())
        yield
        cron.cancel()

    async def door(request: Request) -> Response:
        if server.options.delay_seconds:
            await asyncio.sleep(server.options.delay_seconds)
        if request.url.path.startswith(ROOT):
            return await api.answer(request)
        # known: seen - other addresses answer with the application's HTML
        return HTMLResponse(_SHELL)

    async def bucket(request: Request) -> Response:
        return await uploaded(server, request)

    app = Starlette(
        routes=[
            *fault_routes(faults),
            *page_routes(server),
            *Admin(server, hooks, sessions.clear, forget).routes(),
            Route(f"{BUCKET}{{document}}", bucket, methods=["PUT"]),
            Route("/{path:path}", door, methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        lifespan=lifespan,
        middleware=[
            Middleware(CountingMiddleware, server=server),
            Middleware(FaultMiddleware, faults=faults),
        ],
    )
    app.state.sales = server
    app.state.faults = faults
    app.state.hooks = hooks
    return app


def _expired(sessions: Sessions):  # type: ignore[no-untyped-def]
    async def expired(scope: Scope, body: bytes) -> Response | None:
        """Every session ends."""
        sessions.clear()
        return None

    return expired


async def _unreachable(scope: Scope, body: bytes) -> Response | None:
    """The tenant's database cannot be reached; nothing is done."""
    # known: document - code 900; its HTTP status is guessed
    return JSONResponse({"code": 900, "message": "Connection Error"}, status_code=400)

"""The emulated Vtiger as one ASGI application: `build_app(VtigerOptions())`.

`webservice.php` answers under any folder, the cloud's interface under `/restapi/v1/vtiger/default/`, people's
screens and the controls under `/_admin`. `app.state.vtiger` is the server behind it, for sample data and
direct checks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local.vendors._faults import FaultMiddleware, Faults, fault_routes
from local.vendors._serve import Scope
from local.vendors.vtiger.admin import Admin
from local.vendors.vtiger.calls import CountingMiddleware
from local.vendors.vtiger.cloud import PATH, Cloud
from local.vendors.vtiger.errors import VtigerError
from local.vendors.vtiger.options import VtigerOptions
from local.vendors.vtiger.page import page_routes
from local.vendors.vtiger.server import VtigerServer
from local.vendors.vtiger.webhooks import Webhooks
from local.vendors.vtiger.webservice import Webservice

_METHODS = ["GET", "POST", "PUT", "DELETE"]
_LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Vtiger</title></head><body><h1>Sign in</h1></body></html>"


def build_app(options: VtigerOptions | None = None) -> Starlette:
    """One installation without records."""
    server = VtigerServer(options or VtigerOptions())
    webservice, cloud, hooks = Webservice(server), Cloud(server), Webhooks(server)
    faults = Faults({"expired_session": _expired(webservice)})

    def forget() -> None:
        webservice.sessions.clear()
        cloud.flood.clear()
        faults.clear()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        cron = asyncio.ensure_future(hooks.run())
        yield
        cron.cancel()

    async def door(request: Request) -> Response:
        path, opened = request.url.path, server.options.door
        if path.startswith(PATH) and opened != "webservice":
            return await cloud.answer(request)
        if path.endswith("/webservice.php") and opened != "cloud":
            body = (await request.body()).decode("utf-8", "replace")
            form = dict(parse_qsl(body, keep_blank_values=True)) if request.method == "POST" else {}
            return webservice.answer(request.method, dict(request.query_params), form)
        return HTMLResponse(_LOGIN_PAGE)

    admin = Admin(server, hooks, webservice.sessions.clear, forget)
    app = Starlette(
        routes=[
            *fault_routes(faults),
            *page_routes(server),
            *admin.routes(),
            Route("/{path:path}", door, methods=_METHODS),
        ],
        lifespan=lifespan,
        middleware=[
            Middleware(CountingMiddleware, server=server),
            Middleware(FaultMiddleware, faults=faults),
        ],
    )
    app.state.vtiger = server
    app.state.faults = faults
    app.state.webhooks = hooks
    return app


def _expired(webservice: Webservice):  # type: ignore[no-untyped-def]
    async def expired(scope: Scope, body: bytes) -> Response | None:
        """Ends every session. The cloud has no sessions: there the call is refused as if the key had been
        changed."""
        webservice.sessions.clear()
        if not scope["path"].startswith(PATH):
            return None
        refusal = VtigerError("INVALID_USER_CREDENTIALS", "Invalid username or password")
        return JSONResponse({"success": False, "error": refusal.shown()}, status_code=401)

    return expired

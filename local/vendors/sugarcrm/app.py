"""The emulated SugarCRM as one ASGI application: `build_app(SugarOptions())`.

v11 answers under `/rest/`, v4_1 under `/service/v4_1/rest.php` (and `/legacy/…` as on SuiteCRM 8), the
controls under `/_admin/`. `app.state.sugar` is the server behind it, for sample data and direct checks.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.vendors._faults import FaultMiddleware, Faults, fault_routes
from local.vendors._serve import Scope
from local.vendors.sugarcrm.admin import Admin
from local.vendors.sugarcrm.calls import Calls, CountingMiddleware
from local.vendors.sugarcrm.hooks import Hooks
from local.vendors.sugarcrm.options import SugarOptions
from local.vendors.sugarcrm.page import page_routes
from local.vendors.sugarcrm.server import SugarServer
from local.vendors.sugarcrm.v4_service import V4Service
from local.vendors.sugarcrm.v11_api import V11Api
from local.vendors.sugarcrm.v11_call import Call

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def build_app(options: SugarOptions | None = None) -> Starlette:
    """One server with an empty database. Options decide which of the two APIs answer."""
    server = SugarServer(options or SugarOptions())
    calls, legacy = Calls(), V4Service(server)
    rest = V11Api(server, calls)
    hooks = Hooks(server, rest.shown)
    faults = Faults()

    def sign_out() -> None:
        legacy.sessions.clear()
        rest.tokens.expire_all()

    def forget() -> None:
        legacy.sessions.clear()
        rest.tokens.clear()
        faults.clear()

    async def expired(scope: Scope, body: bytes) -> Response | None:
        sign_out()
        return None

    async def exclusive(scope: Scope, body: bytes) -> Response | None:
        return JSONResponse(
            {"error": "maintenance", "error_message": "The server is being upgraded."}, status_code=503
        )

    faults.special.update(expired_session=expired, exclusive=exclusive)
    admin = Admin(server, calls, hooks, sign_out, forget)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        cron = (
            asyncio.ensure_future(hooks.run(server.options.cron_seconds))
            if server.options.cron_seconds > 0
            else None
        )
        yield
        if cron:
            cron.cancel()

    routes = [
        *fault_routes(faults),
        *page_routes(admin),
        *admin.routes(),
        *(_legacy_routes(legacy) if server.options.v4_1 else []),
        *(_rest_routes(rest) if server.options.v11 else []),
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(CountingMiddleware, calls=calls), Middleware(FaultMiddleware, faults=faults)],
    )
    app.state.sugar = server
    app.state.calls = calls
    app.state.faults = faults
    return app


def _legacy_routes(service: V4Service) -> list[Route]:
    async def endpoint(request: Request) -> Response:
        form = dict(request.query_params)
        form |= dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        return service.answer(form, _address(request))

    paths = ("/service/v4_1/rest.php", "/legacy/service/v4_1/rest.php")
    return [Route(path, endpoint, methods=["GET", "POST"]) for path in paths]


def _rest_routes(api: V11Api) -> list[Route]:
    async def endpoint(request: Request) -> Response:
        answer = api.answer(
            Call(
                method=request.method,
                path=request.url.path,
                query=list(request.query_params.multi_items()),
                body=await request.body(),
                headers=_headers(request.headers),
            )
        )
        if isinstance(answer.contents, str) and answer.status >= 500:
            return Response(answer.contents, status_code=answer.status, media_type="text/html")
        return JSONResponse(answer.contents, status_code=answer.status)

    return [Route("/rest/{rest:path}", endpoint, methods=_METHODS)]


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _address(request: Request) -> str:
    """The server believes X-Forwarded-For, as the real one does."""
    client = request.client.host if request.client else ""
    return request.headers.get("x-forwarded-for", client).split(",")[0].strip()

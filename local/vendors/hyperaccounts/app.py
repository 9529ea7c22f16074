"""The emulated HyperAccounts service as one ASGI application: the API under /api, a person's view under
/_admin.

Promises the vendor's behaviour at the edge: the token, the 409 when two calls of one resource overlap, the
single-user lock, both answer styles, and the shared fault switches.
"""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.vendors._faults import FaultMiddleware, fault_routes
from local.vendors._serve import App, Receive, Scope, Send
from local.vendors.hyperaccounts.admin import admin_routes
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.hyperaccounts.server import EXCLUSIVE, Server, running, segments
from local.vendors.hyperaccounts.service import refused


def build_app(options: HyperOptions | None = None) -> Starlette:
    """The application; its state is `app.state.service`."""
    service = Server(options or HyperOptions())

    async def api(request: Request) -> Response:
        if service.options.exclusive:
            return service.answer(request, refused(EXCLUSIVE))
        return await service.perform(request.scope, await request.body())

    app = Starlette(
        routes=[
            *fault_routes(service.faults),
            *admin_routes(service),
            Route("/{path:path}", api, methods=["GET", "POST", "PATCH", "DELETE", "PUT"]),
        ],
        middleware=[
            Middleware(OneAtATime, service=service),
            Middleware(FaultMiddleware, faults=service.faults),
        ],
    )
    app.state.service = service
    return app


class OneAtATime:
    """Counts each call, asks for the token, and lets one call of a resource in at a time."""

    def __init__(self, app: App, service: Server) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_admin"):
            await self.app(scope, receive, send)
            return
        parts = segments(scope)
        resource = parts[1] if len(parts) > 1 else ""
        self.service.calls[f"{scope['method']} {resource}"] += 1
        if Request(scope).headers.get("AuthToken") != self.service.options.token:
            await JSONResponse(
                {"Message": "Authorization has been denied for this request."}, status_code=403
            )(scope, receive, send)
        elif resource in self.service.running and self.service.options.overlap:
            await running(resource)(scope, receive, send)
        else:
            await self._alone(resource, scope, receive, send)

    async def _alone(self, resource: str, scope: Scope, receive: Receive, send: Send) -> None:
        self.service.running.add(resource)
        try:
            await self.app(scope, receive, send)
        finally:
            self.service.running.discard(resource)

"""Counts every call of a client by method and resource ("GET accounts", "PUT accounts/bulk"), including those
that a fault stops."""

from local.vendors._serve import App, Receive, Scope, Send
from local.vendors.sage_sales_management.api import ROOT
from local.vendors.sage_sales_management.server import SalesServer


class CountingMiddleware:
    def __init__(self, app: App, server: SalesServer) -> None:
        self.app, self.server = app, server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/_admin"):
            with self.server.lock:
                self.server.calls[f"{scope['method']} {_named(scope['path'])}"] += 1
        await self.app(scope, receive, send)


def _named(path: str) -> str:
    """Ids are left out: `accounts/17` and `accounts/18` are calls of one kind."""
    if not path.startswith(ROOT):
        return path.strip("/").split("/")[0]
    return "/".join("id" if part.isdigit() else part for part in path[len(ROOT) :].strip("/").split("/"))

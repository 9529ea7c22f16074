"""Counts every call of a client by operation and module ("query Accounts", "login"), including those that a
fault stops."""

import json
from typing import Any
from urllib.parse import parse_qsl

from local.vendors._replay import again, read_body
from local.vendors._serve import App, Receive, Scope, Send
from local.vendors.vtiger.cloud import PATH
from local.vendors.vtiger.operations import touched
from local.vendors.vtiger.server import VtigerServer


class CountingMiddleware:
    def __init__(self, app: App, server: VtigerServer) -> None:
        self.app = app
        self.server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (
            not scope["path"].endswith("webservice.php") and not scope["path"].startswith(PATH)
        ):
            await self.app(scope, receive, send)
            return
        body = await read_body(receive)
        with self.server.lock:
            self.server.calls[_name(self.server, scope, body)] += 1
        await self.app(scope, again(body, receive), send)


def _name(server: VtigerServer, scope: Scope, body: bytes) -> str:
    parameters: dict[str, Any] = dict(parse_qsl(scope.get("query_string", b"").decode("utf-8", "replace")))
    text = body.decode("utf-8", "replace")
    try:
        parameters |= json.loads(text) if text.lstrip()[:1] == "{" else dict(parse_qsl(text))
    except ValueError:
        parameters["element"] = None
    in_path = scope["path"][len(PATH) :].strip("/") if scope["path"].startswith(PATH) else ""
    operation = (in_path or str(parameters.get("operation") or "?")).lower()
    return f"{operation} {touched(server, parameters)}".strip()

"""Counts every call a client makes, by kind: `v4_1 set_entry`, `POST /{module}/filter`, `POST /bulk`, …

Attempts are counted, including those that a fault stops. The parts of a bulk call are counted separately.
"""

import re
from collections import Counter
from urllib.parse import parse_qs

from local.vendors._serve import App, Message, Receive, Scope, Send

_VERSION = re.compile(r"^/rest/(v[0-9_]+/)?")
_WORDS = {
    "filter",
    "count",
    "link",
    "enum",
    "bulk",
    "oauth2",
    "token",
    "logout",
    "ping",
    "me",
    "metadata",
    "sync_key",
    "Opportunities",
    "Accounts",
    "Contacts",
    "Currencies",
    "Users",
    "RevenueLineItems",
    "ProductTemplates",
    "WebLogicHooks",
    "accounts",
    "opportunities",
    "contacts",
    "revenuelineitems",
    "integrate",
}


class Calls:
    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.bulk_parts: Counter[str] = Counter()

    def reset(self) -> None:
        self.calls.clear()
        self.bulk_parts.clear()

    def counted(self) -> dict[str, object]:
        return {
            "total": sum(self.calls.values()),
            "calls": dict(self.calls),
            "bulk_parts": dict(self.bulk_parts),
        }


def route(method: str, path: str) -> str:
    """`PUT /Opportunities/{id}` for any id."""
    words = _VERSION.sub("", path).strip("/").split("/")
    return f"{method} /" + "/".join(word if word in _WORDS else "{id}" for word in words)


class CountingMiddleware:
    def __init__(self, app: App, calls: Calls) -> None:
        self.app = app
        self.calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(("/rest/", "/service/", "/legacy/")):
            await self.app(scope, receive, send)
        elif path.startswith("/rest/"):
            self.calls.calls[route(scope["method"], path)] += 1
            await self.app(scope, receive, send)
        else:
            await self.app(scope, self._named(scope, receive), send)

    def _named(self, scope: Scope, receive: Receive) -> Receive:
        """v4_1 names its method in the form, so the call is counted once the body has been read."""
        parts: list[bytes] = []

        async def reading() -> Message:
            message = await receive()
            parts.append(message.get("body", b""))
            if message["type"] == "http.request" and not message.get("more_body"):
                text = b"".join(parts) or scope.get("query_string", b"")
                self.calls.calls[
                    "v4_1 " + parse_qs(text.decode("utf-8", "replace")).get("method", ["?"])[0]
                ] += 1
            return message

        return reading

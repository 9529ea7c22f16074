"""Two servers that no vendor runs: a door before an emulated one, which can answer in its place, and a
stranger who keeps whatever reaches him."""

import re
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.vendors._replay import again, execute, read_body
from local.vendors._serve import App, Receive, Scope, Send, Served, serve

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_NEXT = re.compile(rb'("(?:\$next|next|next_page|@odata\.nextLink)"\s*:\s*)"[^"]*"')


@dataclass(frozen=True)
class Odd:
    """An answer that a proxy, a firewall or a half-started server gives instead of the vendor."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        kind = "application/json" if self.body[:1] in "{[n" else "text/html"
        return Response(self.body, status_code=self.status, headers=self.headers, media_type=kind)


ODD_ANSWERS = (
    Odd(200, ""),
    Odd(200, "null"),
    Odd(200, "[]"),
    Odd(200, "{}"),
    Odd(200, '"ok"'),
    Odd(200, "<!DOCTYPE html><html><body>Down for maintenance</body></html>"),
    Odd(403, "<html><body>Forbidden</body></html>"),
    Odd(404, "<html><body>Not Found</body></html>"),
    Odd(404, "{}"),
    Odd(500, ""),
)


class Door:
    """Lets calls through to `app`, but those that a test wants answered oddly. `/_admin` stays open."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.open()

    def open(self) -> None:
        """Everything goes through again."""
        self.answered = 0
        self._odd: Odd | None = None
        self._skip = self._times = 0
        self._elsewhere = ""

    def answer(self, odd: Odd, skip: int = 0, times: int = 1) -> None:
        """`times` calls (-1: all) get this answer, after `skip` went through. None reaches the vendor."""
        self.open()
        self._odd, self._skip, self._times = odd, skip, times

    def lead_to(self, url: str) -> None:
        """Every address of a next page in an answer leads to another host."""
        self.open()
        self._elsewhere = url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_admin"):
            await self.app(scope, receive, send)
            return
        body = await read_body(receive)
        odd = self._due()
        if odd is not None:
            await odd.response()(scope, again(body, receive), send)
        elif self._elsewhere:
            status, headers, content = await execute(self.app, scope, body)
            await self._led(status, dict(headers), content)(scope, again(body, receive), send)
        else:
            await self.app(scope, again(body, receive), send)

    def _due(self) -> Odd | None:
        if self._odd is None or self._times == 0:
            return None
        if self._skip > 0:
            self._skip -= 1
            return None
        self._times -= self._times > 0
        self.answered += 1
        return self._odd

    def _led(self, status: int, headers: dict[bytes, bytes], content: bytes) -> Response:
        led = _NEXT.sub(rb'\1"' + self._elsewhere.encode() + b'/more?page=2"', content)
        self.answered += led != content
        kept = {
            name.decode(): value.decode()
            for name, value in headers.items()
            if name.lower() != b"content-length"
        }
        return Response(led, status_code=status, headers=kept)


class Stranger:
    """A host that is not the vendor's. `heard` is every request whole: address, headers and body."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._served: Served = serve(Starlette(routes=[Route("/{path:path}", self._hear, methods=_METHODS)]))
        self.url = self._served.url

    async def _hear(self, request: Request) -> Response:
        head = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
        body = (await request.body()).decode("utf-8", "replace")
        self.heard.append(f"{request.method} {request.url}\n{head}\n\n{body}")
        return JSONResponse({})

    def __enter__(self) -> "Stranger":
        return self

    def __exit__(self, *ended: object) -> None:
        self._served.close()

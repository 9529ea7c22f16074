"""Fault switches shared by all emulated vendors: what goes wrong, for which calls, how often.

An ASGI middleware that is controlled by `POST /_admin/faults` (a JSON list, appended), `GET` (what is left)
and `DELETE` (clear). A fault hits a call when every pattern of its `match` is found; the first fault that
hits is the one that happens. Calls under `/_admin` never fail.
"""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local.vendors._replay import Executed, again, drop, execute, read_body
from local.vendors._serve import App, Receive, Scope, Send

GENERIC = (
    "429",
    "500",
    "502",
    "503",
    "slow",
    "lost_reply",
    "lost_request",
    "late_commit",
    "html",
    "truncated_json",
)
_MATCH = ("path", "method", "operation", "body")
_ALIAS = {"v4 method": "operation", "v4_method": "operation"}
_LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>"
)


@dataclass
class Fault:
    """`match`: regular expressions for path, method (HTTP), operation (the vendor's own method name) and
    body.

    `times` calls are hit (-1: all), after `skip` matching calls went through. `after` is the delay in seconds
    of slow and late_commit, and the Retry-After of 429 and 503. 502, lost_reply and truncated_json execute
    the call; 429, 500, 503, lost_request and html do not; late_commit executes it later.
    """

    kind: str
    match: dict[str, str] = field(default_factory=dict)
    times: int = 1
    after: float | None = None
    skip: int = 0
    hits: int = 0

    def hit_by(self, call: Mapping[str, str]) -> bool:
        return self.times != 0 and all(
            re.search(pattern, call.get(name, "")) for name, pattern in self.match.items()
        )


Special = Callable[[Scope, bytes], Awaitable[Response | None]]
"""A vendor's own fault. A Response is sent instead of the call; None lets the call continue (with changed
state)."""


class Faults:
    """The switches of one emulator. `special` are the fault kinds only this vendor has."""

    def __init__(self, special: Mapping[str, Special] | None = None) -> None:
        self.special = dict(special or {})
        self._lock = threading.Lock()
        self._active: list[Fault] = []

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Raises ValueError with a sentence for a row that cannot work; then nothing is added."""
        read = [self._read(row) for row in rows]
        with self._lock:
            self._active += read

    def clear(self) -> None:
        with self._lock:
            self._active.clear()

    def active(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._active]

    def take(self, call: Mapping[str, str]) -> Fault | None:
        """The fault for this call, if any; it is counted down."""
        with self._lock:
            for fault in self._active:
                if not fault.hit_by(call):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= fault.times > 0
                fault.hits += 1
                return fault
        return None

    def _read(self, row: dict[str, Any]) -> Fault:
        known = {*GENERIC, *self.special}
        if not isinstance(row, dict) or str(row.get("kind")) not in known:
            raise ValueError(f"A fault needs a kind, one of {', '.join(sorted(known))}; got {row!r}.")
        unknown = row.keys() - {"kind", "match", "times", "after", "skip"}
        if unknown:
            raise ValueError(
                f"A fault has no {', '.join(sorted(unknown))}: use kind, match, times, after, skip."
            )
        match = {
            _ALIAS.get(str(name), str(name)): str(pattern)
            for name, pattern in dict(row.get("match") or {}).items()
        }
        for name, pattern in match.items():
            _check_pattern(name, pattern)
        after = row.get("after")
        return Fault(
            kind=str(row["kind"]),
            match=match,
            times=int(row.get("times", 1)),
            after=None if after is None else float(after),
            skip=int(row.get("skip", 0)),
        )


def _check_pattern(name: str, pattern: str) -> None:
    if name not in _MATCH:
        raise ValueError(f"A fault cannot match on {name!r}: use {', '.join(_MATCH)}.")
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"The pattern {pattern!r} of {name} is not a regular expression: {error}.") from None


class FaultMiddleware:
    """Place it outermost: it reads the whole body, so that a fault can match on it, and passes it on."""

    def __init__(self, app: App, faults: Faults) -> None:
        self.app = app
        self.faults = faults
        self._later: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_admin"):
            await self.app(scope, receive, send)
            return
        body = await read_body(receive)
        fault = self.faults.take(_describe(scope, body))
        if fault is None:
            await self.app(scope, again(body, receive), send)
        else:
            await self._happen(fault, scope, body, receive, send)

    async def _happen(self, fault: Fault, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        if fault.kind in self.faults.special:
            answer = await self.faults.special[fault.kind](scope, body)
            await (answer or self.app)(scope, again(body, receive), send)
        elif fault.kind == "slow":
            await asyncio.sleep(fault.after or 0.0)
            await self.app(scope, again(body, receive), send)
        elif fault.kind == "late_commit":
            self._commit_later(fault.after or 0.0, scope, body)
            await drop(scope, send)
        elif fault.kind in ("lost_reply", "lost_request"):
            if fault.kind == "lost_reply":
                await execute(self.app, scope, body)
            await drop(scope, send)
        else:
            await self._answer(fault, scope, body, send)

    async def _answer(self, fault: Fault, scope: Scope, body: bytes, send: Send) -> None:
        answer = _refusal(fault)
        if fault.kind == "502":
            await execute(self.app, scope, body)
        elif fault.kind == "truncated_json":
            answer = _cut(await execute(self.app, scope, body))
        await answer(scope, again(body, None), send)

    def _commit_later(self, seconds: float, scope: Scope, body: bytes) -> None:
        async def later() -> None:
            await asyncio.sleep(seconds)
            await execute(self.app, scope, body)

        task = asyncio.ensure_future(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def fault_routes(faults: Faults) -> list[Route]:
    """GET, POST and DELETE of `/_admin/faults`."""

    async def control(request: Request) -> Response:
        if request.method == "DELETE":
            faults.clear()
        elif request.method == "POST":
            try:
                rows = await request.json()
                faults.add(rows if isinstance(rows, list) else [rows])
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse(faults.active())

    return [Route("/_admin/faults", control, methods=["GET", "POST", "DELETE"])]


def _describe(scope: Scope, body: bytes) -> dict[str, str]:
    text = body.decode("utf-8", "replace")
    sent = parse_qs(text if text[:1] not in "[{" else "")
    asked = parse_qs(scope.get("query_string", b"").decode("utf-8", "replace"))
    rest = scope["path"].rpartition("/")[2] if scope["path"].startswith("/restapi/") else ""
    named = rest or (sent.get("method") or sent.get("operation") or asked.get("operation") or [""])[0]
    return {"path": scope["path"], "method": scope["method"], "operation": named, "body": text}


def _cut(answer: Executed) -> Response:
    """Half of the answer, with a Content-Length that fits it, as a broken proxy sends."""
    status, headers, body = answer
    kinds = [value.decode() for name, value in headers if name.lower() == b"content-type"]
    return Response(
        body[: len(body) // 2], status_code=status, headers={"Content-Type": kinds[0]} if kinds else None
    )


def _refusal(fault: Fault) -> Response:
    headers = {} if fault.after is None else {"Retry-After": f"{fault.after:g}"}
    if fault.kind == "html":
        return HTMLResponse(_LOGIN_PAGE)
    if fault.kind == "502":
        return HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", status_code=502)
    texts = {"429": "Too Many Requests", "500": "Internal Server Error", "503": "Service Unavailable"}
    status = int(fault.kind) if fault.kind.isdigit() else 500
    return Response(texts.get(fault.kind, ""), status_code=status, headers=headers, media_type="text/plain")

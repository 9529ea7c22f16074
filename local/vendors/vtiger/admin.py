"""`/_admin`: what people do in the CRM, and the controls of the emulated server. Not part of Vtiger.

GET and POST `/_admin/records/{Module}` (one record or a list; `"through": "api"` saves it as another program
would), DELETE `/_admin/records/{Module}/{id}`, POST `/_admin/records/{Module}/{id}/merge|duplicate`; GET and
DELETE `calls|writes`, GET `webhooks`, GET and POST `clock|options`, POST `users|reset|cron|expire`, and
`/_admin/faults`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.vendors._admin import route
from local.vendors.vtiger import people
from local.vendors.vtiger.errors import VtigerError
from local.vendors.vtiger.server import VtigerServer
from local.vendors.vtiger.webhooks import Webhooks


@dataclass
class Admin:
    """`forget` ends every session and clears faults and flood control; `sign_out` only ends sessions."""

    server: VtigerServer
    hooks: Webhooks
    sign_out: Callable[[], None]
    forget: Callable[[], None]

    def routes(self) -> list[Route]:
        return [
            _route("/_admin/records/{module}", {"GET": self._list, "POST": self._save}),
            _route("/_admin/records/{module}/{id}", {"DELETE": self._delete}),
            _route("/_admin/records/{module}/{id}/merge", {"POST": self._merge}),
            _route("/_admin/records/{module}/{id}/duplicate", {"POST": self._duplicate}),
            _route("/_admin/calls", {"GET": self._calls, "DELETE": self._forget_calls}),
            _route("/_admin/writes", {"GET": lambda *_: self.server.writes, "DELETE": self._forget_writes}),
            _route("/_admin/webhooks", {"GET": self._webhooks}),
            _route("/_admin/clock", {"GET": self._time, "POST": self._clock}),
            _route("/_admin/options", {"GET": lambda *_: self.server.options.shown(), "POST": self._options}),
            _route("/_admin/users", {"POST": self._user}),
            _route("/_admin/reset", {"POST": self._reset}),
            _route("/_admin/expire", {"POST": self._expire}),
            Route("/_admin/cron", self._cron, methods=["POST"]),
        ]

    def _list(self, request: Request, _: Any) -> Any:
        """`?deleted=1` also shows deleted ones."""
        deleted = request.query_params.get("deleted") == "1"
        return people.listed(self.server, request.path_params["module"], deleted)

    def _save(self, request: Request, body: Any) -> Any:
        """`{"id": …}` for one record, `{"ids": […]}` for a list."""
        rows = body if isinstance(body, list) else [body]
        if not all(isinstance(row, dict) for row in rows):
            raise ValueError("Send one record as a JSON object, or a list of them.")
        ids = [people.save(self.server, request.path_params["module"], row) for row in rows]
        return {"ids": ids} if isinstance(body, list) else {"id": ids[0]}

    def _delete(self, request: Request, _: Any) -> Any:
        return {"id": people.delete(self.server, request.path_params["module"], request.path_params["id"])}

    def _merge(self, request: Request, body: Any) -> Any:
        into = str((body or {}).get("into") or "")
        return people.merge(self.server, request.path_params["module"], request.path_params["id"], into)

    def _duplicate(self, request: Request, body: Any) -> Any:
        """The body holds what the person changes before saving the copy."""
        module, given = request.path_params["module"], request.path_params["id"]
        return {"id": people.duplicate(self.server, module, given, dict(body or {}))}

    def _calls(self, *_: Any) -> Any:
        return {"total": sum(self.server.calls.values()), "calls": dict(self.server.calls)}

    def _forget_calls(self, *_: Any) -> Any:
        self.server.calls.clear()
        return self._calls()

    def _forget_writes(self, *_: Any) -> Any:
        self.server.writes.clear()
        return []

    def _webhooks(self, *_: Any) -> Any:
        return {"waiting": self.hooks.waiting(), "sent": list(self.hooks.sent)}

    def _clock(self, request: Request, body: Any) -> Any:
        """`{"shift_seconds": n}`, `{"freeze": "2026-11-21T10:00:00"}` or `{"freeze": null}`."""
        clock = self.server.clock
        clock.shift = timedelta(seconds=float(body.get("shift_seconds", clock.shift.total_seconds())))
        if "freeze" in body:
            clock.freeze(body["freeze"])
        return self._time()

    def _time(self, *_: Any) -> Any:
        return {"now": self.server.clock.now().isoformat()}

    def _options(self, request: Request, body: Any) -> Any:
        self.server.change_options(body)
        return self.server.options.shown()

    def _user(self, request: Request, body: Any) -> Any:
        """`{"name": "tieout", "access_key": "…"}`."""
        self.server.change_user(str(body.pop("name", "")), body)
        return {"changed": sorted(body)}

    def _reset(self, *_: Any) -> Any:
        self.server.reset()
        self.forget()
        self.hooks.reset()
        return {"reset": True}

    def _expire(self, *_: Any) -> Any:
        self.sign_out()
        return {"signed_out": True}

    async def _cron(self, request: Request) -> Response:
        return JSONResponse({"sent": await self.hooks.cron()})


def _shown(fault: VtigerError) -> dict[str, Any]:
    return {"error": fault.message, "code": fault.code}


_route = partial(route, refused=VtigerError, shown=_shown)

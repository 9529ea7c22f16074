"""`/_admin`: what people do in the CRM, and the controls of the emulated tenant. Not part of the vendor's
API.

GET and POST `records/{resource}` (one record or a list; with an id, it is changed), DELETE
`records/{resource}/{id}`,
GET and DELETE `calls|writes`, GET `hooks|pictures`, GET and POST `clock|options`, POST
`reset|expire|cron|sentinel`,
and `/_admin/faults`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.vendors._admin import route
from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.hooks import Hooks
from local.vendors.sage_sales_management.server import PERSON, SalesServer
from local.vendors.sage_sales_management.tables import Resource
from local.vendors.sage_sales_management.values import NEVER, Row


def save(server: SalesServer, resource: Resource, body: dict[str, Any]) -> int:
    """As a person: the screen fills in owner and branch, a quotation's status, and blanks for nothing."""
    values = {name: _typed(resource, name, value) for name, value in body.items() if name != "id"}
    if body.get("id"):
        server.update(resource, int(body["id"]), values, by_api=False)
        return int(body["id"])
    return server.create(resource, {**_filled(server, resource), **values}, by_api=False)


def _typed(resource: Resource, name: str, value: Any) -> Any:
    found = resource.fields.get(name)
    if found is None:
        raise ValueError(f"{resource.name} has no field {name}.")
    if isinstance(value, float):
        return Decimal(str(value))
    return None if value == "" and found.kind != "text" else value


def _filled(server: SalesServer, resource: Resource) -> dict[str, Any]:
    owner = {"accounts": "salesRepId1", "contacts": "salesRepId", "salesorders": "salesRepId"}.get(
        resource.name
    )
    made: dict[str, Any] = {owner: PERSON} if owner else {}
    if "branchId" in resource.fields and owner:
        made["branchId"] = next(iter(server.rows["branches"]))
    if resource.name == "salesorders":
        made |= {"statusId": next(iter(server.rows["salesorderStatuses"])), "reference": "Quotation"}
    if resource.name == "contacts":
        made["lastName"] = ""
    return made


def listed(server: SalesServer, resource: Resource, *, deleted: bool = False) -> list[Row]:
    return [
        server.shown(resource, row)
        for row in server.rows[resource.name].values()
        if deleted or not row["deleted"]
    ]


@dataclass
class Admin:
    server: SalesServer
    hooks: Hooks
    sign_out: Callable[[], None]
    forget: Callable[[], None]

    def routes(self) -> list[Route]:
        return [
            _route("/_admin/records/{resource}", {"GET": self._list, "POST": self._save}),
            _route("/_admin/records/{resource}/{id}", {"DELETE": self._delete}),
            _route("/_admin/calls", {"GET": self._calls, "DELETE": self._forget_calls}),
            _route("/_admin/writes", {"GET": lambda *_: self.server.writes, "DELETE": self._forget_writes}),
            _route("/_admin/hooks", {"GET": self._hooks}),
            _route("/_admin/pictures", {"GET": self._pictures}),
            _route("/_admin/clock", {"GET": self._time, "POST": self._clock}),
            _route("/_admin/options", {"GET": lambda *_: self.server.options.shown(), "POST": self._options}),
            _route("/_admin/reset", {"POST": self._reset}),
            _route("/_admin/expire", {"POST": self._expire}),
            _route("/_admin/sentinel", {"POST": self._sentinel}),
            Route("/_admin/cron", self._cron, methods=["POST"]),
        ]

    def _of(self, request: Request) -> Resource:
        return self.server.resource(request.path_params["resource"])

    def _list(self, request: Request, _: Any) -> Any:
        """`?deleted=1` also shows deleted ones."""
        return listed(self.server, self._of(request), deleted=request.query_params.get("deleted") == "1")

    def _save(self, request: Request, body: Any) -> Any:
        """`{"id": …}` for one record, `{"ids": […]}` for a list."""
        rows = body if isinstance(body, list) else [body]
        with self.server.lock:
            ids = [save(self.server, self._of(request), row) for row in rows]
        return {"ids": ids} if isinstance(body, list) else {"id": ids[0]}

    def _delete(self, request: Request, _: Any) -> Any:
        with self.server.lock:
            self.server.delete(self._of(request), request.path_params["id"], by_api=False)
        return {"id": request.path_params["id"]}

    def _sentinel(self, request: Request, body: Any) -> Any:
        """`{"resource": …, "id": …}`: an old row, which says 1899 where newer ones say nothing."""
        # known: document - old rows say 1899-12-30 and user 0 for "never deleted"
        resource = self.server.resource(str(body["resource"]))
        self.server.row(resource, body["id"]).update(dateDeleted=NEVER, salesRepIdDeleted=0)
        return {"id": body["id"]}

    def _calls(self, *_: Any) -> Any:
        return {"total": sum(self.server.calls.values()), "calls": dict(self.server.calls)}

    def _forget_calls(self, *_: Any) -> Any:
        self.server.calls.clear()
        return self._calls()

    def _forget_writes(self, *_: Any) -> Any:
        self.server.writes.clear()
        return []

    def _hooks(self, *_: Any) -> Any:
        return {"waiting": self.hooks.waiting(), "sent": list(self.hooks.sent)}

    def _pictures(self, *_: Any) -> Any:
        return [
            {**one, "content": None if one["content"] is None else len(one["content"])}
            for one in self.server.uploads.values()
        ]

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
        self.server.options.change(body)
        return self.server.options.shown()

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


_route = partial(route, refused=Refused)

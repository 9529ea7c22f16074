"""`/_admin`: edits records as a person in the CRM would, and controls the emulated server. Not part of
SugarCRM.

GET and POST `/_admin/{module}` (opportunities, accounts, contacts, currencies, revenue_line_items,
product_templates, users), GET `/_admin/dump|writes|calls|hooks`, DELETE `writes|calls`, POST
`clock|reset|cron|expire`, `/_admin/faults`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.vendors.sugarcrm.calls import Calls
from local.vendors.sugarcrm.database import DuplicateId
from local.vendors.sugarcrm.hooks import Hooks
from local.vendors.sugarcrm.schema import NUMERIC, Module
from local.vendors.sugarcrm.server import PERSON, SugarServer


class Refusal(Exception):
    """A request of the admin API that cannot be carried out; the message says why."""


Action = Callable[[Any], Any]
_ITS_OWN = ("id", "date_entered", "date_modified", "created_by", "modified_user_id", "deleted")
_COPIED_TOO = ("account_id", "email1")


@dataclass
class Admin:
    server: SugarServer
    calls: Calls
    hooks: Hooks
    sign_out: Callable[[], None]
    forget: Callable[[], None]
    """Ends every sign-in permanently and clears the faults."""

    def routes(self) -> list[Route]:
        return [
            _route("/_admin/dump", {"GET": lambda _: {name: self.rows(name) for name in self._tables()}}),
            _route(
                "/_admin/writes", {"GET": lambda _: self.server.records.log, "DELETE": self._forget_writes}
            ),
            _route("/_admin/calls", {"GET": lambda _: self.calls.counted(), "DELETE": self._forget_calls}),
            _route(
                "/_admin/hooks",
                {"GET": lambda _: {"waiting": self.hooks.waiting(), "sent": list(self.hooks.sent)}},
            ),
            _route("/_admin/clock", {"GET": lambda _: self._time(), "POST": self._clock}),
            _route("/_admin/reset", {"POST": self._reset}),
            _route("/_admin/expire", {"POST": self._expire}),
            Route("/_admin/cron", self._cron, methods=["POST"]),
            *(
                _route(
                    f"/_admin/{name}", {"GET": partial(self._table, name), "POST": partial(self.edit, name)}
                )
                for name in self._tables()
            ),
            _route("/_admin/users", {"GET": lambda _: self.rows("users"), "POST": self._user}),
        ]

    def _table(self, table: str, _: Any) -> list[dict[str, Any]]:
        return self.rows(table)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row with its raw values, deleted ones too."""
        module = self._module(table)
        return self.server.database.select(module, list(module.fields), deleted=True)

    def edit(self, table: str, body: Any) -> Any:
        """Creates, updates (an `id` that exists), deletes (`"delete": true`) or copies (`"duplicate": id`,
        with whatever the person changes before saving); a list does many in one transaction."""
        if not isinstance(body, list):
            return {"id": self._edit_one(self._module(table), body)}
        with self.server.database.transaction():
            return {"ids": [self._edit_one(self._module(table), row) for row in body]}

    def _edit_one(self, module: Module, row: Any) -> str:
        if not isinstance(row, dict):
            raise Refusal(f"A record of {module.name} is a JSON object; got {row!r}.")
        row = self._copied(module, row) if "duplicate" in row else row
        unknown = sorted(name for name in row if name not in module.fields and name != "delete")
        if unknown:
            raise Refusal(
                f"{module.name} has no field {', '.join(unknown)}: correct the name or add the field in the "
                "options."
            )
        record_id = str(row.get("id") or "")
        values = {
            name: _typed(module, name, value) for name, value in row.items() if name not in ("id", "delete")
        }
        known = bool(record_id) and self.server.database.row(module, record_id, deleted=True) is not None
        if row.get("delete"):
            if not self.server.records.delete(PERSON, module, record_id):
                raise Refusal(f"{module.name} has no live record {record_id!r} to delete.")
        elif known:
            self.server.records.update(PERSON, module, record_id, values)
        else:
            record_id = self.server.records.create(PERSON, module, values, record_id)
        return record_id

    def _copied(self, module: Module, row: dict[str, Any]) -> dict[str, Any]:
        """What the screen's "Copy" fills in: every field, custom ones (an order number) too, but for what
        belongs to the record itself."""
        source = str(row["duplicate"])
        if self.server.database.row(module, source) is None:
            raise Refusal(f"{module.name} has no live record {source!r} to copy.")
        names = [
            one.name
            for one in module.fields.values()
            if (one.stored or one.name in _COPIED_TOO) and one.name not in _ITS_OWN
        ]
        shown = self.server.database.select(module, ["id", *names], f"{module.table}.id = ?", [source])[0]
        copied = {name: shown[name] for name in names if shown.get(name) is not None}
        return {**copied, **{name: value for name, value in row.items() if name != "duplicate"}}

    def _user(self, body: Any) -> Any:
        """Changes a user's settings: `{"user_name": "sync", "password": "new"}`."""
        name = str(body.get("user_name", ""))
        try:
            self.server.change_user(name, **{key: value for key, value in body.items() if key != "user_name"})
        except (KeyError, TypeError):
            raise Refusal(
                f"There is no user {name!r}, or a user has no such setting: {sorted(body)}."
            ) from None
        return {"user_name": name}

    def _clock(self, body: Any) -> Any:
        """`{"shift": seconds}`, `{"freeze": true | "2026-01-31T12:00:00+00:00"}`, `{"freeze": false}`."""
        freeze = body.get("freeze")
        try:
            if isinstance(freeze, str):
                self.server.clock.freeze(datetime.fromisoformat(freeze))
            elif freeze is not None:
                self.server.clock.freeze() if freeze else self.server.clock.run()
            self.server.clock.shift(float(body.get("shift") or 0))
        except ValueError as error:
            raise Refusal(f"The clock cannot be set so: {error}") from None
        return self._time()

    def _time(self) -> dict[str, str]:
        return {"now": self.server.clock.now().isoformat()}

    def _reset(self, _: Any) -> Any:
        self.server.reset()
        self.forget()
        self.calls.reset()
        self.hooks.reset()
        return {"reset": True}

    def _expire(self, _: Any) -> Any:
        self.sign_out()
        return {"signed_out": True}

    def _forget_writes(self, _: Any) -> Any:
        self.server.records.log.clear()
        return []

    def _forget_calls(self, _: Any) -> Any:
        self.calls.reset()
        return self.calls.counted()

    async def _cron(self, request: Request) -> Response:
        return JSONResponse({"sent": await self.hooks.cron()})

    def _tables(self) -> list[str]:
        return [module.table for module in self.server.database.modules.values() if module.table != "users"]

    def _module(self, table: str) -> Module:
        return next(module for module in self.server.database.modules.values() if module.table == table)


def _typed(module: Module, name: str, value: Any) -> Any:
    """Numbers may come as text; NULL stays NULL."""
    kind = NUMERIC.get(module.fields[name].type)
    if value is None or kind is None:
        return None if value is None else str(value)
    if value == "":
        return None
    try:
        return float(value) if kind == "REAL" else int(value)
    except (TypeError, ValueError):
        raise Refusal(f"{module.name}.{name} is a number; got {value!r}.") from None


def _route(path: str, actions: dict[str, Action]) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            body = await request.json() if request.method == "POST" and await request.body() else {}
            return JSONResponse(actions[request.method](body))
        except (Refusal, DuplicateId) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except ValueError as error:
            return JSONResponse({"error": f"The body is not JSON: {error}"}, status_code=400)

    answer: Callable[[Request], Awaitable[Response]] = endpoint
    return Route(path, answer, methods=list(actions))

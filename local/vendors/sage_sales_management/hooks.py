"""`/hooks` and what they send. The payload and retries are not documented: as shipped a hook says nothing
in its body,
and is sent once."""

import uuid
from typing import Any

from local.vendors._outbox import Job, Outbox
from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.tables import HOOKED
from local.vendors.sage_sales_management.values import Row, stamp

_NEEDED = ("action", "entity", "name", "url")


class Hooks(Outbox):
    def __init__(self, server: SalesServer) -> None:
        super().__init__(lambda: server.options.cron_seconds)
        self._server = server
        server.heard.append(self.heard)

    # the resource

    def call(self, method: str, hook_id: str, body: Any) -> Any:
        # known: document - one hook is one entity and one action; the names are written with underscores
        hooks = self._server.hooks
        if not hook_id:
            return list(hooks.values()) if method == "GET" else self._made(body)
        found = hooks.get(int(hook_id)) if hook_id.isdigit() else None
        if found is None or found["deleted"]:
            raise Refused(910)
        if method == "GET":
            return found
        if method == "DELETE":
            found.update(deleted=True, date_deleted=stamp(self._server.clock.now()))
            return {"Message": "entity deleted"}
        found.update({**self._read({**found, **(body if isinstance(body, dict) else {})})})
        found["date_updated"] = stamp(self._server.clock.now())
        return {"Message": "entity updated"}

    def _made(self, body: Any) -> Any:
        hooks = self._server.hooks
        values = self._read(body if isinstance(body, dict) else {})
        number = len(hooks) + 1
        hooks[number] = {
            **values,
            "date_created": stamp(self._server.clock.now()),
            "date_deleted": None,
            "date_updated": None,
            "deleted": False,
            "id": number,
            "secret_key": str(uuid.uuid4()).upper(),
            "user_created": self._server.options.key_user,
            "user_deleted": None,
            "user_updated": None,
            "version": 4,
        }
        return {"Message": "entity created", "id": number}

    def _read(self, body: dict[str, Any]) -> dict[str, Any]:
        if not all(isinstance(body.get(name), str) and body[name] for name in _NEEDED):
            raise Refused(901, f"a hook needs {', '.join(_NEEDED)}")
        if body["action"] not in ("insert", "update", "delete") or body["entity"] not in HOOKED.values():
            raise Refused(901, f"no hook for {body['entity']} {body['action']}")
        return {name: body[name] for name in _NEEDED}

    # what is sent

    def heard(self, resource: str, action: str, row: Row, by_api: bool) -> None:
        if by_api and not self._server.options.hooks_echo:
            return
        entity = HOOKED.get(resource)
        told = {"entity": str(entity), "action": action, "id": row["id"]}
        self.put(
            Job(hook["url"], self._body(resource, row), told)
            for hook in self._server.hooks.values()
            if not hook["deleted"] and (hook["entity"], hook["action"]) == (entity, action)
        )

    def _body(self, resource: str, row: Row) -> dict[str, Any]:
        said = self._server.options.hook_body
        if said == "row":
            return self._server.shown(self._server.resources[resource], row)
        return {"id": row["id"]} if said == "id" else {}

    def waiting(self) -> list[dict[str, Any]]:
        return [dict(job.told) for job in self.queued()]

"""`/hooks` and what they send. The payload and retries are not documented: as shipped a hook says nothing
in its body,
and is sent once."""

import asyncio
import threading
import uuid
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.tables import HOOKED
from local.vendors.sage_sales_management.values import Row, stamp

_TIMEOUT, _KEPT, _LOOK = 10.0, 1000, 0.2
_NEEDED = ("action", "entity", "name", "url")


@dataclass(frozen=True)
class Job:
    url: str
    entity: str
    action: str
    record: int
    body: dict[str, Any]


class Hooks:
    def __init__(self, server: SalesServer) -> None:
        self._server, self._lock = server, threading.Lock()
        self._queue: deque[Job] = deque()
        self.sent: deque[dict[str, Any]] = deque(maxlen=_KEPT)
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
        with self._lock:
            self._queue += [
                Job(hook["url"], str(entity), action, row["id"], self._body(resource, row))
                for hook in self._server.hooks.values()
                if not hook["deleted"] and (hook["entity"], hook["action"]) == (entity, action)
            ]

    def _body(self, resource: str, row: Row) -> dict[str, Any]:
        said = self._server.options.hook_body
        if said == "row":
            return self._server.shown(self._server.resources[resource], row)
        return {"id": row["id"]} if said == "id" else {}

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [{"entity": job.entity, "action": job.action, "id": job.record} for job in self._queue]

    def reset(self) -> None:
        with self._lock:
            self._queue.clear()
        self.sent.clear()

    async def cron(self) -> int:
        """Sends what is queued, and returns how many. What fails is lost."""
        with self._lock:
            jobs = list(self._queue)
            self._queue.clear()
        if jobs:
            async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
                for job in jobs:
                    await self._send(client, job)
        return len(jobs)

    async def run(self) -> None:
        """Runs cron for as long as the server runs, whenever the options ask for it."""
        waited = 0.0
        while True:
            await asyncio.sleep(_LOOK)
            waited += _LOOK
            if 0 < self._server.options.cron_seconds <= waited:
                waited = 0.0
                await self.cron()

    async def _send(self, client: httpx.AsyncClient, job: Job) -> None:
        told: dict[str, Any] = {"entity": job.entity, "action": job.action, "id": job.record}
        try:
            url, host = _loopback(job.url)
            answer = await client.post(url, json=job.body, headers=host)
            self.sent.append({**told, "status": answer.status_code})
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            self.sent.append({**told, "status": 0, "fault": type(fault).__name__})


def _loopback(url: str) -> tuple[str, dict[str, str]]:
    """Names under localhost lead to this machine, whether or not the resolver knows that."""
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith(".localhost"):
        return url, {}
    return parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl(), {"Host": parts.netloc}

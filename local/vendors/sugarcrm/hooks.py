"""Web Logic Hooks: every save queues a job; "cron" sends the jobs a little later, once, unsigned, without
retry.

The body is a snapshot from the moment of the save, so it may be out of date when it arrives.
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from local.vendors._outbox import loopback
from local.vendors.sugarcrm.schema import Module
from local.vendors.sugarcrm.server import SugarServer

_TIMEOUT = 10.0
_KEPT = 1000


@dataclass(frozen=True)
class Job:
    url: str
    method: str
    body: dict[str, Any]


class Hooks:
    """`shown` formats a record as the v11 API shows it."""

    def __init__(self, server: SugarServer, shown: Callable[[Module, str], dict[str, Any] | None]) -> None:
        self._server = server
        self._shown = shown
        self._lock = threading.Lock()
        self._queue: deque[Job] = deque()
        self.sent: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        server.records.listeners.append(self.heard)

    def heard(self, event: str, module: Module, record_id: str, details: dict[str, Any]) -> None:
        """Queues one job for each hook on this module and event."""
        for hook in self._registered(event, module):
            job = Job(
                str(hook["url"]),
                str(hook["request_method"] or "POST").upper(),
                self._body(event, module, record_id, details),
            )
            with self._lock:
                self._queue.append(job)

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [
                {"method": job.method, "event": job.body["trigger_event"], "id": job.body["data"].get("id")}
                for job in self._queue
            ]

    def reset(self) -> None:
        with self._lock:
            self._queue.clear()
        self.sent.clear()

    async def cron(self) -> int:
        """Sends what is queued and returns the number of jobs sent. What fails is lost."""
        with self._lock:
            jobs = list(self._queue)
            self._queue.clear()
        if not jobs:
            return 0
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
            for job in jobs:
                await self._send(client, job)
        return len(jobs)

    async def run(self, seconds: float) -> None:
        """Runs cron for as long as the server runs."""
        while True:
            await asyncio.sleep(seconds)
            await self.cron()

    async def _send(self, client: httpx.AsyncClient, job: Job) -> None:
        entry: dict[str, Any] = {"event": job.body["trigger_event"], "id": job.body["data"].get("id")}
        try:
            url, host = loopback(job.url)
            answer = await client.request(
                job.method,
                url,
                content=json.dumps(job.body),
                headers={"Content-Type": "application/json", **host},
            )
            self.sent.append({**entry, "status": answer.status_code})
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            self.sent.append({**entry, "status": 0, "fault": type(fault).__name__})

    def _registered(self, event: str, module: Module) -> list[dict[str, Any]]:
        hooks = self._server.database.modules["WebLogicHooks"]
        return self._server.database.select(
            hooks,
            ("url", "request_method"),
            "webhook_target_module = ? AND trigger_event = ?",
            (module.name, event),
        )

    def _body(self, event: str, module: Module, record_id: str, details: dict[str, Any]) -> dict[str, Any]:
        data = self._shown(module, record_id) or {"id": record_id, "deleted": True}
        return {
            "isUpdate": True,
            **details,
            "dataChanges": [],
            "bean": module.bean,
            "data": data,
            "trigger_event": event,
        }

"""Webhooks: each save queues a job for each hook on its module, and "cron" sends the jobs once, without
retry.

The body has what a customer maps: the bare record number, module, modifiedtime, and the parameters of the
hook. Deletions are not announced."""

import asyncio
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from local.vendors.vtiger.server import Record, VtigerServer

_TIMEOUT = 10.0
_KEPT = 1000
_LOOK = 0.2


@dataclass(frozen=True)
class Job:
    url: str
    headers: dict[str, str]
    body: dict[str, Any]


class Webhooks:
    def __init__(self, server: VtigerServer) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._queue: deque[Job] = deque()
        self.sent: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        server.heard.append(self.heard)

    def heard(self, record: Record) -> None:
        options = self._server.options
        if not options.hears:
            return
        hooks = [hook for hook in options.webhooks if hook.get("module") in (record.module, None)]
        hooks += [{"url": options.webhook_url}] if options.webhook_url else []
        told = {
            "id": str(record.number),
            "module": record.module,
            "modifiedtime": record.values["modifiedtime"],
        }
        with self._lock:
            self._queue += [
                Job(
                    str(hook["url"]),
                    dict(hook.get("headers") or {}),
                    {**told, **(hook.get("parameters") or {})},
                )
                for hook in hooks
            ]

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [job.body for job in self._queue]

    def reset(self) -> None:
        with self._lock:
            self._queue.clear()
        self.sent.clear()

    async def cron(self) -> int:
        """Sends what is queued and returns the number of jobs sent. What fails is lost."""
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
        told = {"id": job.body["id"], "module": job.body["module"]}
        try:
            url, host = _loopback(job.url)
            answer = await client.post(url, json=job.body, headers={**job.headers, **host})
            self.sent.append({**told, "status": answer.status_code})
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            self.sent.append({**told, "status": 0, "fault": type(fault).__name__})


def _loopback(url: str) -> tuple[str, dict[str, str]]:
    """Names under localhost lead to this machine, whether or not the resolver knows that."""
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith(".localhost"):
        return url, {}
    return parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl(), {"Host": parts.netloc}

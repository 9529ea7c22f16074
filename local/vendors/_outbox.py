"""The webhooks of an emulated vendor on their way: queued by a save, sent once by "cron", without retry."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

_TIMEOUT = 10.0
_KEPT = 1000
_LOOK = 0.2


@dataclass(frozen=True)
class Job:
    """`told` is what `sent` says about it beside the answer."""

    url: str
    body: Mapping[str, Any]
    told: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class Outbox:
    """`cron_seconds`: how often cron runs by itself, asked anew each time; 0: never."""

    def __init__(self, cron_seconds: Callable[[], float]) -> None:
        self._cron_seconds = cron_seconds
        self._lock = threading.Lock()
        self._queue: deque[Job] = deque()
        self.sent: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def put(self, jobs: Iterable[Job]) -> None:
        with self._lock:
            self._queue += jobs

    def queued(self) -> list[Job]:
        with self._lock:
            return list(self._queue)

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
            if 0 < self._cron_seconds() <= waited:
                waited = 0.0
                await self.cron()

    async def _send(self, client: httpx.AsyncClient, job: Job) -> None:
        try:
            url, host = loopback(job.url)
            answer = await client.post(url, json=dict(job.body), headers={**job.headers, **host})
            self.sent.append({**job.told, "status": answer.status_code})
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            self.sent.append({**job.told, "status": 0, "fault": type(fault).__name__})


def loopback(url: str) -> tuple[str, dict[str, str]]:
    """Names under localhost lead to this machine, whether or not the resolver knows that."""
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith(".localhost"):
        return url, {}
    return parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl(), {"Host": parts.netloc}

"""The emulator's own process: ministack, served in-process, with its state saved every few seconds.

Run as a script by the interpreter that has ministack; it imports nothing from Tieout. It starts *held* (no
queue is polled, no schedule fires, nothing is saved) until the launcher has deployed the stack and releases
it, so that a failed or interrupted deployment leaves the earlier state untouched. A marker file exists while
it runs: if it is found at the next start, the last stop was not clean, and that is remembered until a
release. It stops cleanly on SIGTERM, SIGINT, or, if asked to watch it, at the end of its standard input."""

import asyncio
import fcntl
import hmac
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as gateway
from ministack.core import lambda_runtime
from ministack.services import eventbridge, lambda_svc, scheduler

if TYPE_CHECKING:
    from local.stack import gaps
    from local.stack.snapshots import Snapshots
else:  # beside this file, which runs as a script
    import gaps
    from snapshots import Snapshots

SAVE_EVERY_SECONDS = 3.0
FINISH_SECONDS = 10.0
"""How long a clean stop waits for handlers that are still running."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
log = logging.getLogger("tieout.stack")


class Valve:
    """Holds back what starts handlers automatically: queue polls and schedules."""

    def __init__(self) -> None:
        self.open = False
        self._wrap(lambda_svc, "_poll_sqs")
        self._wrap(scheduler, "_tick_schedules")
        self._wrap(eventbridge, "_tick_scheduled_rules")

    def _wrap(self, module: Any, name: str) -> None:
        original = getattr(module, name)
        setattr(module, name, lambda *args, **kwargs: original(*args, **kwargs) if self.open else False)


class Gateway:
    """The emulator's ASGI application plus three addresses of ours, and a count of what may have changed its
    state."""

    def __init__(self, valve: Valve, key: str, unclean: Path) -> None:
        self.requests = 0
        self.released = False
        self._valve, self._key, self._unclean = valve, key, unclean
        self.save: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path.startswith("/_tieout/"):
            await self._control(path, dict(scope["headers"]), send)
            return
        if scope["type"] == "http":
            self.requests += 1
        await gateway.app(scope, receive, send)

    async def _control(self, path: str, headers: dict[bytes, bytes], send: Send) -> None:
        status, body = 200, b""
        if not hmac.compare_digest(headers.get(b"x-tieout-key", b"").decode(), self._key):
            status = 403
        elif path == "/_tieout/release":
            self.save()
            self._unclean.unlink(missing_ok=True)
            self._valve.open = self.released = True
        elif path == "/_tieout/save":
            self.save()
        elif path != "/_tieout/status":
            status = 404
        if status == 200:
            facts = {"pid": os.getpid(), "unclean": self._unclean.exists(), "held": not self._valve.open}
            body = json.dumps(facts).encode()
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": body})


async def run(gate: Gateway, valve: Valve, snapshots: Snapshots) -> None:
    """Serves until told to stop; then lets handlers finish, ends their processes, and saves."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if os.environ.get("TIEOUT_WATCH_STDIN") == "1":
        threading.Thread(target=_watch_parent, args=(loop, stop), daemon=True).start()
    saver = loop.create_task(_save_often(gate, snapshots))
    config = Config()
    config.bind = [f"127.0.0.1:{os.environ['GATEWAY_PORT']}"]
    config.loglevel = "WARNING"
    config.accesslog = None
    config.graceful_timeout = 1.0

    async def stopped() -> None:
        await stop.wait()
        valve.open = False
        await _finish_handlers()

    try:
        await serve(gate, config, shutdown_trigger=stopped)
    finally:
        saver.cancel()
    _end_handlers()
    if gate.released:
        snapshots.save()


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """The launcher keeps the other end of our standard input open for as long as it lives."""
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(stop.set)


async def _finish_handlers() -> None:
    deadline = asyncio.get_running_loop().time() + FINISH_SECONDS
    while lambda_runtime.workers_in_use() and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.1)


def _end_handlers() -> None:
    """Leaves their folders to the launcher, which empties them all: deleting twenty here would take longer
    than it waits."""
    lambda_runtime.Worker._discard_tmpdir = lambda self: None
    lambda_runtime.reset()


async def _save_often(gate: Gateway, snapshots: Snapshots) -> None:
    """Saves on the event loop's own thread, so that no request changes anything in the meantime; less often
    if a save takes long."""
    saved, pause, loop = 0, SAVE_EVERY_SECONDS, asyncio.get_running_loop()
    while True:
        await asyncio.sleep(pause)
        if gate.requests == saved or not gate.released:
            continue
        began, seen = loop.time(), gate.requests
        try:
            snapshots.save()
            saved = seen
        except (OSError, RuntimeError, TypeError) as fault:
            log.warning("state not saved this time: %s", fault)
        pause = max(SAVE_EVERY_SECONDS, 10 * (loop.time() - began))


def main() -> int:
    home = Path(os.environ["TIEOUT_HOME"])
    lock = (home / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print(f"Another local stack already uses {home}.", file=sys.stderr)
        return 3
    marker, unclean = home / "running", home / "unclean"
    if marker.exists():
        unclean.touch()
    marker.write_text(str(os.getpid()))
    gaps.fill()
    snapshots = Snapshots(home / "state", gateway)
    valve = Valve()
    gate = Gateway(valve, os.environ["AWS_SECRET_ACCESS_KEY"], unclean)
    gate.save = snapshots.save
    asyncio.run(run(gate, valve, snapshots))
    marker.unlink(missing_ok=True)
    # The emulator leaves threads behind that would keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())

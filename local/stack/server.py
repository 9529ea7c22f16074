"""The emulator's own process: ministack, served in-process, with its state saved every few seconds.

Run as a script by the interpreter that has ministack; it imports nothing from Tieout. It starts *held* (no
queue is polled, no schedule fires, nothing is saved) until the launcher has deployed the stack and releases
it, so that a failed or interrupted deployment leaves the earlier state untouched. A marker file exists while
it runs: if it is found at the next start, the last stop was not clean, and that is remembered until a
release. It stops cleanly on SIGTERM, SIGINT, or, if asked to watch it, at the end of its standard input."""

import asyncio
import fcntl
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as gateway
from ministack.core import lambda_runtime
from ministack.services import eventbridge, lambda_svc, scheduler

if TYPE_CHECKING:
    from local.stack import code_blobs as code
    from local.stack import gaps, memory, orphans, stacks, upkeep
    from local.stack.entrance import Entrance
    from local.stack.identity import Identity
    from local.stack.jumps import Jumps
    from local.stack.signatures import Keys
    from local.stack.snapshots import Snapshots, Unreadable
    from local.stack.tickets import Tickets
else:  # beside this file, which runs as a script
    import code_blobs as code
    import gaps
    import memory
    import orphans
    import stacks
    import upkeep
    from entrance import Entrance
    from identity import Identity
    from jumps import Jumps
    from signatures import Keys
    from snapshots import Snapshots, Unreadable
    from tickets import Tickets

SAVE_EVERY_SECONDS = 3.0
FINISH_SECONDS = 10.0
"""How long a clean stop waits for handlers that are still running."""

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


class Controls:
    """The launcher's addresses: status, save, release, and a ticket for signing in. While the state cannot be
    saved, for a full disk above all, no event is begun: what was done would be forgotten with the next
    kill."""

    def __init__(self, valve: Valve, unclean: Path, snapshots: Snapshots) -> None:
        self.released, self.unsaved = False, ""
        self.tickets = Tickets()
        self._valve, self._unclean, self._snapshots = valve, unclean, snapshots

    def __call__(self, action: str) -> dict[str, Any] | None:
        if action.startswith("ticket/"):
            return {"ticket": self.tickets.issue(action.removeprefix("ticket/"), time.monotonic())}
        if action not in ("status", "save", "release"):
            return None
        if action != "status":
            self.save()
        if action == "release" and not self.unsaved:
            upkeep.put_back()
            memory.share_code()
            memory.give_back(unreachable=True)
            self._unclean.unlink(missing_ok=True)
            self._valve.open = self.released = True
        return {
            "pid": os.getpid(),
            "unclean": self._unclean.exists(),
            "held": not self._valve.open,
            "fell_back": self._snapshots.fell_back,
            "without_code": code.missing(),
            "stacks": stacks.told(),
            "unsaved": self.unsaved,
            "memory": memory.told(),
        }

    def save_now(self) -> None:
        """For what must not be forgotten; before the release nothing is saved."""
        if self.released:
            self.save()

    def save(self) -> bool:
        """Whether it was saved; says once in the log when that changes."""
        before = self.unsaved
        try:
            memory.forget()
            with memory.still():
                self._snapshots.save()
            self.unsaved = ""
            memory.give_back()
        except (OSError, RuntimeError, TypeError) as fault:
            self.unsaved = f"{fault}"[:300] or type(fault).__name__
        if self.unsaved:
            self._valve.open = False
        elif before and self.released:
            self._valve.open = True
        if before != self.unsaved:
            with suppress(OSError):
                log.warning("state not saved: %s", self.unsaved or "it is saved again")
        return not self.unsaved


async def run(entrance: Entrance, controls: Controls, valve: Valve) -> None:
    """Serves until told to stop; then lets handlers finish, ends their processes, and saves."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if os.environ.get("TIEOUT_WATCH_STDIN") == "1":
        threading.Thread(target=_watch_parent, args=(loop, stop), daemon=True).start()
    saver = loop.create_task(_save_often(entrance, controls))
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
        await serve(entrance, config, shutdown_trigger=stopped)
    finally:
        saver.cancel()
    _end_handlers()
    if controls.released and not controls.save():
        raise SystemExit(f"The state could not be saved: {controls.unsaved}")


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


async def _save_often(entrance: Entrance, controls: Controls) -> None:
    """Saves on the event loop's own thread, so that no request changes anything in the meantime; less often
    if a save takes long. In passing it looks at the clock, and ends handlers that have nothing to do."""
    saved, pause, loop, jumps = 0, SAVE_EVERY_SECONDS, asyncio.get_running_loop(), Jumps()
    while True:
        await asyncio.sleep(pause)
        if jumped := jumps.seconds():
            upkeep.follow_clock(jumped)
        await asyncio.to_thread(upkeep.end_idle_handlers)
        if not controls.released or (entrance.requests == saved and not controls.unsaved):
            continue
        began, seen = loop.time(), entrance.requests
        if controls.save():
            saved = seen
        pause = max(SAVE_EVERY_SECONDS, 10 * (loop.time() - began))


def _locked(lock: IO[str]) -> bool:
    """A command that only looks holds the lock too, for a moment."""
    for _ in range(20):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            time.sleep(0.05)
    return False


def _empty(folder: Path) -> None:
    """Of handlers' code that a killed emulator left behind."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def main() -> int:
    home = Path(os.environ["TIEOUT_HOME"])
    os.umask(0o077)
    lock = (home / "lock").open("a+")
    if not _locked(lock):
        print(f"Another local stack already uses {home}.", file=sys.stderr)
        return 3
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    if left := orphans.end(Path(os.environ["TMPDIR"])):
        log.warning("%d handlers of an emulator that was killed were ended", left)
    _empty(Path(os.environ["TMPDIR"]))
    tempfile.tempdir = os.environ["TMPDIR"]  # it was not there at the imports, which then chose the system's
    marker, unclean = home / "running", home / "unclean"
    if marker.exists():
        unclean.touch()
    marker.write_text(str(os.getpid()))
    gaps.fill()
    upkeep.install()
    memory.install()
    code.discard_altered()
    try:
        snapshots = Snapshots(home / "state", gateway, f"localhost:{os.environ['GATEWAY_PORT']}")
    except Unreadable as fault:
        print(fault, file=sys.stderr)
        return 4
    if snapshots.fell_back:
        unclean.touch()
    valve = Valve()
    secret = os.environ["AWS_SECRET_ACCESS_KEY"]
    keys = Keys(os.environ["AWS_ACCESS_KEY_ID"], secret)
    keys.issue_to_functions()
    controls = Controls(valve, unclean, snapshots)
    identity = Identity(controls.tickets)
    port = int(os.environ["GATEWAY_PORT"])
    entrance = Entrance(port, secret, keys, controls, controls.save_now, identity)
    asyncio.run(run(entrance, controls, valve))
    marker.unlink(missing_ok=True)
    # The emulator leaves threads behind that would keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())

"""The local stack in the background: `up` starts it and returns, `down` stops it cleanly by its process id,
`status` reports on it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.settings_file import Settings
from local.stack import launch
from local.stack.home import Home, default_root, open_home
from local.stack.stack import Stack, Step, start
from local.stack.target import NAME, Target, local_session, open_stack


@dataclass(frozen=True)
class Status:
    """`state` is running, stopped, or killed (the last stop was not clean)."""

    state: str
    root: str
    endpoint: str = ""
    pid: int = 0


def up(
    settings: Settings | None,
    root: Path | None = None,
    step: Step = lambda _: None,
    parameters: Mapping[str, str] | None = None,
) -> Stack:
    """Raises StackFault if it is already running or cannot start."""
    home = open_home(root)
    clear_leftovers(home)
    return start(home, settings, detached=True, step=step, parameters=parameters)


def down(root: Path | None = None) -> bool | None:
    """None if nothing was running; False if it had to be killed."""
    home = open_home(root)
    found = launch.running(home)
    if found is None:
        clear_leftovers(home)
        return None
    return launch.end(home, int(found["pid"]))


def status(root: Path | None = None) -> Status:
    home = open_home(root)
    found = launch.running(home)
    if found:
        return Status("running", str(home.root), home.endpoint, int(found["pid"]))
    return Status("killed" if (home.root / "running").exists() else "stopped", str(home.root))


def attach(root: Path | None = None) -> Target:
    """The running local stack, which may be the demonstration's. Raises StackFault if there is none."""
    for home in _homes(root):
        if launch.running(home):
            return open_stack(local_session(home), NAME, home.endpoint)
    raise launch.StackFault("The local stack is not running; start it with `tieout up --settings FILE`.")


@contextmanager
def reading(root: Path | None = None) -> Iterator[Target]:
    """As `attach`, but a stack that is down is opened temporarily: nothing in it starts, and nothing is
    changed.

    Raises StackFault if there has never been one.
    """
    try:
        yield attach(root)
        return
    except launch.StackFault:
        kept = [home for home in _homes(root) if _saved_at(home)]
    if not kept:
        raise launch.StackFault("There is no local stack yet; start one with `tieout up --settings FILE`.")
    home = max(kept, key=_saved_at)
    process = launch.start(home, detached=False)
    try:
        yield open_stack(local_session(home), NAME, home.endpoint)
    finally:
        launch.end(home, process.pid)


def demo_root(root: Path | None = None) -> Path:
    """The demonstration is kept separate from the user's own stack."""
    return (root or default_root()) / "demo"


def _homes(root: Path | None) -> list[Home]:
    chosen = root or default_root()
    return [
        open_home(found)
        for found in (chosen, demo_root(chosen))
        if found == chosen or (found / "stack.json").exists()
    ]


def _saved_at(home: Home) -> float:
    pointer = home.root / "state" / "current"
    return pointer.stat().st_mtime if pointer.exists() else 0.0


def clear_leftovers(home: Home) -> None:
    """A process id that no longer belongs to an emulator of ours is forgotten, never signalled."""
    if launch.running(home) is None:
        home.pid_file.unlink(missing_ok=True)

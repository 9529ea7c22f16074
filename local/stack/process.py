"""The local stack in the background: `up` starts it and returns, `down` stops it cleanly by its process id,
`status` reports on it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from local.stack import launch
from local.stack.home import Home, default_root, holder, open_home
from local.stack.target import NAME, LocalSession, Target, open_stack

if TYPE_CHECKING:  # what `up` alone needs is most of what there is to read
    from local.settings_file import Settings
    from local.stack.stack import Stack, Step


@dataclass(frozen=True)
class Status:
    """`state` is running, silent (its process is there and does not answer), stopped, or killed (the last
    stop was not clean)."""

    state: str
    root: str
    endpoint: str = ""
    pid: int = 0
    unsaved: str = ""
    """Why the state cannot be saved at the moment; no event is begun until it can."""
    memory: Mapping[str, int | None] = field(default_factory=dict)
    """Megabytes of the emulator (`emulator`) and of all handlers together (`handlers_mb`), and how many
    handlers there are."""


def up(
    settings: "Settings | None",
    root: Path | None = None,
    step: "Step" = lambda _: None,
    parameters: Mapping[str, str] | None = None,
    *,
    detached: bool = True,
    storing: bool = True,
) -> "Stack":
    """Raises StackFault if it is already running or cannot start. Not detached, it ends with us."""
    from local.stack.stack import start

    home = open_home(root)
    return start(home, settings, detached=detached, step=step, parameters=parameters, storing=storing)


def down(root: Path | None = None) -> bool | None:
    """None if nothing was running; False if it had to be killed."""
    home = open_home(root)
    pid = holder(home.root)
    return None if pid is None else launch.end(home, pid)


def status(root: Path | None = None) -> Status:
    home = open_home(root)
    if pid := holder(home.root):
        found = launch.running(home)
        if found is None:
            return Status("silent", str(home.root), home.endpoint, pid)
        told = found.get("unsaved", ""), found.get("memory", {})
        return Status("running", str(home.root), home.endpoint, pid, *told)
    return Status("killed" if (home.root / "running").exists() else "stopped", str(home.root))


def attach(root: Path | None = None) -> Target:
    """The running local stack, which may be the demonstration's. Raises StackFault if there is none."""
    for home in _homes(root):
        if found := launch.running(home):
            return open_stack(LocalSession(home), NAME, home.endpoint, found.get("stacks", {}).get(NAME))
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
        yield open_stack(LocalSession(home), NAME, home.endpoint)
    finally:
        launch.end(home, process.pid)


def demo_root(root: Path | None = None) -> Path:
    """The demonstration is kept separate from the user's own stack."""
    return (root or default_root()) / "demo"


def remembered_settings(target: Target) -> Path | None:
    """The settings file that this local stack was last started with, if it is still there."""
    for home in _homes(None):
        if home.endpoint == target.endpoint and home.settings_file.is_file():
            path = Path(home.settings_file.read_text())
            return path if path.is_file() else None
    return None


def _homes(root: Path | None) -> list[Home]:
    chosen = root or default_root()
    return [
        open_home(found)
        for found in (chosen, demo_root(chosen))
        if found == chosen or (found / "stack.json").exists()
    ]


def _saved_at(home: Home) -> float:
    """When state was last saved; 0 where there is none."""
    folder = home.root / "state"
    found = [*folder.glob("*/whole.json"), *folder.glob("current")]
    return max((one.stat().st_mtime for one in found), default=0.0)

"""What the tests of the local stack share: settings that reach no vendor, and how a machine misbehaves."""

import os
import re
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.settings_file import parse
from local.stack.home import Home

SETTINGS = parse(
    """\
[integration.main]
flow = "sugarcrm--sage_50"
[integration.main.sugarcrm]
url = "http://127.0.0.1:9"
user = "sync"
password = "none"
[integration.main.sage_50]
url = "http://127.0.0.1:9"
token = "none"
""",
    Path("settings.toml"),
    {},
)


def until(what: str, true: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)


def lose_the_code(home: Home) -> None:
    for found in (home.root / "emulator" / "lambda-blobs").glob("*.zip"):
        found.write_bytes(b"altered")


def damage_the_newest_state(home: Home) -> None:
    newest = max((home.root / "state").iterdir(), key=lambda one: int(one.name))
    queue = newest / "sqs.json"
    text = queue.read_text()
    queue.unlink()
    queue.write_text(text[: len(text) // 2])


@contextmanager
def taken(port: int) -> Iterator[None]:
    """A port that another program has."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


@contextmanager
def silent_vendor() -> Iterator[socket.socket]:
    """Takes calls and never answers, until the block ends; then nobody is there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)
        yield listening


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """The process can write no file of more than a few bytes, as on a disk without room. Needs no rights."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def kill_worker(stack_pid: int, function: str) -> None:
    """Ends the process of one handler as the system does when memory runs out."""
    for pid in children(stack_pid):
        if f"AWS_LAMBDA_FUNCTION_NAME={function}\0" in Path(f"/proc/{pid}/environ").read_text():
            os.kill(pid, signal.SIGKILL)
            return
    raise AssertionError(f"there is no handler of {function}")


def handlers_code(stack_pid: int) -> Iterator[Path]:
    """Where each handler's code was unpacked."""
    for pid in children(stack_pid):
        for pair in Path(f"/proc/{pid}/environ").read_text().split("\0"):
            if pair.startswith("LAMBDA_TASK_ROOT="):
                yield Path(pair.partition("=")[2])


def children(pid: int) -> list[int]:
    parents = {}
    for found in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(found.parent.name)] = int(re.sub(r"^.*\) ", "", found.read_text()).split()[1])
        except OSError:
            continue  # it has ended meanwhile
    return [child for child, parent in parents.items() if parent == pid]

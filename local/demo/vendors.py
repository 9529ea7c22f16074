"""The emulated vendors of the demonstration, each in its own process, which ends when ours does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.demo.post import ADMIN_TOKEN

PROJECT = Path(__file__).parents[2]
_STOP_SECONDS = 10.0


@contextmanager
def vendor(name: str, log: Path) -> Iterator[str]:
    """Yields its address. Raises RuntimeError with the end of its log if it does not start."""
    command = [sys.executable, "-m", "local.vendors", name, "--watch"]
    environment = _environment()
    with log.open("ab") as written:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
            start_new_session=True,
        )
    try:
        yield _address(process, name, log)
    finally:
        _end(process)


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}",
        "PYTHONUNBUFFERED": "1",
        "TIEOUT_ADMIN_TOKEN": ADMIN_TOKEN,
    }


def _address(process: "subprocess.Popen[str]", name: str, log: Path) -> str:
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    if not address:
        raise RuntimeError(f"The emulated {name} did not start: {log.read_text(errors='replace')[-500:]}")
    return address


def _end(process: "subprocess.Popen[str]") -> None:
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""Starts and ends the emulator's process, and talks to its three control addresses.

The process gets a clean environment: no AWS profile, proxy, PYTHONPATH or credential of the person reaches
the emulator or the handlers that it runs.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from local.stack.home import Home, holder

REGION = "eu-west-2"
ROOT_KEY = "tieout-local"
START_SECONDS = 60.0
STOP_SECONDS = 40.0
_ANSWER_SECONDS = 5.0
SERVER = Path(__file__).with_name("server.py")
"""What the emulator's interpreter runs."""
TAKEN = 3
"""The exit code of an emulator whose folder another one holds."""
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR", "TZ")


class StackFault(Exception):
    """The local stack could not do what was asked; the message is a sentence for a person."""


def interpreter() -> str:
    """The Python that has the emulator: TIEOUT_STACK_PYTHON, `.venv-stack` of the project, else this one."""
    named = os.environ.get("TIEOUT_STACK_PYTHON")
    own = Path(__file__).parents[2] / ".venv-stack" / "bin" / "python"
    return named or (str(own) if own.exists() else sys.executable)


def start(home: Home, *, detached: bool) -> subprocess.Popen[bytes]:
    """Starts the emulator, held. Detached, it outlives us; otherwise it ends when we do, however we end.

    Raises StackFault with the end of its log when it does not come up.
    """
    home.log_file.touch(mode=0o600)
    with home.log_file.open("ab") as log:
        process = subprocess.Popen(
            [interpreter(), str(SERVER)],
            cwd=home.root,
            env=environment(home, watch=not detached),
            start_new_session=True,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL if detached else subprocess.PIPE,
            umask=0o077,
        )
    try:
        _await_start(home, process)
    except BaseException:
        end(home, process.pid)
        raise
    return process


def environment(home: Home, *, watch: bool) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {
        "TIEOUT_HOME": str(home.root),
        "TIEOUT_WATCH_STDIN": "1" if watch else "0",
        "STATE_DIR": str(home.root / "emulator"),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(home.port),
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "WARNING",
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home.root / "s3"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "TMPDIR": str(home.temporary),
        "MALLOC_ARENA_MAX": "2",  # many threads would each keep what they once needed
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": home.secret,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "0",
        "PYTHONUNBUFFERED": "1",
    }


def ended(root: Path, patience: float = STOP_SECONDS) -> bool:
    """Whether no emulator holds this folder any more; waits for one that is saving its state."""
    end = time.monotonic() + patience
    while holder(root) is not None:
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def control(home: Home, action: str, timeout: float = 30) -> dict[str, Any]:
    """`status`, `release` or `save`. Raises OSError when nothing answers."""
    request = urllib.request.Request(
        f"{home.endpoint}/_tieout/{action}", headers={"x-tieout-key": home.secret}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=timeout) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def running(home: Home) -> dict[str, Any] | None:
    """What the emulator of this folder reports about itself; None if it is not running."""
    try:
        return control(home, "status", _ANSWER_SECONDS)
    except (OSError, ValueError):
        return None


def end(home: Home, pid: int) -> bool:
    """A clean stop, by process id. False if it had to be killed, and what was not saved is lost."""
    clean = _signal_and_wait(pid, signal.SIGTERM, STOP_SECONDS) or not _signal_and_wait(
        pid, signal.SIGKILL, 5.0
    )
    if holder(home.root) is None:
        shutil.rmtree(home.temporary, ignore_errors=True)  # the handlers' unpacked code
    return clean and not (home.root / "running").exists()


def _signal_and_wait(pid: int, number: signal.Signals, seconds: float) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        os.kill(pid, signal.SIGCONT)  # one that was stopped would only end once it goes on
    deadline = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def alive(pid: int) -> bool:
    """Also reaps a child of ours that has ended, which would otherwise stay listed."""
    with suppress(ChildProcessError, OSError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _await_start(home: Home, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while (found := running(home)) is None or found["pid"] != process.pid:
        if process.poll() == TAKEN:
            raise StackFault(
                f"Another command is starting the local stack in {home.root}, or has just started it; "
                "`tieout status` shows how it is."
            )
        if process.poll() is not None or time.monotonic() > deadline:
            raise StackFault(
                f"The local stack did not start; {home.log_file} ends with:\n{_tail(home.log_file)}"
            )
        time.sleep(0.1)


def _tail(path: Path, lines: int = 12) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])

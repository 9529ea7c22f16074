"""The state folder of a local stack: where things are in it, its port, and its key.

The folder is `.tieout`, found from any folder (`default_root`), or what TIEOUT_HOME names. Everything in it
belongs to this machine only; the key file is readable by its owner alone.
"""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = ".tieout"
_PROGRAM = Path(__file__).parents[2]


@dataclass(frozen=True)
class Home:
    """Paths of one state folder. `port` and `secret` are made once and remembered."""

    root: Path
    port: int
    secret: str

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_file(self) -> Path:
        return self.root / "stack.log"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def settings_file(self) -> Path:
        """The path of the settings file that `tieout up` was last given."""
        return self.root / "settings"


def default_root(env: Mapping[str, str] | None = None, here: Path | None = None) -> Path:
    """What TIEOUT_HOME (or `--home`) names; else our `.tieout` that is there, in the working folder or
    above it, or beside the program; else a new one in the working folder."""
    env, here = os.environ if env is None else env, here or Path.cwd()
    if env.get("TIEOUT_HOME"):
        return Path(env["TIEOUT_HOME"]).expanduser().absolute()
    places = [folder / FOLDER for folder in (here, *here.parents, _PROGRAM)]
    return next((one for one in places if _is_ours(one / "stack.json")), here / FOLDER)


def _is_ours(path: Path) -> bool:
    """In a folder that many may write to, somebody else's stack is none of ours."""
    try:
        return path.stat().st_uid == os.getuid()
    except OSError:
        return False


def open_home(root: Path | None = None) -> Home:
    """Creates the folder if necessary. A port that something else has taken is replaced only while nothing
    runs here."""
    root = root or default_root()
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    with (root / "opening").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two first commands at once agree on port and secret
        return _open(root)


def _open(root: Path) -> Home:
    stored, pid = _read(root / "stack.json"), holder(root)
    if pid and not stored:
        stored = _of_process(pid)
        _write(root / "stack.json", stored)
    port, secret = stored.get("port"), stored.get("secret")
    if isinstance(port, int) and isinstance(secret, str) and (pid or port_is_free(port)):
        return Home(root, port, secret)
    home = Home(root, free_port(), secret if isinstance(secret, str) else secrets.token_urlsafe(30))
    _write(root / "stack.json", {"port": home.port, "secret": home.secret})
    return home


def holder(root: Path) -> int | None:
    """The id of the process that holds this folder, whether it answers or not; None where nobody does.

    It is told by a lock on a file, which the system takes away however the process ended; an id in a file
    alone may belong to a stranger by now.
    """
    try:
        lock = (root / "lock").open("r+")
    except FileNotFoundError:
        return None
    with lock:
        try:
            fcntl.flock(
                lock, fcntl.LOCK_SH | fcntl.LOCK_NB
            )  # two that look do not take each other for a holder
            return None
        except OSError:
            held = (_text(root / "lock"), _text(root / "running"))  # either may have been cut
            return next((int(pid) for pid in held if pid.isdigit()), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _of_process(pid: int) -> dict[str, object]:
    """Port and key of the stack that runs, where the file with them was damaged: what it was started with.
    Only where the system shows that as a file."""
    found = dict(
        pair.split("=", 1) for pair in _text(Path(f"/proc/{pid}/environ")).split("\0") if "=" in pair
    )
    port, secret = found.get("GATEWAY_PORT", ""), found.get("AWS_SECRET_ACCESS_KEY")
    return {"port": int(port), "secret": secret} if port.isdigit() and secret else {}


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, content: dict[str, object]) -> None:
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.chmod(0o600)
    fresh.write_text(json.dumps(content))
    fresh.replace(path)

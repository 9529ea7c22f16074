"""The style sheet and the script: one file each, with a digest of its content in its name, so that a browser
asks for it once and a new release is seen at once."""

import hashlib
from functools import cache
from pathlib import Path

from shared.console.reply import Reply

PREFIX = "/static/"
_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@cache
def addresses() -> dict[str, str]:
    """File name -> where a page finds it."""
    return {path.name: f"{PREFIX}{path.stem}.{_digest(path)}{path.suffix}" for path in _files()}


def serve(path: str) -> Reply | None:
    """None for an address that is no file of ours; nothing outside the folder has one."""
    name = next((name for name, address in addresses().items() if address == path), None)
    if name is None:
        return None
    file = _FOLDER / name
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Reply(200, file.read_text("utf-8"), kind=_KINDS[file.suffix], headers=kept)


def _files() -> list[Path]:
    return sorted(path for path in _FOLDER.iterdir() if path.suffix in _KINDS)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]

"""All of the emulator's state as one snapshot: on disk are either all services as of one moment, or all as of
an earlier one.

The emulator itself writes one file per service, so a kill between two of them would leave a recent queue
beside an older table. Here each save fills a new folder, writes the digest of every file into its
`whole.json`, and only then counts. The next start reads the newest folder that is whole; older ones are
kept for the day when the newest is not. Imported only by `server.py`."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ministack.core import persistence

KEPT = 3
"""Generations, the newest included."""
_TRIES = 4
_LIST = "whole.json"
_POINTER = "current"
"""Up to version 0.1 this file named the one folder that counted."""


class Unreadable(Exception):
    """There is saved state, and none of it is whole; the message says what to do."""


class Snapshots:
    """`fell_back` is true if the newest snapshot is damaged and an older one is used. Raises Unreadable."""

    def __init__(self, root: Path, gateway: Any, address: str) -> None:
        self._root, self._gateway, self._address = root, gateway, address
        root.mkdir(parents=True, exist_ok=True)
        _adopt(root, address)
        found = self._folders()
        self._number = int(found[0].name) if found else 0
        closed = [folder for folder in found if (folder / _LIST).exists()]  # the others: a kill in mid-save
        self._current = next((folder for folder in closed if is_whole(folder)), None)
        if closed and self._current is None:
            raise Unreadable(
                f"No saved state in {root} can be read: the files are damaged. Restore the folder from a "
                "backup, or move it away to start from nothing"
            )
        self.fell_back = bool(closed) and self._current != closed[0]
        if self._current:
            _move(self._current, address)
        persistence.STATE_DIR = str(self._current or root / "none")

    def save(self) -> None:
        """Raises RuntimeError naming a service that could not be saved, or OSError; the last snapshot then
        stays the newest."""
        self._number += 1
        fresh = self._root / str(self._number)
        fresh.mkdir()
        try:
            self._fill(fresh)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        self._current = fresh
        for old in self._folders()[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)

    def _fill(self, fresh: Path) -> None:
        persistence.STATE_DIR = str(fresh)
        for name, state_of in self._gateway._build_persistence_save_dict().items():
            _save_one(name, _as_it_stands(state_of), fresh)
        for old in self._current.glob("*.json") if self._current else ():
            if not (fresh / old.name).exists():  # a service that was not used since the start
                os.link(old, fresh / old.name)
        _close(fresh, self._address)

    def _folders(self) -> list[Path]:
        """The newest first."""
        found = [one for one in self._root.iterdir() if one.is_dir() and one.name.isdigit()]
        return sorted(found, key=lambda one: int(one.name), reverse=True)


def is_whole(folder: Path) -> bool:
    """Whether every file is as it was saved."""
    try:
        stated = json.loads((folder / _LIST).read_text())["files"]
        return all(_digest(folder / name) == digest for name, digest in stated.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _adopt(root: Path, address: str) -> None:
    """The state of an earlier version, which had one folder and no digests."""
    pointer = root / _POINTER
    if pointer.exists():
        folder = root / pointer.read_text().strip()
        if folder.is_dir() and not (folder / _LIST).exists():
            _close(folder, address)
        pointer.unlink()


def _as_it_stands(state_of: Callable[[], Any]) -> Any:
    """Functions that end write their logs from threads of their own, and a copy that is being made then
    breaks off; a second one is hardly ever disturbed too."""
    for _ in range(_TRIES):
        with suppress(RuntimeError):
            return state_of()
    return state_of()


def _save_one(name: str, state: Any, fresh: Path) -> None:
    if state is None:
        return
    persistence.save_state(name, state)
    if not (fresh / f"{name}.json").exists():
        raise RuntimeError(f"the state of {name} could not be written")


def _close(folder: Path, address: str) -> None:
    """Names and digests of all files, written last, and everything on the disk before it counts."""
    files = {found.name: _digest(found) for found in folder.glob("*.json") if found.name != _LIST}
    fresh = folder / f"{_LIST}.new"
    fresh.write_text(json.dumps({"address": address, "files": files}))
    for found in folder.iterdir():
        _sync(found)
    os.replace(fresh, folder / _LIST)
    _sync(folder)
    _sync(folder.parent)


def _move(folder: Path, address: str) -> None:
    """The emulator keeps addresses of queues and functions in its state. If its port was taken since the last
    stop and it has another now, they are rewritten, or no queue would ever be read again."""
    before = json.loads((folder / _LIST).read_text())["address"]
    if before == address:
        return
    for found in folder.glob("*.json"):
        text = found.read_text()
        if found.name != _LIST and before in text:
            found.unlink()  # it may be one file with an older snapshot's
            found.write_text(text.replace(before, address))
    _close(folder, address)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

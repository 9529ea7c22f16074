"""All of the emulator's state as one snapshot: on disk are either all services as of one moment, or all as of
the previous save.

The emulator itself writes one file per service, so a kill between two of them would leave a recent queue
beside an older table. Here each save fills a new folder, and one rename makes it the current one. Imported
only by `server.py`."""

import os
import shutil
from pathlib import Path
from typing import Any

from ministack.core import persistence


class Snapshots:
    """`root/current` names the folder that the next start reads."""

    def __init__(self, root: Path, gateway: Any) -> None:
        self._root, self._gateway = root, gateway
        root.mkdir(parents=True, exist_ok=True)
        self._number = max((int(found.name) for found in self._folders()), default=0)
        self._sweep()
        persistence.STATE_DIR = str(self.current() or root / "none")

    def current(self) -> Path | None:
        pointer = self._root / "current"
        return self._root / pointer.read_text().strip() if pointer.exists() else None

    def save(self) -> None:
        """Raises RuntimeError naming a service that could not be saved; the last snapshot then stays
        current."""
        previous = self.current()
        self._number += 1
        fresh = self._root / str(self._number)
        fresh.mkdir()
        persistence.STATE_DIR = str(fresh)
        for name, state_of in self._gateway._build_persistence_save_dict().items():
            self._save_one(name, state_of(), fresh)
        self._keep_unloaded(previous, fresh)
        pointer = self._root / "current.new"
        pointer.write_text(fresh.name)
        os.replace(pointer, self._root / "current")
        self._sweep()

    def _save_one(self, name: str, state: Any, fresh: Path) -> None:
        if state is None:
            return
        persistence.save_state(name, state)
        if not (fresh / f"{name}.json").exists():
            shutil.rmtree(fresh, ignore_errors=True)
            raise RuntimeError(f"the state of {name} could not be written")

    def _keep_unloaded(self, previous: Path | None, fresh: Path) -> None:
        """A service that was not used since the start has no new state."""
        for old in previous.glob("*.json") if previous else ():
            if not (fresh / old.name).exists():
                os.link(old, fresh / old.name)

    def _folders(self) -> list[Path]:
        return [found for found in self._root.iterdir() if found.is_dir() and found.name.isdigit()]

    def _sweep(self) -> None:
        keep = self.current()
        for found in self._folders():
            if found != keep:
                shutil.rmtree(found, ignore_errors=True)

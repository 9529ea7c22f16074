"""The clock of the machine that a stack runs on, put forward and back (see `clock.c`)."""

import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """In `folder` are the library and the file that it reads. Raises AssertionError without a C compiler."""

    def __init__(self, folder: Path) -> None:
        self.library, self._file = folder / "clock.so", folder / "clock"
        if not self.library.exists():
            compiler = shutil.which("cc")
            assert compiler, "a clock that jumps needs a C compiler, cc"
            build: list[str | Path] = [
                compiler,
                "-shared",
                "-fPIC",
                "-O1",
                "-o",
                self.library,
                _SOURCE,
                "-lm",
            ]
            subprocess.run(build, check=True)
            self.set(0.0)

    def environment(self) -> dict[str, str]:
        """For a process that is to live by this clock."""
        return {"LD_PRELOAD": str(self.library), "CHAOS_CLOCK": str(self._file)}

    def set(self, wrong: float, functions: float = 0.0) -> None:
        """By how many seconds the machine's clock is wrong, and by how many more that of the functions."""
        with open(self._file, "r+b" if self._file.exists() else "w+b") as file:
            file.write(struct.pack("dd", wrong, functions))


def run_in(clock: Clock, arguments: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    """Python with these arguments, living by the clock. Its errors go where ours go."""
    env = {**os.environ, **clock.environment(), **more}
    return subprocess.run(
        [sys.executable, *arguments], env=env, stdout=subprocess.PIPE, text=True, check=False
    )

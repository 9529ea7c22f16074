"""What a killed emulator left behind is ended at the next start, and nobody else's."""

import subprocess
import sys
from pathlib import Path

import pytest

from local.stack import orphans

WAITS = "import sys, time; print(flush=True); time.sleep(60)"

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc here")


def handler(temporary: Path) -> subprocess.Popen[bytes]:
    """A process with the command line of a handler whose code is in this folder."""
    worker = temporary / "ministack-lambda-tieout-sync-account-x1" / "_worker.py"
    worker.parent.mkdir(parents=True)
    worker.write_text(WAITS)
    started = subprocess.Popen([sys.executable, "-S", worker], stdout=subprocess.PIPE)
    assert started.stdout is not None
    started.stdout.readline()
    return started


def test_a_handler_of_this_folder_is_ended_and_another_stacks_is_not(tmp_path: Path) -> None:
    ours, other = handler(tmp_path / "ours" / "tmp"), handler(tmp_path / "other" / "tmp")
    try:
        assert orphans.end(tmp_path / "ours" / "tmp") == 1
        assert ours.wait(5) == -9 and other.poll() is None
        assert orphans.end(tmp_path / "ours" / "tmp") == 0
    finally:
        for one in (ours, other):
            one.kill()
            one.wait(5)

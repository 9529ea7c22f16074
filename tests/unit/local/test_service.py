"""`tieout up --foreground`, as a service manager runs it, and the service file that is shipped."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from local.cli import up
from local.cli._app import Usage
from local.cli.main import app

SERVICE = Path(__file__).parents[3] / "examples" / "service" / "tieout.service"


class Stack:
    """Its process ends by itself after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"])
        self.closed = False

    def close(self) -> bool:
        self.closed = True
        self.process.kill()
        self.process.wait()
        return True


@pytest.fixture(autouse=True)
def _signals() -> Any:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_a_stack_that_ends_by_itself_is_a_failure_so_that_it_is_started_again() -> None:
    stack = Stack(0)
    with pytest.raises(typer.Exit) as ended:
        up._stay(stack)  # type: ignore[arg-type]
    assert ended.value.exit_code == 1 and stack.closed


def test_told_to_stop_it_saves_and_ends_well() -> None:
    stack = Stack(60)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    with pytest.raises(SystemExit) as ended:
        up._stay(stack)  # type: ignore[arg-type]
    assert ended.value.code == 0 and stack.closed


def test_the_service_file_calls_what_there_is() -> None:
    text = SERVICE.read_text()
    command = re.search(r"^ExecStart=\S+/tieout (\S+) (\S+)$", text, re.M)
    assert command is not None
    group = typer.main.get_group(app)
    options = [one for param in group.commands[command[1]].params for one in param.opts]
    assert command[2] in options
    assert "Environment=TIEOUT_HOME=" in text and "Restart=on-failure" in text


def test_a_settings_file_that_is_gone_is_named(tmp_path: Path) -> None:
    remembered = tmp_path / "settings"
    for text in ("", str(tmp_path / "gone.toml")):
        remembered.write_text(text)
        with pytest.raises(Usage, match="is not there"):
            up._settings(None, remembered)

"""The program as a whole: its name in what it says, `--version`, `-h` on every command, and completion."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from local.cli.main import app
from local.version import read_version

ROOT = Path(__file__).parents[3]
COMMANDS = sorted(typer.main.get_group(app).commands)


def tieout(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """As `.venv/bin/tieout` starts it."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "NO_COLOR": "1", **variables}
    return subprocess.run(
        [sys.executable, "-m", "local.cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_tells_its_version() -> None:
    done = tieout("--version")
    assert (done.returncode, done.stdout) == (0, f"tieout {read_version()}\n")


def test_a_mistake_is_answered_in_its_own_name() -> None:
    done = tieout("connect")
    assert done.returncode == 2
    assert "Usage: tieout connect [OPTIONS]" in done.stderr and "Try 'tieout connect --help'" in done.stderr
    assert "python" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_short_form_of_help_is_the_long_one(command: str) -> None:
    asked = [
        CliRunner().invoke(app, [*command.split(), flag], prog_name="tieout") for flag in ("-h", "--help")
    ]
    assert [one.exit_code for one in asked] == [0, 0]
    assert asked[0].output == asked[1].output and f"Usage: tieout {command}".strip() in asked[0].output


@pytest.mark.parametrize(
    ("shell", "variables", "found"),
    [
        ("bash", {"COMP_WORDS": "tieout rec", "COMP_CWORD": "1"}, {"reconcile", "recover"}),
        ("bash", {"COMP_WORDS": "tieout sync --rel", "COMP_CWORD": "2"}, {"--release"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "tieout und"}, {"undo"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "tieout und", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}, {"undo"}),
    ],
)
def test_a_shell_gets_its_completions(shell: str, variables: dict[str, str], found: set[str]) -> None:
    done = tieout(_TIEOUT_COMPLETE=f"complete_{shell}", **variables)
    known = [*COMMANDS, "--release", "--wait"]
    assert {one for one in known if one in done.stdout} == found, done.stdout + done.stderr


def test_the_script_for_a_shell_is_bound_to_the_programs_name() -> None:
    done = tieout("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0 and "complete -o default -F _tieout_completion tieout" in done.stdout

"""The program as a whole: its name in what it says, `--version`, `-h` on every command, and completion."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from local.cli import _later as later
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


def _read(code: str) -> set[str]:
    """The modules that a fresh process has read after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_help_reads_no_command_and_nothing_that_is_slow() -> None:
    """0.4 seconds of processor time: most of what commands need takes longer than that."""
    read = _read(
        "from local.cli.main import app\n"
        "from typer.testing import CliRunner\n"
        "assert 'Commands:' in CliRunner().invoke(app, ['--help']).output"
    )
    slow = {"boto3", "botocore", "rich.console", "pydantic", "httpx", "shared.bootstrap"}
    assert not slow & read
    assert {one for one in read if one.startswith("local.cli.")} == {
        "local.cli.main",
        "local.cli._later",
        "local.cli._options",
    }


def test_status_reads_no_engine_no_vendor_and_no_settings_file() -> None:
    """0.8 seconds: what is left is Rich, and botocore once a stack is asked."""
    read = _read(
        "from local.cli.main import app\n"
        "from typer.testing import CliRunner\n"
        "told = CliRunner().invoke(app, ['--home', '/tmp', 'status', '--stack', 'x', '-h'])\n"
        "assert 'Usage' in told.output, told.output"
    )
    slow = {"boto3", "botocore.session", "pydantic", "httpx", "shared.bootstrap", "shared.mapping.compile"}
    assert not slow & read and not [one for one in read if one.startswith("shared.sync.engine")]


def test_every_module_of_a_command_is_in_the_table_and_its_summary_fits_a_line() -> None:
    files = {one.stem for one in (ROOT / "local" / "cli").glob("[a-z]*.py")}
    assert set(later.COMMANDS) == files - {"main", "entry", "oauth"}
    for name, text in later.COMMANDS.items():
        assert len(text) <= 65 and text in " ".join(tieout_help().split()), name


@cache
def tieout_help() -> str:
    return CliRunner().invoke(app, ["--help"], prog_name="tieout").output


def test_ctrl_c_while_it_is_still_starting_ends_quietly() -> None:
    code = (
        "import sys, importlib.abc\n"
        "class Stop(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'typer': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n"
        "from local.cli.entry import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


def test_a_reader_who_has_seen_enough_ends_it_quietly() -> None:
    """As `tieout log | head` does."""
    code = (
        "import typer\n"
        "from local.cli._app import command, plain_line\n"
        "@command\n"
        "def much():\n"
        "    while True: plain_line('one', 'two' * 1000)\n"
        "try: much()\n"
        "except typer.Exit as end: raise SystemExit(end.exit_code)\n"
    )
    done = subprocess.run(
        ["bash", "-c", f'{sys.executable} -c "$0" | head -1 | cut -f1; echo ${{PIPESTATUS[0]}}', code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("one\n0\n", "")

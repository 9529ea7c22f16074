"""The `tieout` command: every command in one place."""

import os
from pathlib import Path
from typing import Annotated

import typer

from local.cli.check import check
from local.cli.connect import connect
from local.cli.console import console
from local.cli.dead import dead
from local.cli.decide import decide
from local.cli.deletions import deletions
from local.cli.demo import demo
from local.cli.down import down
from local.cli.erase import erase
from local.cli.log import log
from local.cli.preview import preview
from local.cli.reconcile import reconcile
from local.cli.recover import recover
from local.cli.replay import replay
from local.cli.status import status
from local.cli.sync import sync
from local.cli.undo import undo
from local.cli.up import up
from local.cli.why import why_command
from local.version import PROJECT, read_version

app = typer.Typer(
    name=PROJECT,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROJECT} {read_version()}")
        raise typer.Exit()


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home", help="The folder of the local stack; otherwise TIEOUT_HOME, or the .tieout found."
        ),
    ] = None,
) -> None:
    """Keeps a CRM and a Sage ledger in agreement."""
    if home is not None:
        os.environ["TIEOUT_HOME"] = str(home.absolute())


COMMANDS = (
    demo,
    up,
    down,
    status,
    connect,
    check,
    preview,
    sync,
    log,
    console,
    decide,
    deletions,
    dead,
    replay,
    reconcile,
    undo,
    erase,
    recover,
)
for run in COMMANDS:
    app.command()(run)
app.command("why")(why_command)


def main() -> None:
    """The program: named `tieout` in whatever it says, however it was started."""
    app(prog_name=PROJECT)

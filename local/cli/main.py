"""The `tieout` command: every command in one place."""

import os
from typing import Annotated

import typer

from local.cli._later import Commands

PROJECT = "tieout"

app = typer.Typer(
    name=PROJECT,
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # reading Rich takes longer than all the rest of `--help`
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from local.version import read_version  # reads what is installed, which takes as long as `--help`

        typer.echo(f"{PROJECT} {read_version()}")
        raise typer.Exit()


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
    home: Annotated[
        str | None,  # as text, which needs no pydantic
        typer.Option(
            "--home",
            metavar="FOLDER",
            help="The folder of the local stack; otherwise TIEOUT_HOME, or the .tieout found.",
        ),
    ] = None,
) -> None:
    """Keeps a CRM and a Sage ledger in agreement."""
    if home is not None:
        os.environ["TIEOUT_HOME"] = os.path.abspath(home)


def main() -> None:
    """The program: named `tieout` in whatever it says, however it was started."""
    app(prog_name=PROJECT)

"""The `tieout` command: every command in one place."""

import typer

from local.cli.check import check
from local.cli.connect import connect
from local.cli.console import console
from local.cli.demo import demo
from local.cli.down import down
from local.cli.log import log
from local.cli.preview import preview
from local.cli.reconcile import reconcile
from local.cli.replay import replay
from local.cli.status import status
from local.cli.sync import sync
from local.cli.undo import undo
from local.cli.up import up

app = typer.Typer(
    name="tieout",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keeps a CRM and a Sage ledger in agreement.",
)
for run in (demo, up, down, status, connect, check, preview, sync, log, console, replay, reconcile, undo):
    app.command()(run)

if __name__ == "__main__":
    app()

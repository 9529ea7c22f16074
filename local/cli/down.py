"""`tieout down`: stops the local stack cleanly, with everything saved."""

from typing import Annotated

import typer

from local.cli._app import FINDINGS, command, doing, out
from local.stack.process import down as stop


@command
def down(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing when all went well.")] = False,
) -> None:
    """Stop the local stack; its state is kept for the next `tieout up`."""
    with doing("Waiting for handlers to finish, and saving"):
        clean = stop()
    if clean is False:
        out.print(
            "The local stack had to be killed. After its next start it looks up every record before making a "
            "new one."
        )
        raise typer.Exit(FINDINGS)
    if not quiet:
        out.print("Nothing was running." if clean is None else "The local stack is down; its state is saved.")

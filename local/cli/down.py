"""`tieout down`: ends the local stack cleanly, with everything saved."""

from typing import Annotated

import typer

from local.cli._app import FINDINGS, command, doing, out
from local.stack.process import down as stop


@command
def down(
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all went well.")] = False,
) -> None:
    """End the local stack; what it knows is kept for the next `tieout up`."""
    with doing("Letting handlers finish, saving"):
        clean = stop()
    if clean is False:
        out.print(
            "The local stack had to be killed. At its next start every create looks the record up first."
        )
        raise typer.Exit(FINDINGS)
    if not quiet:
        out.print("Nothing was running." if clean is None else "The local stack is down; its state is saved.")

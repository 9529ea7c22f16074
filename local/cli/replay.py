"""`tieout replay`: moves dead letters back to their queues, as the redrive in the AWS console does."""

from typing import Annotated

import typer

from local.cli._app import StackOption, Usage, command, doing, open_target, out
from local.cli._queues import move_back
from shared.domain.wording import counted
from shared.settings import ENTITIES

NAMES = (*ENTITIES, "poll", "sweep")


@command
def replay(
    entity: Annotated[str | None, typer.Argument(help=f"One of {', '.join(NAMES)}.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Those of every entity.")] = False,
    stack: StackOption = None,
) -> None:
    """Move dead letters back to be tried again. It is safe to do this twice, or too often."""
    if every == (entity is not None) or (entity and entity not in NAMES):
        raise Usage(f"Say which dead letters to replay: one of {', '.join(NAMES)}, or --all.")
    target = open_target(stack)
    for name in NAMES if every else (str(entity),):
        with doing(f"{name}: counting") as say:
            count = move_back(target, name, lambda number, name=name: say(f"{name}: {number} moved"))  # type: ignore[misc]
        if count or not every:
            out.print(f"{name}: {counted(count, 'dead letter')} sent back to the queue.")

"""`tieout replay`: dead letters back to their queues, the same as the AWS console's redrive."""

from typing import Annotated

import typer

from local.cli._app import StackOption, Usage, command, doing, open_target, out
from local.cli._queues import move_back
from shared.settings import ENTITIES

NAMES = (*ENTITIES, "poll")


@command
def replay(
    entity: Annotated[str | None, typer.Argument(help=f"One of {', '.join(NAMES)}.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Of every entity.")] = False,
    stack: StackOption = None,
) -> None:
    """Move dead letters back to be tried again. Doing it twice, or too often, doubles nothing."""
    if every == (entity is not None) or (entity and entity not in NAMES):
        raise Usage(f"Say which dead letters to replay: one of {', '.join(NAMES)}, or --all.")
    target = open_target(stack)
    for name in NAMES if every else (str(entity),):
        with doing(f"{name}: looking") as say:
            count = move_back(target, name, lambda number, name=name: say(f"{name}: {number} moved"))  # type: ignore[misc]
        if count or not every:
            out.print(f"{name}: {count} dead letter{'' if count == 1 else 's'} sent back to the queue.")

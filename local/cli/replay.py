"""`tieout replay`: moves dead letters back to their queues, as the redrive in the AWS console does."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from local.cli._app import Usage, command, doing, open_target, out, show_json
from local.cli._dead_queue import in_hand
from local.cli._queues import move_back
from local.cli._replayed import follow, print_became
from local.cli._same_options import JsonOption, QueueArgument, StackOption
from local.cli.dead import stores_of
from shared.domain.wording import counted
from shared.operations.dead_letters import understood
from shared.ports.dead_letters import QUEUES


@command
def replay(
    entity: QueueArgument = None,
    every: Annotated[bool, typer.Option("--all", help="Those of every entity.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Say what became of them.")] = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move dead letters back to be tried again. It is safe to do this twice, or too often."""
    if every == (entity is not None) or (entity and entity not in QUEUES):
        raise Usage(f"Say which dead letters to replay: one of {', '.join(QUEUES)}, or --all.")
    target, began = open_target(stack), datetime.now(UTC)
    queues = QUEUES if every else (str(entity),)
    letters = []
    if wait:
        with doing("Looking"), in_hand(target, queues) as held:
            letters = understood([one.letter for one in held], lambda name: stores_of(target, name))
    moved = {}
    for name in queues:
        with doing(f"{name}: counting") as say:
            moved[name] = move_back(target, name, lambda number, name=name: say(f"{name}: {number} moved"))  # type: ignore[misc]
    became = follow(target, letters, began) if letters else []
    if as_json:
        show_json({"moved": {name: count for name, count in moved.items() if count}, "became": became})
        return
    for name, count in moved.items():
        if count:
            out.print(f"{name}: {counted(count, 'dead letter')} sent back to the queue.")
    if not any(moved.values()):
        whose = "" if every else f" of {entity}"
        out.print(f"There are no dead letters{whose}: nothing was sent back.")
    print_became(became)

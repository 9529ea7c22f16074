"""Options and arguments that several commands have, in the same words."""

from pathlib import Path
from typing import Annotated

import typer

from shared.ports.dead_letters import QUEUES

StackOption = Annotated[
    str | None, typer.Option("--stack", help="The name of a deployed stack; the local one if left out.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
IntegrationOption = Annotated[
    str | None,
    typer.Option("--integration", "-i", help="Needed when the stack has more than one."),
]
TriedOption = Annotated[
    Path | None,
    typer.Option("--settings", help="Try this file and its rules folder instead of what is stored."),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
StoreLiveOption = Annotated[
    bool, typer.Option("--yes", help="Store what changes on a live integration without asking.")
]
RecordsOption = Annotated[
    int, typer.Option("--limit", min=0, help="Show at most this many records; all are counted.")
]
EntityArgument = Annotated[
    str | None, typer.Argument(help="One entity, such as sales_order; without it, everything the flow polls.")
]
QueueArgument = Annotated[str | None, typer.Argument(help=f"One of {', '.join(QUEUES)}.")]

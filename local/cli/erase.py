"""`tieout erase RECORD`: a person gone from everything that Tieout keeps, with a receipt. A dry run first."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from local.cli._app import (
    FINDINGS,
    IntegrationOption,
    JsonOption,
    StackOption,
    Usage,
    command,
    doing,
    open_target,
    out,
    show_json,
)
from local.cli._erase_messages import messages
from local.cli._services import services
from local.cli.log import names_of, story
from shared.bootstrap import Services
from shared.operations.erase import Receipt, counts, subject
from shared.operations.erase import erase as erase_all
from shared.operations.erase_person import PEOPLE

Record = Annotated[str, typer.Argument(help="The person's id, name or number, or system/entity/id.")]


@command
def erase(
    record: Record,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", help="What else tells who it is, such as an e-mail address. Repeatable."),
    ] = None,
    as_json: JsonOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove a person from links, log, archive, queues and all else that Tieout keeps, and print a receipt.

    Neither system is changed: remove the person there first, or they come back with their next change.
    """
    target = open_target(stack)
    with doing("Looking") as say, services(target, integration) as opened:
        one = subject(opened, *_found(opened, record), also or ())
        elsewhere = messages(target)
        receipt = erase_all(opened, one, False, elsewhere)
        if not dry_run and (as_json or yes or _sure(receipt)):
            say("Erasing")
            receipt = erase_all(opened, one, True, elsewhere)
    show_json(asdict(receipt)) if as_json else _print(receipt)
    if receipt.left:
        raise typer.Exit(FINDINGS)


def _found(opened: Services, record: str) -> tuple[str, str, str]:
    if record.count("/") == 2:
        system, entity, record_id = record.split("/")
        return system, entity, record_id
    people = {
        (row.entity, frozenset(names_of(row))): row
        for row in story(opened.stores, record, None)
        if row.entity in PEOPLE
    }
    rows = {frozenset(names): row for (_, names), row in people.items()}
    apart = [row for names, row in rows.items() if not any(names < other for other in rows)]
    if len(apart) != 1:
        named = (
            ", ".join(f"{row.system}/{row.entity}/{row.record_id}" for row in apart)
            or "none of them a person"
        )
        raise Usage(f"“{record}” is the name of several records: {named}. Say which, as system/entity/id.")
    return apart[0].system, apart[0].entity, apart[0].record_id


def _sure(receipt: Receipt) -> bool:
    _print(receipt)
    return typer.confirm("Erase all of this? It cannot be undone.", abort=True)


def _print(receipt: Receipt) -> None:
    table = Table("where", "found", header_style="bold")
    for place, count in counts(receipt):
        table.add_row(place, f"{count:,}")
    out.print(table)
    out.print(f"Receipt {receipt.id}, integration {receipt.integration}, record (SHA-256) {receipt.record}")
    for place, count in receipt.left.items():
        out.print(f"[red]Still there: {count:,} {place}; run the command again.[/]")

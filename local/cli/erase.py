"""`tieout erase RECORD`: a person gone from everything that Tieout keeps, with a receipt. A dry run first."""

from dataclasses import asdict
from typing import Annotated

import typer

from local.cli._app import FINDINGS, Usage, command, doing, open_target, out, show_json
from local.cli._asking import to_be_confirmed
from local.cli._erase_messages import messages
from local.cli._same_options import IntegrationOption, JsonOption, StackOption, YesOption
from local.cli._services import services
from local.cli._tables import show_table
from shared.bootstrap import Services
from shared.operations.erase import Receipt, counts, subject
from shared.operations.erase import erase as erase_all
from shared.operations.erase_person import PEOPLE
from shared.operations.find_records import Found, find_records

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
    yes: YesOption = False,
) -> None:
    """Remove a person from links, log, archive, queues and all else that Tieout keeps, and print a receipt.

    Neither system is changed: remove the person there first, or they come back with their next change.
    """
    if not dry_run:
        to_be_confirmed(yes, as_json, without="--dry-run")
    target = open_target(stack)
    with doing("Looking") as say, services(target, integration) as opened:
        one = subject(opened, *_found(opened, record), also or ())
        elsewhere, trail = messages(target), target.console().audit
        receipt = erase_all(opened, one, False, elsewhere, trail)
        if not dry_run and (yes or _sure(receipt)):
            say("Erasing")
            receipt = erase_all(opened, one, True, elsewhere, trail)
    show_json(asdict(receipt)) if as_json else _print(receipt)
    if receipt.left:
        raise typer.Exit(FINDINGS)


def _found(opened: Services, record: str) -> tuple[str, str, str]:
    """Of whoever is called just so; a part of a name names nobody."""
    if record.count("/") == 2:
        system, entity, record_id = record.split("/")
        return system, entity, record_id
    found = [one for one in find_records(opened.stores, opened.flow, record) if one.exact]
    if not found:
        raise Usage(f"The log has no record with the id, name or number “{record}”.")
    people = [one for one in found if one.entity in PEOPLE]
    if len(people) != 1:
        named = ", ".join("/".join(_first(one)) for one in people) or "none of them a person"
        raise Usage(f"“{record}” is the name of several records: {named}. Say which, as system/entity/id.")
    return _first(people[0])


def _first(found: Found) -> tuple[str, str, str]:
    row = found.row
    return (row.system, row.entity, row.record_id) if row is not None else min(found.names)


def _sure(receipt: Receipt) -> bool:
    _print(receipt)
    return typer.confirm("Erase all of this? It cannot be undone.", abort=True)


def _print(receipt: Receipt) -> None:
    show_table(("where", "found"), [(place, f"{count:,}") for place, count in counts(receipt)])
    out.print(f"Receipt {receipt.id}, integration {receipt.integration}, record (SHA-256) {receipt.record}")
    for place, count in receipt.left.items():
        out.print(f"[red]Still there: {count:,} {place}; run the command again.[/]")

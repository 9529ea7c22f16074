"""`tieout preview`: shows what the next poll would do, record by record, and writes nothing anywhere."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from local.cli._app import FINDINGS, Usage, command, doing, out, show_json
from local.cli._findings import faults_found
from local.cli._preview_text import print_forecasts
from local.cli._same_options import (
    EntityArgument,
    IntegrationOption,
    JsonOption,
    RecordsOption,
    StackOption,
    TriedOption,
)
from local.cli._services import services
from local.cli._trying import trying
from shared.domain.wording import counted
from shared.operations.call_limits import long_it_takes
from shared.operations.look_alikes import look_alikes, matched_over_lists, with_balances
from shared.operations.pairs_file import written
from shared.operations.preview import preview_entity
from shared.settings import ENTITIES
from shared.sync.engine.preview import Forecast


@command
def preview(
    entity: EntityArgument = None,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    settings: TriedOption = None,
    limit: RecordsOption = 200,
    as_json: JsonOption = False,
    pairs: Annotated[
        Path | None,
        typer.Option("--pairs", help="Write the records that look alike to this CSV file, to be decided."),
    ] = None,
) -> None:
    """A dry run: what would be created, changed (field by field) or skipped, and why.

    With --settings: under what that file and its rules folder say, of which nothing is stored.
    With --pairs: the records of both systems that look alike, for `tieout decide --file`.
    """
    if pairs is not None:
        _pairs(stack, integration, settings, entity, pairs)
        return
    with (
        faults_found(as_json),
        doing("Reading both systems") as say,
        trying(stack, settings, integration) as tried,
        services(tried.stack, tried.name) as opened,
    ):
        read = tried.told(opened)
        found: list[tuple[str, Forecast]] = []
        notes: list[str] = []
        for name in _entities([one for one in ENTITIES if one in opened.flow.entities], entity):
            if not opened.flow.entities[name].lookup_only:
                for forecast in preview_entity(opened, name, notes):
                    found.append((name, forecast))
                    say(f"{counted(len(found), 'record')} read")
        notes += long_it_takes(opened, found)
    counts = Counter(one.would for _, one in found)
    if as_json:
        show_json(
            {
                "counts": dict(counts),
                "read": [asdict(one) for one in read],
                "notes": notes,
                "records": [{"entity": name, **asdict(one)} for name, one in found],
            }
        )
    else:
        for one in read:
            change = f"{one.subject}: " if one.subject == "would change" else ""
            out.print(change + one.message, markup=False, highlight=False)
        print_forecasts(found[:limit], counts)
        for note in notes:
            out.print(f"Note: {note}", markup=False, highlight=False)
    if counts["hold"] or counts["fail"]:
        raise typer.Exit(FINDINGS)


def _pairs(
    stack: str | None, integration: str | None, settings: Path | None, entity: str | None, path: Path
) -> None:
    """All of the file, or nothing; findings where anything is to be decided."""
    with (
        faults_found(False),
        doing("Reading both systems"),
        trying(stack, settings, integration) as tried,
        services(tried.stack, tried.name) as opened,
    ):
        known = matched_over_lists(opened)
        if entity is not None and entity not in known:
            raise Usage(f"“{entity}” has no look-alikes here; choose one of {', '.join(known) or 'none'}.")
        found = [one for name in ([entity] if entity else known) for one in look_alikes(opened, name)]
        text = written(with_balances(opened, found), (opened.flow.crm, opened.flow.sage))
    try:
        path.write_text(text, "utf-8-sig", newline="")
    except OSError as fault:
        raise Usage(f"{path}: {fault.strerror}") from None
    out.print(f"{counted(len(found), 'pair')} written to {path}.", highlight=False)
    if found:
        out.print(
            "Fill in the last column (same or different), then: `tieout decide --file`", highlight=False
        )
        raise typer.Exit(FINDINGS)


def _entities(known: list[str], asked: str | None) -> list[str]:
    if asked is not None and asked not in known:
        raise Usage(f"Unknown entity “{asked}”; choose one of {', '.join(known)}.")
    return [asked] if asked else known

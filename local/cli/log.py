"""`tieout log`: runs, counts, what became of each record and why, and the whole history of one record. The
newest stands last, at the prompt."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from local.cli._app import USAGE, Usage, command, err, on_terminal, out, pick, read_target, show_json
from local.cli._log_follow import Coming
from local.cli._log_json import facts
from local.cli._log_read import MOST, looked_at
from local.cli._log_text import KINDS, print_counts, print_rows, print_runs, print_story
from local.cli._open import example_text
from local.cli._same_options import IntegrationOption, JsonOption, StackOption
from local.cli._when import when
from local.cli._which import print_which, which
from shared.domain.link import LogRow
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.compile import compile_flow
from shared.mapping.model import Flow
from shared.operations.find_records import Found, find_records, story
from shared.operations.log_rows import Wanted
from shared.operations.named_changes import names_of
from shared.operations.proposed import Stack
from shared.ports import Run, Stores
from shared.settings import ENTITIES

RUNS = 3_000
_SHOWN, _SHOWN_RUNS, _EVERY = 100, 10, 2.0
"""Records and runs shown on a terminal, and seconds between two looks of `--follow`."""

Record = Annotated[
    str | None, typer.Argument(help="A record's id, name or number, or a part of it; or system/entity/id.")
]


@command
def log(
    record: Record = None,
    run: Annotated[str | None, typer.Option("--run", help="Only this run.")] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="OUTCOME", help=f"One of {', '.join(KINDS)}. Repeatable."),
    ] = None,
    entity: Annotated[
        list[str] | None, typer.Option("--entity", metavar="ENTITY", help="Such as sales_order. Repeatable.")
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="RULE", help="The rule that decided, such as amount. Repeatable."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="From then on: 2026-11-29, “2026-11-29 10:15”, today, 2h.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Up to then.")] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help=f"The newest so many; {_SHOWN} on a terminal, else all."),
    ] = None,
    ids: Annotated[bool, typer.Option("--ids", help="Show ids too; a pipe always has them.")] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on showing what comes.")] = False,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was created, updated or skipped, and why. With RECORD: everything that ever happened to it."""
    if follow:
        _may_follow(record, until, as_json)
    wanted = _wanted(outcome, entity, rule, since, until)
    most = limit or (_SHOWN if on_terminal() and not as_json else MOST)
    with read_target(stack) as target:
        name = pick(target, integration)
        stores = target.stores(name)
        if record:
            _one(target, name, stores, record, run, wanted, limit or MOST, as_json)
            return
        coming = Coming(stores.log, run) if follow else None
        runs = _runs(stores, run)
        rows, cut = looked_at(stores, run, wanted)
        if as_json:
            show_json(facts(rows[:most][::-1], runs))
        else:
            _print(rows, runs, most, ids, wanted, run)
        if cut:
            err.print(cut, markup=False, highlight=False)
        if coming is not None:
            coming.told(rows)
            _follow(coming, wanted, ids)


def _may_follow(record: str | None, until: str | None, as_json: bool) -> None:
    """Raises Usage for what has an end of its own."""
    for given, what in ((record, "RECORD"), (until, "--until"), (as_json, "--json")):
        if given:
            raise Usage(
                f"--follow goes on showing what comes to the log, and {what} asks for an answer that ends: "
                "leave out one of them."
            )


def _wanted(
    outcome: list[str] | None,
    entity: list[str] | None,
    rule: list[str] | None,
    since: str | None,
    until: str | None,
) -> Wanted:
    for one in outcome or ():
        if one.lower() not in KINDS:
            raise Usage(f"There is no outcome “{one}”; choose one of {', '.join(KINDS)}.")
    entities = [one.lower().replace(" ", "_").replace("-", "_") for one in entity or ()]
    for one in entities:
        if one not in ENTITIES:
            raise Usage(f"There is no entity “{one}”; choose one of {', '.join(ENTITIES)}.")
    now = datetime.now(UTC)
    return Wanted(
        frozenset(one.lower() for one in outcome or ()),
        frozenset(entities),
        frozenset(one.casefold() for one in rule or ()),
        when(since, now) if since else None,
        when(until, now, end=True) if until else None,
    )


def _runs(stores: Stores, run: str | None) -> list[Run]:
    """The newest, or the one asked for. Raises Usage when there is no such run."""
    if run is None:
        return stores.log.runs(limit=_SHOWN_RUNS)[::-1]
    found = [one for one in stores.log.runs(limit=RUNS) if one.run_id == run]
    if not found and not stores.log.rows(run_id=run, limit=1):
        raise Usage(f"The log has no run “{run}”; `tieout log` lists the latest ones.")
    return found


def _print(
    rows: Sequence[LogRow],
    runs: Sequence[Run],
    most: int,
    ids: bool,
    wanted: Wanted,
    run: str | None,
) -> None:
    everything = wanted == Wanted() and not run
    if on_terminal() and (run or everything):
        print_runs(runs)
    print_rows(rows[:most][::-1], ids)
    if on_terminal():  # a pipe has records, one a line, and nothing else
        print_counts(rows, "The log is empty." if everything else "Nothing of that was found.")
    if len(rows) > most and on_terminal():
        out.print(f"Shown are the newest {most} of {len(rows):,}; --limit {len(rows)} shows all.")


def _one(
    target: Stack,
    name: str,
    stores: Stores,
    record: str,
    run: str | None,
    wanted: Wanted,
    most: int,
    as_json: bool,
) -> None:
    stored = target.integrations().load(name)
    flow = compile_flow(stored.flow, stored.rules, stored.directions)
    found = find_records(stores, flow, record)
    if not found:
        raise Usage(
            f"The log has no record with the id, name or number “{record}”, and none that contains it. "
            f"`tieout why {record}` asks the systems."
        )
    if len(found) > 1:
        told = which(flow, stores, found)
        show_json({"several": told}) if as_json else print_which(record, told)
        raise typer.Exit(USAGE)
    rows = [row for row in story(stores, found[0].names) if run in (None, row.run_id)]
    rows = [row for row in rows if wanted.then(row) and wanted.so(row)][-most:]
    if as_json:
        show_json(facts(rows, []))
        return
    _print_head(flow, stores, found[0])
    print_story(rows, names_of(stores, rows))
    if not rows:
        err.print(_no_row(found[0]), markup=False, highlight=False)


def _print_head(flow: Flow, stores: Stores, found: Found) -> None:
    if not on_terminal():
        return
    (told,) = which(flow, stores, [found])
    example = {**told, "id": "", "system": ""}
    out.print(f"{words(told['entity'])} [bold]{escape(example_text(example))}[/]", highlight=False)
    addresses = found.row.records if found.row else {}
    for system, _, record_id in sorted(found.names):
        address = (
            addresses.get(system, ("", "", ""))[2] if addresses.get(system, ("",))[0] == record_id else ""
        )
        out.print(f"{title(system)}: {record_id}  {address}".rstrip(), markup=False, highlight=False)


def _no_row(found: Found) -> str:
    outcome = found.link.outcome if found.link else None
    kept = f"; what it said last is: {outcome.kind}, {outcome.reason}" if outcome else ""
    return f"No row of the log is of what was asked for, or they have expired{kept}."


def _follow(coming: Coming, wanted: Wanted, ids: bool) -> None:
    """Shows what comes, until Ctrl-C."""
    try:
        while True:
            time.sleep(_EVERY)
            print_rows([row for row in coming.new() if wanted.then(row) and wanted.so(row)], ids)
    except KeyboardInterrupt:
        return

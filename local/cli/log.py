"""`tieout log`: runs, counts, what became of each record and why, and the whole history of one record."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from local.cli._app import (
    IntegrationOption,
    JsonOption,
    StackOption,
    Usage,
    command,
    moment,
    out,
    pick,
    read_target,
    show_json,
)
from shared.domain.link import LogRow, OutcomeKind
from shared.domain.outcomes.fields import says_nothing
from shared.domain.titles import title
from shared.domain.wording import words
from shared.ports import Run, Stores

KINDS: tuple[OutcomeKind, ...] = (
    "created", "updated", "unchanged", "skipped", "waiting", "held", "parked", "failed",
)  # fmt: skip
COLOURS = {
    "created": "green",
    "updated": "green",
    "held": "red",
    "failed": "red",
    "waiting": "yellow",
    "parked": "yellow",
}
LIMIT = 10_000

Record = Annotated[str | None, typer.Argument(help="A record's id, name or number, or system/entity/id.")]


@command
def log(
    record: Record = None,
    run: Annotated[str | None, typer.Option("--run", help="Only this run.")] = None,
    outcome: Annotated[str | None, typer.Option("--outcome", help=f"One of {', '.join(KINDS)}.")] = None,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was created, updated or skipped, and why. With RECORD: everything that ever happened to it."""
    if outcome and outcome not in KINDS:
        raise Usage(f"There is no outcome “{outcome}”; choose one of {', '.join(KINDS)}.")
    with read_target(stack) as target:
        stores = target.stores(pick(target, integration))
        rows = [row for row in story(stores, record, run) if outcome in (None, row.outcome.kind)]
        runs = [] if record else [found for found in stores.log.runs(limit=50) if run in (None, found.run_id)]
    if as_json:
        show_json(facts(rows, runs))
    elif record:
        _print_story(rows)
    else:
        print_runs(runs[:10])
        print_rows(rows)


def story(stores: Stores, record: str | None, run: str | None) -> list[LogRow]:
    """All rows of the record, oldest first; without a record, the latest row of each. Raises Usage when there
    is no such record."""
    if record and record.count("/") == 2:
        system, entity, record_id = record.split("/")
        return list(reversed(stores.log.rows(record=(system, entity, record_id), limit=LIMIT)))
    rows = stores.log.rows(run_id=run, limit=LIMIT)
    if record is None:
        return latest(rows)
    subjects = {(row.system, row.entity, row.record_id) for row in rows if _is(row, record)}
    if not subjects:
        raise Usage(f"The log has no record with the id, name or number “{record}”.")
    found = [row for subject in sorted(subjects) for row in stores.log.rows(record=subject, limit=LIMIT)]
    return sorted(found, key=lambda row: row.at)


def latest(rows: list[LogRow]) -> list[LogRow]:
    """What became of each record: its newest row that says more than "unchanged". `rows` are newest first.
    Two linked records count as one: what the older of them waited for earlier is no longer shown."""
    found, places = list[LogRow](), dict[tuple[str, str, str], int]()
    for row in rows:
        names = names_of(row)
        place = min((places[name] for name in names if name in places), default=len(found))
        if place == len(found):
            found.append(row)
        elif says_nothing(found[place].outcome) and not says_nothing(row.outcome):
            found[place] = row
        places |= {name: place for name in names if name not in places}
    return found


def names_of(row: LogRow) -> set[tuple[str, str, str]]:
    """(system, entity, id) of each record that the row is about."""
    linked = {(system, row.entity, known[0]) for system, known in row.records.items() if known[0]}
    return {(row.system, row.entity, row.record_id), *linked}


def _is(row: LogRow, record: str) -> bool:
    return record in (row.record_id, row.label) or any(record in found[:2] for found in row.records.values())


def facts(rows: list[LogRow], runs: list[Run]) -> dict[str, Any]:
    """The JSON form: `counts` by outcome over the records shown."""
    return {
        "counts": dict(Counter(row.outcome.kind for row in rows)),
        "records": [_row(row) for row in rows],
        "runs": [
            {
                "id": run.run_id,
                "cause": run.cause,
                "entity": run.entity,
                "system": run.system,
                "state": run.state,
                "message": run.message,
                "started_at": run.started_at,
                "finished_at": run.finished_at,
                "counts": dict(run.counts),
            }
            for run in runs
        ],
    }


def _row(row: LogRow) -> dict[str, Any]:
    what = row.outcome
    return {
        "at": row.at,
        "run": row.run_id,
        "system": row.system,
        "entity": row.entity,
        "id": row.record_id,
        "label": row.label,
        "outcome": what.kind,
        "reason": what.reason,
        "rule": what.rule,
        "field": what.field,
        "value": what.value,
        "notes": list(what.notes),
        "waits_for": what.waits_for,
        "until": what.until,
        "cause": row.cause,
        "attempt": row.attempt,
        "changes": list(row.changes),
        "records": {
            system: {"id": found[0], "label": found[1], "address": found[2]}
            for system, found in row.records.items()
        },
    }


def print_rows(rows: list[LogRow]) -> None:
    """A table grouped by outcome, with the counts below."""
    table = Table("outcome", "record", "id", "what happened, and why", header_style="bold", expand=True)
    several = len({row.entity for row in rows}) > 1
    for row in sorted(
        rows, key=lambda row: (KINDS.index(row.outcome.kind), row.entity, row.outcome.reason, row.record_id)
    ):
        label = f"{words(row.entity)} {row.label}" if several else row.label
        table.add_row(
            f"[{COLOURS.get(row.outcome.kind, 'white')}]{row.outcome.kind}[/]",
            plain(label, 48),
            plain(row.record_id, 14),
            plain(why(row), 200),
        )
    out.print(table)
    print_counts(rows)


def print_counts(rows: list[LogRow]) -> None:
    counts = Counter(row.outcome.kind for row in rows)
    out.print("  ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]) or "The log is empty.")


def why(row: LogRow) -> str:
    return "; ".join((row.outcome.reason, *row.outcome.notes))


def plain(text: str, limit: int) -> str:
    """One line without markup: a record's name may contain anything."""
    line = " ".join(text.split())
    return escape(line if len(line) <= limit else line[: limit - 1] + "…")


def print_runs(runs: list[Run]) -> None:
    table = Table(
        Column("run", no_wrap=True),
        "cause",
        "list",
        "state",
        "message",
        "outcomes",
        box=None,
        header_style="bold",
    )
    for run in runs:
        counts = ", ".join(f"{number} {kind}" for kind, number in run.counts.items())
        table.add_row(run.run_id, run.cause, run_list(run), run.state, plain(run.message, 80), counts)
    if runs:
        out.print(table)


def _print_story(rows: list[LogRow]) -> None:
    for row in rows:
        out.print(f"{moment(row.at)}  [bold]{row.outcome.kind}[/]  {plain(why(row), 500)}", highlight=False)
        for change in row.changes:
            out.print(f"    {plain(change_text(dict(change)), 300)}", highlight=False)


def run_list(run: Run) -> str:
    """The list that a run read, such as "invoice in Vtiger"; "" for a run over everything."""
    return f"{words(run.entity)} in {title(run.system)}" if run.entity and run.system else words(run.entity)


def change_text(change: Mapping[str, Any]) -> str:
    """One change of a field as a sentence, such as "Price in Sage Accounting: 44.80 lost a conflict"."""
    field, system = words(str(change.get("field", ""))), title(str(change.get("system", "")))
    where = " in ".join(part for part in (field[:1].upper() + field[1:], system) if part)
    if "lost" in change:
        return f"{where}: {_shown(change['lost'])} lost a conflict"
    return f"{where}: {_shown(change.get('before'))} → {_shown(change.get('after'))}"


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "blank"
    if isinstance(value, Mapping):
        return ", ".join(f"{words(str(name))} {_shown(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(_shown(item) for item in value) or "no lines"
    return f"“{value}”" if isinstance(value, str) else str(value)

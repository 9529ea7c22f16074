"""An overview of many records: one line for each outcome and the rule behind it, with an example."""

from collections import defaultdict
from collections.abc import Sequence

from rich.table import Table

from local.cli._app import out
from local.cli._log_text import COLOURS, KINDS, change_text, plain, print_counts, why
from shared.domain.link import LogRow
from shared.domain.rules import Rule
from shared.domain.wording import words
from shared.operations.log_rows import latest, names_of
from shared.settings import ENTITIES

_LOST = "lost"


def print_summary(rows: Sequence[LogRow]) -> None:
    """`rows` are newest first. A flow with several entities gets one section of the table for each."""
    found = _most_telling(rows)
    entities = [name for name in ENTITIES if any(row.entity == name for row in found)]
    table = Table(
        "outcome", "records", "for example", "what happened, and why", header_style="bold", expand=True
    )
    if len(entities) > 1:
        table.columns[2].ratio, table.columns[3].ratio = 2, 5
    for entity in entities:
        own = [row for row in found if row.entity == entity]
        if len(entities) > 1:
            table.add_row(f"[bold]{words(entity)}[/]", str(len(own)), "", "", style="on grey15")
        _add(table, own, apart=len(entities) > 1)
        table.add_section()
    out.print(table)
    print_counts(found)


def _add(table: Table, rows: Sequence[LogRow], apart: bool) -> None:
    groups: dict[tuple[str, str, str, str], list[LogRow]] = defaultdict(list)
    for row in rows:
        what = row.outcome
        conflict = what.rule == Rule.CONFLICT and what.kind == "updated"
        origin = row.system if apart and what.kind == "created" else ""
        groups[what.kind, what.rule, "" if conflict else what.field, origin].append(row)
    for kind, *rest in sorted(groups, key=lambda group: (KINDS.index(group[0]), *group[1:])):
        found = groups[kind, rest[0], rest[1], rest[2]]
        table.add_row(
            f"[{COLOURS.get(kind, 'white')}]{kind}[/]",
            str(len(found)),
            plain(found[0].label, 40),
            _explained(found[0]),
        )


def _explained(row: LogRow) -> str:
    lost = [change_text(dict(change)) for change in row.changes if _LOST in change]
    return plain("; ".join([why(row), *lost[:1]]), 200)


def _most_telling(rows: Sequence[LogRow]) -> list[LogRow]:
    """What became of each record. A row that says what lost a conflict is shown rather than the later row
    for the write."""
    lost = {
        (row.system, row.entity, row.record_id): row
        for row in reversed(rows)
        if row.outcome.rule == Rule.CONFLICT
    }
    return [
        next((lost[name] for name in names_of(row) if name in lost), row)
        if row.outcome.kind == "updated"
        else row
        for row in latest(list(rows))
    ]

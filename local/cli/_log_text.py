"""How rows of the log and runs are shown: on a terminal so that nothing is cut off at 80 columns, and in a
pipe one a line, its parts between tabs, with ids whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from local.cli._app import moment, on_terminal, out, plain_line
from local.cli._words import line, value
from shared.domain.link import LIST, LogRow, OutcomeKind
from shared.domain.titles import title
from shared.domain.wording import words
from shared.operations.log_rows import same_names
from shared.operations.named_changes import change_named
from shared.ports import Run

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
_UNDER = 11
BY_HAND = "by hand"
"""The cause of a run that nobody opened: a retry, or an action of the console."""


def print_rows(rows: Sequence[LogRow], ids: bool = False) -> None:
    """In the order given. `ids`: on a terminal too; there they are shown of their own accord only where two
    records have one name."""
    alike = same_names(rows)
    for row in rows:
        if on_terminal():
            _print_row(row, ids or (row.entity, row.label.casefold()) in alike)
        else:
            plain_line(*columns(row))


def columns(row: LogRow) -> list[str]:
    """time, outcome, entity, system, id, name, what happened and why, rule, field, run, counterparts."""
    others = [f"{system}/{known[0]}" for system, known in row.records.items() if system != row.system]
    what = row.outcome
    head = [moment(row.at), what.kind, row.entity, row.system, row.record_id, row.label, why(row)]
    return [*head, str(what.rule), what.field, row.run_id, " ".join(others)]


def _print_row(row: LogRow, ids: bool) -> None:
    kind = f"[{COLOURS.get(row.outcome.kind, 'default')}]{row.outcome.kind:<{_UNDER - 1}}[/]"
    out.print(f"{kind} [bold]{escape(called(row))}[/]  [dim]{moment(row.at)}[/]", highlight=False)
    _under(why(row))
    if ids:
        named = {row.system: (row.record_id, "", ""), **row.records}
        _under("; ".join(f"{title(system)} {known[0]}" for system, known in named.items()))


def _under(text: str) -> None:
    out.print(Padding(escape(line(text)), (0, 0, 0, _UNDER)), highlight=False)


def called(row: LogRow) -> str:
    """ "sales order Fenwick: timber decking"; a record without a name has its id."""
    if row.record_id == LIST:
        return line(row.label) or f"the list of {words(row.entity)} records in {title(row.system)}"
    return f"{words(row.entity)} {line(row.label) or line(row.record_id)}"


def print_counts(rows: Sequence[LogRow], nothing: str = "The log is empty.") -> None:
    """How many of each outcome; `nothing`: what to say where there is none."""
    counts = Counter(row.outcome.kind for row in rows)
    out.print("  ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]) or nothing)


def why(row: LogRow) -> str:
    return "; ".join((row.outcome.reason, *row.outcome.notes))


def plain(text: str, limit: int) -> str:
    """One line without markup: a record's name may contain anything."""
    whole = line(text)
    return escape(whole if len(whole) <= limit else whole[: limit - 1] + "…")


def print_runs(runs: Sequence[Run]) -> None:
    """Two lines each: which, and what it says, whole."""
    for run in runs:
        counts = ", ".join(f"{number} {kind}" for kind, number in run.counts.items())
        parts = run.run_id, cause_of(run), run_list(run), run.state
        if not on_terminal():
            plain_line(moment(run.started_at), *parts, run.message, counts)
            continue
        out.print("  ".join(escape(part) for part in parts if part), highlight=False)
        if told := "; ".join(part for part in (run.message, counts) if part):
            _under(told)


def cause_of(run: Run) -> str:
    return run.cause or (BY_HAND if run.state == "done" else "")


def run_list(run: Run) -> str:
    """The list that a run read, such as "invoice in Vtiger"; "" for a run over everything."""
    return f"{words(run.entity)} in {title(run.system)}" if run.entity and run.system else words(run.entity)


def print_story(rows: Sequence[LogRow], names: Mapping[str, str]) -> None:
    """One record, oldest first. `names`: what is called how that a field names by our own id."""
    for row in rows:
        changes = [change_text(dict(change), names) for change in row.changes]
        if not on_terminal():
            plain_line(*columns(row), row.cause, "; ".join(changes))
            continue
        kind = f"[{COLOURS.get(row.outcome.kind, 'default')}]{row.outcome.kind}[/]"
        out.print(
            f"{moment(row.at)}  {kind}  [dim]{escape(row.cause)} {escape(row.run_id)}[/]", highlight=False
        )
        _under(why(row))
        for change in changes:
            _under(change)


def change_text(change: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """One change of a field as a sentence, such as "Price in Sage Accounting: 44.80 lost a conflict"."""
    field, system = words(str(change.get("field", ""))), title(str(change.get("system", "")))
    where = " in ".join(part for part in (field[:1].upper() + field[1:], system) if part)
    said = {name: value(found) for name, found in change_named(change, names or {}).items()}
    if "lost" in change:
        return f"{where}: {said['lost']} lost a conflict"
    if "drift" in change:
        return f"{where}: {said['drift']} now, {said.get('agreed', 'blank')} was agreed"
    return f"{where}: {said.get('before', 'blank')} → {said.get('after', 'blank')}"

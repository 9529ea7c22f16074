"""Lines in one job: which is which, and what one side alone knows of each.

How they go back to a side is in `line_writing.py`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.domain.link import Link, Outcome
from shared.domain.outcomes import line_changes
from shared.domain.record import replace
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.mapping.maps import LineMap, ObjectMap
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.lines import FIELD, Identified, LinesShown, agreed_lines, identify
from shared.sync.observe import SideReading

HANDLES = ("row", "coding")
"""Names in a snapshot's line that are no fact of it: by what the connector finds it again when it writes, and
what people call its coding."""
Row = Mapping[str, Any]


def identify_lines(
    ctx: Context, job: Job, before: Link, readings: Mapping[str, SideReading]
) -> Outcome | None:
    """Puts our ids of the lines into the link and their changes into the log's row. Returns what the job is
    held with where it cannot be told which line is which; then the link is left as it was."""
    if FIELD not in ctx.policy(job.event.entity):
        return None
    shown = {
        system: lines
        for system, one in readings.items()
        if (lines := _shown(ctx, job, system, one)) is not None
    }
    if not shown or FIELD in job.link.held:
        return None
    found = identify(before, job.link, shown)
    if found.doubts:
        return _in_doubt(job, shown, found)
    _tell(job, before, found.agreed)
    job.held.change(lines=found.agreed)
    job.set_sides({system: replace(job.link.sides[system], lines=ids) for system, ids in found.sides.items()})
    return None


def _shown(ctx: Context, job: Job, system: str, reading: SideReading) -> LinesShown | None:
    object_map, found = ctx.map(job.event.entity, system), job.found.readings.get(system)
    lines = object_map.line_map
    now = reading.values.get(FIELD)
    if lines is None or now is None or not isinstance(found, Snapshot):
        return None
    native, seen = rows_of(found.values, lines.path), rows_of(reading.side.seen, lines.path)
    before = reading.seen.get(FIELD) or []
    if len(native) != len(now):
        return None
    return LinesShown(
        before if len(before) == len(seen) else [],
        [_vendor_id(row, lines) for row in seen] if len(before) == len(seen) else [],
        now,
        [_vendor_id(row, lines) for row in native],
        [repr(one) for one in private_facts(ctx, system, object_map, native, now)],
        FIELD in job.plan.due.get(system, {}) and system in job.link.sides,
    )


def private_facts(
    ctx: Context, system: str, object_map: ObjectMap, native: Sequence[Row], view: Sequence[Row]
) -> list[dict[str, Any]]:
    """What this side alone knows of each line: fields without a name of ours, and a code that is not the one
    which its rate would be given."""
    lines = object_map.line_map
    assert lines is not None
    usual = _usual_codes(ctx, system, object_map, view)
    mapped = {path for own in lines.paths.values() for path in own} - lines.codes
    return [
        {
            name: row[name]
            for name in sorted(row)
            if name not in mapped
            and name not in (lines.id, *HANDLES)
            and row[name] not in (None, "", False, [], {})
            and not (name in lines.codes and same(row[name], there.get(name)))
        }
        for row, there in zip(native, usual, strict=True)
    ]


def _usual_codes(ctx: Context, system: str, object_map: ObjectMap, view: Sequence[Row]) -> list[Row]:
    """The code of each line that its rate alone would be given."""
    coded = coded_fields(object_map)
    try:
        return written_lines(
            ctx, system, object_map, [{name: row.get(name) for name in coded} for row in view]
        )
    except (FieldUnreadable, LinkMissing):
        return [{} for _ in view]


def coded_fields(object_map: ObjectMap) -> list[str]:
    """Fields of a line that have several codes for one value."""
    lines = object_map.line_map
    return [name for name, paths in lines.paths.items() if lines.codes & set(paths)] if lines else []


def written_lines(ctx: Context, system: str, object_map: ObjectMap, lines: Sequence[Row]) -> list[Row]:
    """Native values of canonical lines. Raises FieldUnreadable and LinkMissing."""
    assert object_map.line_map is not None
    out = ctx.looking_up(system, lambda tables: object_map.write({FIELD: list(lines)}, tables, []))
    return list(out[object_map.line_map.path])


def ids_of_written(object_map: ObjectMap, link: Link, seen: Mapping[str, Any]) -> tuple[str, ...]:
    """Our ids of the lines that a side has just been given: it has them in our order. Empty, to be found out
    at the next look, where it shows another number of lines."""
    lines = object_map.line_map
    return link.lines if lines and len(rows_of(seen, lines.path)) == len(link.lines) else ()


def _in_doubt(job: Job, shown: Mapping[str, LinesShown], found: Identified) -> Outcome:
    doubt = found.doubts[0]
    target = next(system for system, one in shown.items() if one.rewritten)
    source = doubt.system or next((system for system in job.flow.maps if system != target), target)
    reading = job.found.readings[target]
    assert isinstance(reading, Snapshot)
    codings = [_coding(row) for row in rows_of(reading.values, _path(job, target))]
    named = dict(zip(found.sides[target], codings, strict=False))
    asked = [named[line] for line in doubt.known if line in named] or codings
    return line_changes.not_told_apart(target, source, doubt.places, asked)


def _path(job: Job, system: str) -> str:
    lines = job.flow.maps[system].line_map
    assert lines is not None
    return lines.path


def _coding(row: Row) -> str:
    """As people call it; else all that is in the line and is filled."""
    told = row.get("coding")
    return str(told) if told else ", ".join(f"{name} {value}" for name, value in row.items() if value)[:120]


def _tell(job: Job, before: Link, agreed: Sequence[str]) -> None:
    """Line by line in place of one row with both lists."""
    base, old = job.link.base.get(FIELD), before.base.get(FIELD)
    if base is None or old is None or base.rev == old.rev:
        return
    known = before.lines if len(before.lines) == len(agreed_lines(before)) else _numbers(before, agreed)
    told = line_changes.rows(base.origin, agreed_lines(before), known, agreed_lines(job.link), agreed)
    changes, rest = job.done.changes, list[Mapping[str, Any]]()
    for one in changes:
        rest += told if one.get("field") == FIELD and "after" in one else [one]
    job.done.changes = rest
    job.done.notes += line_changes.sentences(told)


def _numbers(before: Link, agreed: Sequence[str]) -> Sequence[str]:
    """The ids that `identify` gives lines of a link that was stored without any."""
    return [str(number) for number in range(1, len(agreed_lines(before)) + 1)]


def same(one: Any, other: Any) -> bool:
    """Whether two native values are the same: a number with however many zeros, a text to the letter."""
    if one == other or (one in (None, "") and other in (None, "")):
        return True
    if not isinstance(one, Decimal) and not isinstance(other, Decimal):
        return False
    mine, theirs = number(one), number(other)
    return mine is not None and mine == theirs


def number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def rows_of(values: Mapping[str, Any], path: str) -> list[Row]:
    found = values.get(path)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _vendor_id(row: Row, lines: LineMap) -> str:
    return str(row.get(lines.id) or "") if lines.id else ""

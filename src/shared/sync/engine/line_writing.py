"""Lines on their way to a side that has them already.

Both vendors replace all lines of a document at once. So a side's lines are written as they were read from it
in this invocation, and only what changed on the other side is laid over them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.record import record
from shared.mapping.maps import ObjectMap
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.lines import HANDLES, coded_fields, number, rows_of, same, written_lines
from shared.sync.lines import FIELD, agreed_lines, part_of

_FIGURES = ("quantity", "unit_price", "discount_amount", "tax_rate")
Row = Mapping[str, Any]


@record
class Carried:
    """One agreed line on its way to a side that has it: as it was read there, in both forms. `part`: it is
    new, and was split from that one."""

    native: Row
    view: Row
    part: bool


def carried(ctx: Context, job: Job, system: str) -> list[Carried | None]:
    """For each agreed line, the line of `system` that it is; None for a line that it does not have."""
    reading, view = job.found.readings.get(system), job.found.canonical.get(system, {}).get(FIELD)
    lines, count = ctx.map(job.event.entity, system).line_map, len(agreed_lines(job.link))
    side = job.link.sides.get(system)
    if lines is None or side is None or view is None or not isinstance(reading, Snapshot):
        return [None] * count
    rows = rows_of(reading.values, lines.path)
    if not len(rows) == len(view) == len(side.lines) or len(job.link.lines) != count:
        return [None] * count
    there = {line: (row, own) for line, row, own in zip(side.lines, rows, view, strict=True)}
    found: list[Carried | None] = []
    for line in job.link.lines:
        part = line not in there and part_of(line) in there
        row, own = there.get(part_of(line) if part else line, (None, None))
        found.append(None if row is None or own is None else Carried(row, own, part))
    return found


def with_own_tax(
    ctx: Context, system: str, lines: Sequence[Row], there: Sequence[Carried | None], object_map: ObjectMap
) -> list[dict[str, Any]]:
    """The lines, with the tax that stands there on each whose figures did not change."""
    own = object_map.line_map
    path = own.paths.get("tax", ("",))[0] if own else ""
    if not path or len(lines) != len(there):
        return [dict(line) for line in lines]
    found = []
    for line, one in zip(lines, there, strict=True):
        tax = number(one.native.get(path)) if one is not None and not one.part else None
        kept = tax is not None and one is not None and _same_figures(ctx, system, object_map, line, one.view)
        found.append({**line, "tax": tax} if kept else dict(line))
    return found


def _same_figures(ctx: Context, system: str, object_map: ObjectMap, line: Row, view: Row) -> bool:
    coded = coded_fields(object_map)
    if any(line.get(name) != view.get(name) for name in coded):
        return False
    rest = [name for name in _FIGURES if name not in coded]
    pair = [{name: one.get(name) for name in rest} for one in (line, view)]
    mine, theirs = written_lines(ctx, system, object_map, pair)
    return mine == theirs


def with_own_fields(
    priced: Sequence[Row], asked: Sequence[Row], there: Sequence[Carried | None]
) -> list[dict[str, Any]]:
    """The lines with the fields that only this side has, as they stand there: what the other side never said
    (`asked`), pricing and defaults decide for new lines alone. A tax code of another rate than pricing
    counted with gives way, or the amounts would not fit."""
    found = []
    for line, own, one in zip(priced, asked, there, strict=True):
        view = {} if one is None else one.view
        if "tax_code" not in own and view.get("tax_rate") != line.get("tax_rate"):
            view = {name: value for name, value in view.items() if name not in ("tax_code", "tax_rate")}
        found.append({**line, **{name: value for name, value in view.items() if name not in own}})
    return found


def without_kept_codes(
    lines: Sequence[Row], there: Sequence[Carried | None], object_map: ObjectMap
) -> list[dict[str, Any]]:
    """The lines as they go into the writer: a code that stays as it is there need not be found anew."""
    coded = coded_fields(object_map)
    return [
        {name: value for name, value in line.items() if one is None or not _kept(name, line, one.view, coded)}
        for line, one in zip(lines, there, strict=True)
    ]


def keep_their_codes(
    values: Mapping[str, Any], there: Sequence[Carried | None], object_map: ObjectMap
) -> list[bool]:
    """For each line whether its tax code stays as it is there, because its rate did not change."""
    coded = coded_fields(object_map)
    return [
        one is not None and all(_kept(name, line, one.view, coded) for name in coded)
        for line, one in zip(values.get(FIELD, ()) if there else (), there, strict=True)
    ]


def _kept(name: str, line: Row, view: Row, coded: Sequence[str]) -> bool:
    return name in coded and line.get(name) == view.get(name)


def laid_over(
    ctx: Context,
    system: str,
    object_map: ObjectMap,
    lines: Sequence[Row],
    written: Sequence[Row],
    there: Sequence[Carried | None],
) -> list[dict[str, Any]]:
    """The native lines to be sent: each as it stands there, changed in what was changed alone; a new one as
    `written` from `lines`."""
    own, coded = object_map.line_map, coded_fields(object_map)
    assert own is not None
    found = []
    for line, row, one in zip(lines, written, there, strict=True):
        if one is None:
            found.append(dict(row))
            continue
        view = {name: value for name, value in one.view.items() if not _kept(name, line, one.view, coded)}
        (unchanged,) = written_lines(ctx, system, object_map, [view])
        made = dict(one.native)
        for name in {**unchanged, **row}:
            kept = name in row and name in unchanged and row[name] == unchanged[name]
            if not kept and not same(row.get(name, ""), made.get(name)):
                made[name] = row.get(name, "")
        leave = (own.id, *HANDLES) if one.part else ()
        found.append({name: value for name, value in made.items() if name not in leave})
    return found

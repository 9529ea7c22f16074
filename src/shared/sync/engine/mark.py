"""What a side counts as showing once something was written to it."""

from collections.abc import Mapping
from typing import Any

from shared.domain.record import replace
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.doubted import forget_retired
from shared.sync.engine.flapping import with_these
from shared.sync.engine.job import Job
from shared.sync.engine.lines import ids_of_written
from shared.sync.lines import FIELD
from shared.sync.observe import delivered
from shared.sync.seen import read_seen, seen_values


def mark(ctx: Context, job: Job, system: str, values: Mapping[str, Any], answer: Snapshot | None) -> None:
    """Delivered: the side now shows what was written, in the vendor's form where it answered. Other fields of
    the answer are not marked as seen: a person may have edited them meanwhile, and the next look must find
    that."""
    object_map, side, fields = (
        ctx.map(job.event.entity, system),
        job.link.sides[system],
        job.plan.due.get(system, {}),
    )
    answered = {path: answer.values[path] for path in values if path in answer.values} if answer else {}
    now = seen_values(object_map, {**values, **answered})
    now = {path: value for path, value in now.items() if path not in _says_more(ctx, job, system, now)}
    seen = {**side.seen, **now}
    # What cannot be read stays different from what was last read there; anything else is settled by now.
    shown = {**side.shown, **now} if side.shown and job.found.unreadable.get(system) else None
    side = replace(
        delivered(side, fields, job.link.base), seen=seen, shown=shown, rules_version=ctx.flow.version
    )
    if FIELD in fields:
        side = replace(side, lines=ids_of_written(object_map, job.link, seen))
    if answer is not None:
        label = object_map.spec.label({**seen, **answer.values}) or side.label
        side = replace(
            side,
            version=answer.version or side.version,
            written_at=ctx.now(),
            label=label,
            observed_at=max(answer.observed_at, side.observed_at or answer.observed_at),
        )
    job.set_sides({system: side})
    if answer is not None:
        job.set_writes(with_these(job.link, system, fields, ctx.now()))
    job.plan.due = {name: lacking for name, lacking in job.plan.due.items() if name != system}
    job.plan.native.pop(system, None)
    if system in job.plan.back:
        forget_retired(job, system)


def _says_more(ctx: Context, job: Job, system: str, now: Mapping[str, Any]) -> set[str]:
    """Paths of written fields that other fields are read from, too, with another value since than is agreed:
    the next look must find that."""
    object_map, fields = ctx.map(job.event.entity, system), job.plan.due.get(system, {})
    written = {path for name in fields for path in object_map.native_paths.get(name, ()) if path in now}
    written -= job.plan.native.get(system, {}).keys()
    others = {
        name: paths
        for name, paths in object_map.native_paths.items()
        if name not in fields and name in object_map.readable and not written.isdisjoint(paths)
    }
    if not others:
        return set()
    seen, tables, base = job.link.sides[system].seen, ctx.tables_of(system), job.link.base
    before, after = (read_seen(object_map, one, tables) for one in (seen, {**seen, **now}))
    return {
        path
        for name, paths in others.items()
        if name in after and name in base and after[name] not in (before.get(name), base[name].value)
        for path in paths
        if path in written
    }

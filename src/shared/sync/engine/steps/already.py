"""A record that was made once: what is still owed to its origin is written, and what either side shows
otherwise than it was made is told, each difference once.

Calls no vendor. Changes the link of `held` to what was seen; fills `due` of `plan` and `changes` of `done`.
"""

from collections.abc import Mapping

from shared.domain.link import Side
from shared.domain.outcomes import by_flow, watching
from shared.domain.record import replace
from shared.domain.wording import document
from shared.ports import Gone, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.deletions import gone_outcome, mark_gone
from shared.sync.engine.job import Job
from shared.sync.engine.sides import due_sides, label_of, side_of, side_reading, target_of, target_side
from shared.sync.engine.watch import (
    Row,
    coming_back,
    in_words,
    is_closed,
    is_watched,
    remembered,
    source_rows,
    target_rows,
)
from shared.sync.observe import observe
from shared.sync.seen import read_seen, same_as_seen, seen_values


def already(ctx: Context, job: Job) -> None:
    """Ends the job unless something is owed to the origin."""
    target = target_of(ctx, job)
    mark_gone(ctx, job)
    if target_side(ctx, job) is None:
        _vanished(ctx, job, target)
    elif isinstance(job.found.readings.get(job.source), Gone):
        job.end(gone_outcome(job, [job.source]))
    elif job.source == target:
        _target_told(ctx, job, target)
    else:
        _source_told(ctx, job, target)


def _vanished(ctx: Context, job: Job, target: str) -> None:
    side = job.link.sides[target]
    label = side.label or side.id
    if is_closed(ctx.map(job.event.entity, target).spec, side.seen):
        job.end(watching.done_and_gone(target, label, document(job.event.entity)))
        return
    job.set_sides({target: replace(side, gone=True)})
    again = job.flow.watch is not None and job.flow.watch.vanished == "again"
    job.end(watching.vanished(target, label, job.event.entity, again))


def _source_told(ctx: Context, job: Job, target: str) -> None:
    source, reading = job.source, job.found.readings[job.source]
    assert isinstance(reading, Snapshot)
    object_map = ctx.map(job.event.entity, source)
    unchanged = same_as_seen(object_map, job.link, source, reading.values)
    seen = side_of(job, source).seen
    what = (job.event.entity, job.link, source)
    before = source_rows(ctx, *what, read_seen(object_map, seen, ctx.tables_of(source)), seen)
    now = source_rows(ctx, *what, job.found.canonical[source], reading.values)
    watched = is_watched(job.flow, job.link, target, ctx.now())
    told = [row for row in now if row not in before] if watched else []
    job.done.changes += told
    _remember_source(ctx, job, reading)
    _unless_owed(ctx, job, target, told, bool(before) and not now, unchanged)


def _target_told(ctx: Context, job: Job, target: str) -> None:
    reading = job.found.readings[target]
    assert isinstance(reading, Snapshot)
    object_map, side = ctx.map(job.event.entity, target), job.link.sides[target]
    before = target_rows(ctx, job.event.entity, job.link, target, side.seen)
    now = target_rows(ctx, job.event.entity, job.link, target, reading.values)
    told = [] if is_closed(object_map.spec, reading.values) else [row for row in now if row not in before]
    job.done.changes += told
    _take_back(ctx, job, target, reading)
    back = {path for name in coming_back(job.flow, target) for path in object_map.native_paths.get(name, ())}
    shown = {path: reading.values[path] for path in back if path in reading.values}
    seen = {**side.seen, **shown, **remembered(job.flow, object_map, reading.values)}
    job.set_sides({target: _as_read(ctx, replace(job.link.sides[target], seen=seen), reading)})
    _unless_owed(ctx, job, target, told, bool(before) and not now, True)


def _take_back(ctx: Context, job: Job, target: str, reading: Snapshot) -> None:
    """What the record came to show in the ledger since it was made, such as the number of its invoice."""
    names = coming_back(job.flow, target)
    if names and target in job.found.canonical:
        whole = side_reading(ctx, job, target, reading)
        values = {name: value for name, value in whole.values.items() if name in names}
        readings = {target: replace(whole, values=values)}
        job.take_over(observe(job.link, readings, ctx.policy(job.event.entity), ctx.flow.version))


def _unless_owed(ctx: Context, job: Job, target: str, told: list[Row], again: bool, unchanged: bool) -> None:
    """Ends the job, where its origin has everything."""
    job.plan.due = due_sides(ctx, job, [job.link.origin_system])
    if job.plan.due:
        job.done.notes += _sentences(ctx, job, told)
    else:
        _end(ctx, job, label_of(ctx, job, target), told, again, unchanged)


def _end(ctx: Context, job: Job, label: str, told: list[Row], again: bool, unchanged: bool) -> None:
    stored, what = job.held.stored, document(job.event.entity)
    if told:
        fields = [str(row["field"]) for row in told]
        job.end(by_flow.changed_after(label, fields, _sentences(ctx, job, told), what))
    elif again:
        job.end(watching.agrees_again(label, what))
    elif stored is None or stored.pending:
        job.end(by_flow.own_number_shown(job.source, label))
    else:
        said = by_flow.nothing_changed if unchanged else watching.nothing_watched
        job.end(said(label, what))


def _sentences(ctx: Context, job: Job, rows: list[Row]) -> list[str]:
    entity = job.event.entity
    return [watching.differs(row["system"], *in_words(ctx, entity, row), document(entity)) for row in rows]


def _remember_source(ctx: Context, job: Job, reading: Snapshot) -> None:
    """The source's values as now seen; base stays what was sent."""
    object_map = ctx.map(job.event.entity, job.source)
    side = replace(side_of(job, job.source), rev=_revs(ctx, job))
    side = replace(side, id=reading.id, seen=seen_values(object_map, reading.values))
    job.set_sides({job.source: _as_read(ctx, side, reading)})


def _as_read(ctx: Context, side: Side, reading: Snapshot) -> Side:
    """So that nothing else takes the reading over: it would keep mapped fields alone, without our reference
    and whether the record is done with."""
    return replace(
        side,
        version=reading.version,
        rules_version=ctx.flow.version,
        observed_at=reading.observed_at,
        shown=None,
    )


def _revs(ctx: Context, job: Job) -> Mapping[str, int]:
    """An owed field that shows already is delivered; one that was overwritten at the source is owed again."""
    policies, read, rev = (
        ctx.policy(job.event.entity),
        job.found.canonical[job.source],
        dict(side_of(job, job.source).rev),
    )
    for name, agreed in job.link.base.items():
        if name not in read or job.source in policies[name].sources:
            continue
        if read[name] == agreed.value:
            rev[name] = agreed.rev
        elif policies[name].drift == "revert":
            rev[name] = agreed.rev - 1
            job.done.changes += (
                [{"field": name, "system": job.source, "lost": read[name]}] if read[name] is not None else []
            )
    return rev

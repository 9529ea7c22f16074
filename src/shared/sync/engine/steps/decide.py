"""What a job has to write, derived from what was read: filters, deletions, merge, and the fields each side
lacks.

Calls nothing. A `create_once` record that has its target is never merged again: its differences are drift.
Fills `plan`; changes the link of `held` to what was observed.
"""

from collections.abc import Mapping
from typing import Any

from shared.domain.outcomes import by_flow, gone
from shared.domain.record import replace
from shared.mapping.check import unmet_condition
from shared.ports import Gone, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.deletions import gone_outcome, lost_sides, mark_gone, settle_deletion
from shared.sync.engine.job import Job
from shared.sync.engine.lines import identify_lines
from shared.sync.engine.restore import restore
from shared.sync.engine.sides import due_sides, label_of, side_of, side_reading, target_of, target_side
from shared.sync.observe import SideReading, observe
from shared.sync.seen import same_as_seen, seen_values


def decide(ctx: Context, job: Job) -> None:
    """Fills the link, the changes, and `due`, `native` and `locked` of the plan, or ends the job."""
    alone = not any(side.id for system, side in job.link.sides.items() if system != job.source)
    if isinstance(job.found.readings.get(job.source), Gone) and alone:
        _vanished(job)
    elif target_side(ctx, job) is None and _filtered(ctx, job):
        return
    elif job.flow.create_once and target_side(ctx, job) is not None:
        _already(ctx, job)
    else:
        _merge(ctx, job)


def _vanished(job: Job) -> None:
    job.set_sides({system: replace(side, gone=True) for system, side in job.link.sides.items()})
    job.end(gone.hidden_or_gone(job.source))


def _filtered(ctx: Context, job: Job) -> bool:
    reading = job.found.readings.get(job.source)
    if not isinstance(reading, Snapshot):
        return False
    unmet = unmet_condition(ctx.map(job.event.entity, job.source).spec.where, reading.values)
    if unmet is None:
        return False
    job.end(by_flow.filtered(unmet.field, unmet.op, unmet.value, reading.values.get(unmet.field)))
    return True


def _already(ctx: Context, job: Job) -> None:
    """The target exists: write what is still owed to the source, and report differences without carrying them
    over."""
    source, target = job.source, target_of(ctx, job)
    if isinstance(job.found.readings.get(source), Gone):
        mark_gone(ctx, job)
        job.end(gone_outcome(job, [source]))
        return
    if source == target:
        job.end(by_flow.made_here(target, label_of(ctx, job, target)))
        return
    reading = job.found.readings[source]
    assert isinstance(reading, Snapshot)
    unchanged = same_as_seen(ctx.map(job.event.entity, source), job.link, source, reading.values)
    job.done.changes += _drift(ctx, job)
    _remember(ctx, job, reading)
    job.plan.due = due_sides(ctx, job, [source])
    if job.plan.due:
        return
    label = label_of(ctx, job, target)
    if unchanged and job.held.stored is not None and not job.held.stored.pending:
        job.end(by_flow.nothing_changed(label))
    elif not job.done.changes:
        job.end(by_flow.own_number_shown(source, label))
    else:
        job.end(by_flow.changed_after(label, [str(row["field"]) for row in job.done.changes]))


def _drift(ctx: Context, job: Job) -> list[Mapping[str, Any]]:
    policies, read = ctx.policy(job.event.entity), job.found.canonical[job.source]
    return [
        {"field": name, "system": job.source, "drift": read[name], "agreed": agreed.value}
        for name, agreed in job.link.base.items()
        if name in read and job.source in policies[name].sources and read[name] != agreed.value
    ]


def _remember(ctx: Context, job: Job, reading: Snapshot) -> None:
    """The source's values as now seen; base stays what was sent."""
    object_map = ctx.map(job.event.entity, job.source)
    side = replace(side_of(job, job.source), rev=_revs(ctx, job))
    side = replace(
        side,
        id=reading.id,
        seen=seen_values(object_map, reading.values),
        version=reading.version,
        rules_version=ctx.flow.version,
        observed_at=reading.observed_at,
        shown=None,
    )
    job.set_sides({job.source: side})


def _revs(ctx: Context, job: Job) -> dict[str, int]:
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


def _merge(ctx: Context, job: Job) -> None:
    mark_gone(ctx, job)
    readings = {
        system: side_reading(ctx, job, system, reading)
        for system, reading in job.found.readings.items()
        if isinstance(reading, Snapshot) and system in job.found.canonical
    }
    if lost_sides(job):
        _call_as_read(job, readings)
        settle_deletion(ctx, job, readings)
    before, changes, notes = job.link, job.done.changes, list(job.done.notes)
    _take_over(ctx, job, readings, {})
    doubt = identify_lines(ctx, job, before, readings)
    if doubt is not None:
        job.held.link, job.done.changes, job.done.notes = before, changes, notes
        _take_over(ctx, job, readings, {"lines": doubt.reason})
        job.plan.verdict = doubt


def _take_over(
    ctx: Context, job: Job, readings: Mapping[str, SideReading], frozen: Mapping[str, str]
) -> None:
    policies = ctx.policy(job.event.entity)
    job.take_over(observe(job.link, readings, policies, ctx.flow.version, frozen))
    restore(ctx, job, readings)
    job.plan.due = due_sides(ctx, job, list(job.flow.maps))
    _lock(ctx, job)


def _call_as_read(job: Job, readings: Mapping[str, SideReading]) -> None:
    """Whatever is said of a record from here on calls it what it is called now, and not what it was when last
    seen."""
    named = {
        system: replace(side, label=readings[system].side.label)
        for system, side in job.link.sides.items()
        if system in readings
    }
    job.set_sides(named)


def _lock(ctx: Context, job: Job) -> None:
    """Takes back what the flow no longer patches on this record."""
    lock = job.flow.lock
    if lock is None or lock.system not in job.plan.due or lock.system not in job.link.sides:
        return
    read = job.found.canonical.get(lock.system, {})
    if read.get(lock.field) not in lock.open:
        job.plan.locked = {
            name: (wanted, read.get(name)) for name, wanted in job.plan.due.pop(lock.system).items()
        }

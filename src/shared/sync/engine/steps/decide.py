"""What a job has to write, derived from what was read: filters, deletions, merge, and the fields each side
lacks.

Calls nothing. A `create_once` record that has its target is never merged again: its differences are drift.
Fills `plan`; changes the link of `held` to what was observed.
"""

from collections.abc import Mapping
from functools import partial

from shared.domain.link import Base
from shared.domain.outcomes import by_flow, gone
from shared.domain.record import replace
from shared.domain.wording import words
from shared.mapping.check import unmet_condition
from shared.ports import Gone, Snapshot
from shared.sync.engine.called import beside
from shared.sync.engine.context import Context
from shared.sync.engine.deletions import mark_gone, settle_deletion
from shared.sync.engine.doubted import hold_back, let_all_back
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.lines import identify_lines
from shared.sync.engine.offers import withhold
from shared.sync.engine.removal import begin_anew, lost_sides
from shared.sync.engine.restore import restore
from shared.sync.engine.sides import due_sides, side_reading, target_of, target_side
from shared.sync.engine.steps.already import already as _already
from shared.sync.engine.steps.number import numbered
from shared.sync.engine.whose import number_of
from shared.sync.observe import SideReading, observe


def decide(ctx: Context, job: Job) -> None:
    """Fills the link, the changes, and `due`, `native` and `locked` of the plan, or ends the job."""
    if job.found.doubted:
        hold_back(ctx, job)
        return
    alone = not any(side.id for system, side in job.link.sides.items() if system != job.source)
    if isinstance(job.found.readings.get(job.source), Gone) and alone:
        _vanished(job)
    elif job.flow.create_once and target_of(ctx, job) in job.link.sides and not job.plan.remake:
        _already(ctx, job)
    elif target_side(ctx, job) is None and _filtered(ctx, job):
        return
    else:
        _merge(ctx, job)


def _vanished(job: Job) -> None:
    job.set_sides({system: replace(side, gone=True) for system, side in job.link.sides.items()})
    job.end(gone.hidden_or_gone(job.source))


def _filtered(ctx: Context, job: Job) -> bool:
    reading = job.found.readings.get(job.source)
    if not isinstance(reading, Snapshot):
        return False
    spec = ctx.map(job.event.entity, job.source).spec
    unmet = unmet_condition(tuple(one for one in spec.where if one != spec.numbered), reading.values)
    if unmet is None and spec.numbered is not None and number_of(spec, reading.values):
        return numbered(ctx, job)
    unmet = unmet or unmet_condition(spec.where, reading.values)
    if unmet is None:
        return False
    called = _called(ctx, job, unmet.field)
    found = reading.values.get(unmet.field)
    job.end(by_flow.filtered(unmet.field, unmet.op, unmet.value, found, called))
    return True


def _called(ctx: Context, job: Job, path: str) -> str:
    """What the rules call a native field of the source, "" where they do not know it: people know "status",
    not "statusId/value"."""
    paths = ctx.map(job.event.entity, job.source).native_paths
    return next((words(name) for name, own in sorted(paths.items()) if own == (path,)), "")


def _merge(ctx: Context, job: Job) -> None:
    mark_gone(ctx, job)
    begin_anew(job)
    readings = {
        system: side_reading(ctx, job, system, reading)
        for system, reading in job.found.readings.items()
        if isinstance(reading, Snapshot) and system in job.found.canonical
    }
    if lost_sides(job):
        _call_as_read(job, readings)
        settle_deletion(ctx, job, readings)
        if job.plan.removal:
            return
    let_all_back(ctx, job)
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
    policies = policies_of(ctx, job)
    stands = _chosen(ctx, job, readings) if job.held.answers else None
    tell = partial(beside, ctx, job.flow)
    observed = observe(job.link, readings, policies, ctx.flow.version, frozen, stands, tell)
    job.take_over(observed)
    job.plan.emptied = {
        (str(row["field"]), str(row["system"])): row["before"] for row in observed.changes if "emptied" in row
    }
    restore(ctx, job, readings)
    job.plan.due = due_sides(ctx, job, _written_to(job))
    withhold(ctx, job)
    _lock(ctx, job)


def _written_to(job: Job) -> list[str]:
    """Not what is put out of use in this pass: it gets that alone. What it still lacks comes from a record
    that is gone, where nobody can correct it any more, and a refusal of it would keep the record in use."""
    retired = job.plan.native.keys() - job.plan.back
    return [system for system in job.flow.maps if system not in retired]


def _chosen(ctx: Context, job: Job, readings: Mapping[str, SideReading]) -> Mapping[str, Base]:
    """Loaded where somebody said something: a cold start need not wait for it."""
    from shared.sync.engine.accept import chosen

    return chosen(ctx, job, readings)


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

"""Reads the sides of each job, where a reading is needed: never a side that cannot contribute.

A poll's snapshot stands in for reading its own side when it was taken after our last observation and write of that side,
is fresh enough. It may be a source, never the ground for writing a two-way field back to its own side: see `unsure`.
"""

from collections.abc import Mapping
from typing import Any

from shared.mapping.faults import FieldUnreadable
from shared.names import title
from shared.ports import Moved, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.link import Outcome, Side


def look(ctx: Context, jobs: list[Job]) -> None:
    """Fills `readings` and `views` of every open job; one batched read per (system, entity)."""
    wanted: dict[tuple[str, str], list[tuple[Job, str]]] = {}
    for job in jobs:
        for system, record_id in _to_read(ctx, job):
            wanted.setdefault((system, job.event.entity), []).append((job, record_id))
    for (system, entity), pairs in wanted.items():
        _read(ctx, system, entity, pairs)
    for job in jobs:
        if job.open:
            _view(ctx, job)


def unsure(ctx: Context, job: Job) -> bool:
    """Whether a two-way field is to be written to a side known only from a poll's snapshot."""
    policies = ctx.policy(job.event.entity)
    return job.from_snapshot and any(job.source in policies[name].sources for name in job.due.get(job.source, ()))


def contributes(ctx: Context, entity: str, system: str) -> bool:
    """Whether any field takes this side's value."""
    return any(system in policy.sources for policy in ctx.policy(entity).values())


def _to_read(ctx: Context, job: Job) -> list[tuple[str, str]]:
    if not job.open:
        return []
    event, wanted = job.event, []
    snapshot = _snapshot(ctx, job)
    if snapshot is not None:
        job.readings[event.system], job.from_snapshot = snapshot, True
    else:
        wanted.append((event.system, event.record_id))
    if job.flow.create_once:
        return wanted
    return wanted + [(system, side.id) for system, side in job.link.sides.items()
                     if system != event.system and not side.gone and contributes(ctx, event.entity, system)]


def _snapshot(ctx: Context, job: Job) -> Snapshot | None:
    event = job.event
    if event.snapshot is None or event.observed_at is None:
        return None
    side = job.link.sides.get(event.system)
    known = [at for at in (side.observed_at, side.written_at) if at is not None] if side else []
    stale = any(event.observed_at <= at for at in known) or ctx.now() - event.observed_at > ctx.snapshot_max_age
    return None if stale else Snapshot(event.record_id, dict(event.snapshot), event.observed_at, event.snapshot_version)


def _read(ctx: Context, system: str, entity: str, pairs: list[tuple[Job, str]]) -> None:
    ids = {id(job): record_id for job, record_id in pairs}
    with calling(ctx, system, [job for job, _ in pairs]) as ready:
        if not ready:
            return
        found = ctx.systems[system].read(ctx.map(entity, system).spec, sorted({ids[id(job)] for job in ready}))
        for job in ready:
            job.readings[system] = found[ids[id(job)]]


def _view(ctx: Context, job: Job) -> None:
    for system, reading in job.readings.items():
        if isinstance(reading, Moved):
            job.end(Outcome("held", f"record {reading.id} of {title(system)} was merged into {reading.new_id}", rule="moved",
                            value=reading.new_id))
        if isinstance(reading, Snapshot):
            view_of(ctx, job, system, reading.values)


def view_of(ctx: Context, job: Job, system: str, values: Mapping[str, Any]) -> None:
    """Puts the canonical view into the job, or ends it with the field that cannot be read."""
    with calling(ctx, system, [job]):
        try:
            read = ctx.map(job.event.entity, system).read
            job.views[system] = ctx.looking_up(system, lambda tables: read(values, tables))
        except FieldUnreadable as fault:
            job.end(Outcome("skipped", str(fault), rule="unreadable", field=fault.field, value=str(fault.value)))


def side_of(job: Job, system: str) -> Side:
    return job.link.sides.get(system) or Side(job.event.record_id if system == job.event.system else "")

"""Reads the sides of each job, where a reading is needed: never a side that cannot contribute.

A poll's snapshot stands in for reading its own side when it was taken after our last observation and write of
that side, is fresh enough, and is of no earlier version than is known. It may be a source, never the ground
for writing a two-way field back to its own side: see `unsure`. Fills `found`; a merged record changes the
link of `held`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.domain.link import ChangeEvent, Side
from shared.domain.outcomes import gone
from shared.domain.outcomes.by_flow import refused
from shared.domain.record import replace
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.ports import Moved, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling, vendor_fault
from shared.sync.engine.in_flight import under_way
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.owners import joined_link
from shared.sync.engine.references import await_link, learn_links, learn_native, without_late
from shared.sync.engine.sides import contributes
from shared.sync.engine.superseded import also_to_read
from shared.sync.engine.taken_names import without_ours
from shared.sync.engine.unreadable import read_record
from shared.sync.read_apart import read_apart
from shared.sync.version import earlier


def read(ctx: Context, jobs: list[Job]) -> None:
    """Fills `readings` and `canonical` of every open job; one batched read per (system, entity)."""
    wanted: dict[tuple[str, str], list[tuple[Job, str]]] = {}
    for job in jobs:
        for system, record_id in _to_read(ctx, job):
            wanted.setdefault((system, job.event.entity), []).append((job, record_id))
    for (system, entity), pairs in wanted.items():
        _read(ctx, system, entity, pairs)
    for job in jobs:
        for system, record_id in also_to_read(ctx, job):
            _read(ctx, system, job.event.entity, [(job, record_id)])
        _follow(ctx, job)
    _learn(ctx, [job for job in jobs if job.open])
    for job in jobs:
        if job.open:
            _translate(ctx, job)


def unsure(ctx: Context, job: Job) -> bool:
    """Whether a two-way field is to be written to a side known only from a poll's snapshot, or a record that
    we made once would be made from one: it may have been merged away since."""
    policies = policies_of(ctx, job)
    return job.found.from_snapshot and (
        job.source in job.plan.native
        or _perhaps_ours(ctx, job)
        or any(job.source in policies[name].sources for name in job.plan.due.get(job.source, ()))
    )


def _perhaps_ours(ctx: Context, job: Job) -> bool:
    """Whether a record without a link may be one that we made: it carries our key, or its system keeps
    none."""
    key_path, reading = (
        ctx.map(job.event.entity, job.source).spec.key_path,
        job.found.readings.get(job.source),
    )
    if job.held.stored is not None or not isinstance(reading, Snapshot):
        return False
    return bool(reading.values.get(key_path)) if key_path else ctx.systems[job.source].capabilities.traces


def _to_read(ctx: Context, job: Job) -> list[tuple[str, str]]:
    if not job.open:
        return []
    event, wanted = job.event, []
    snapshot = _snapshot(ctx, job)
    if snapshot is not None:
        job.found.readings[event.system], job.found.from_snapshot = snapshot, True
    else:
        wanted.append((event.system, event.record_id))
    if job.flow.create_once:
        return wanted
    return wanted + [
        (system, side.id)
        for system, side in job.link.sides.items()
        if system != event.system
        and side.id
        and not side.gone
        and (event.missed_at is not None or job.held.answers or contributes(ctx, job, system))
    ]


def _snapshot(ctx: Context, job: Job) -> Snapshot | None:
    event = job.event
    if event.snapshot is None or event.observed_at is None or job.held.answers:
        return None
    if _stale(job.link.sides.get(event.system), event, event.observed_at, ctx.now(), ctx.snapshot_max_age):
        return None
    return Snapshot(event.record_id, dict(event.snapshot), event.observed_at, event.snapshot_version)


def _stale(side: Side | None, event: ChangeEvent, taken: datetime, now: datetime, longest: timedelta) -> bool:
    """Whether it may show less than is known already. Our own clock may have been set back since it was
    taken: then it seems to be of later than now, or than a look that came after it."""
    if not timedelta() <= now - taken <= longest:
        return True
    looks = [at for at in (side.observed_at, side.written_at) if at is not None] if side else []
    return any(taken <= at for at in looks) or (
        side is not None and earlier(event.snapshot_version, side.version)
    )


def _read(ctx: Context, system: str, entity: str, pairs: list[tuple[Job, str]]) -> None:
    ids = {id(job): record_id for job, record_id in pairs}
    with calling(ctx, system, [job for job, _ in pairs]) as ready:
        if not ready:
            return
        spec, wanted = ctx.map(entity, system).spec, sorted({ids[id(job)] for job in ready})
        found, refused_alone = read_apart(ctx.systems[system], spec, wanted)
        for job in ready:
            if fault := refused_alone.get(ids[id(job)]):
                vendor_fault(ctx, system, job, fault)
            else:
                job.found.readings[system] = found[ids[id(job)]]


def _follow(ctx: Context, job: Job) -> None:
    """A record that was merged into another one: this side is that one from now on, unless it has a link of
    its own."""
    for system, reading in list(job.found.readings.items()) if job.open else ():
        if not isinstance(reading, Moved):
            continue
        side = job.link.sides.get(system)
        if side is None and not job.flow.create_once:
            job.end(gone.merged_unknown(system, reading.id, reading.new_id))
            return
        under_way(ctx, job, system, reading.new_id)
        owner = "" if job.flow.create_once or not job.open else joined_link(ctx, job, system, reading.new_id)
        if not job.open:
            return
        if job.flow.create_once or side is None or owner:
            job.end(gone.merged(system, reading.id, reading.new_id, linked=bool(owner)))
            return
        job.done.notes.append(gone.merge_followed(system, reading.id, reading.new_id))
        job.found.moved.append((system, job.event.entity, reading.id))
        job.set_sides({system: replace(side, id=reading.new_id)})
        if (
            system == job.event.system
        ):  # whatever it comes to wait for is waited for under the id that goes on
            job.follow(reading.new_id)
        _read(ctx, system, job.event.entity, [(job, reading.new_id)])


def _learn(ctx: Context, jobs: list[Job]) -> None:
    """Who the records of this batch refer to: one request for each kind."""
    for system in {name for job in jobs for name in job.found.readings}:
        for entity in {job.event.entity for job in jobs}:
            if entity not in ctx.flow.entities or system not in ctx.flow.entities[entity].maps:
                continue
            own = [job for job in jobs if job.event.entity == entity]
            read = [
                reading.values
                for job in own
                if isinstance(reading := job.found.readings.get(system), Snapshot)
            ]
            seen = [job.link.sides[system].seen for job in own if system in job.link.sides]
            object_map = ctx.map(entity, system)
            learn_native(ctx, system, object_map, [*read, *seen])
            learn_links(
                ctx, object_map, [{name: one.value for name, one in job.link.base.items()} for job in own]
            )


def _translate(ctx: Context, job: Job) -> None:
    for system, reading in job.found.readings.items():
        if isinstance(reading, Snapshot):
            read_canonical(ctx, job, system, reading.values)


def read_canonical(ctx: Context, job: Job, system: str, values: Mapping[str, Any]) -> None:
    """Puts the canonical values of a reading into the job, or ends it with a field that cannot be read and
    that the record cannot do without."""
    with calling(ctx, system, [job]):
        object_map = ctx.map(job.event.entity, system)
        learn_native(ctx, system, object_map, [values])
        readable = without_late(ctx, job, system, values)
        try:
            read = read_record(ctx, job, system, readable)
            job.found.canonical[system] = without_ours(ctx, job, system, read)
        except LinkMissing as missing:
            await_link(ctx, job, system, missing)
        except FieldUnreadable as fault:
            job.end(refused(str(fault), fault.rule, fault.field, fault.value))

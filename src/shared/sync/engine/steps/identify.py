"""From events to jobs: one per record, each with its link, its lease and the gate's word.

Events of one record that meet in a batch are one piece of work; all of them get its result. Fills `held`.
"""

from collections.abc import Sequence
from datetime import timedelta

from shared.domain.keys import link_id
from shared.domain.link import ChangeEvent, Link
from shared.domain.outcomes.by_flow import wrong_way
from shared.domain.record import replace
from shared.domain.spans import LONGEST_LEASE
from shared.domain.titles import title
from shared.ports import Loaded
from shared.sync.engine.context import Context
from shared.sync.engine.faults import put_off
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import in_the_log
from shared.sync.engine.steps.leave_out import leave_out


def read_gate(ctx: Context) -> None:
    """One read per batch says which connections are closed."""
    now = ctx.now()
    for system, gate in ctx.stores.gate.read(list(ctx.systems)).items():
        ctx.strikes[system] = gate.strikes
        if gate.state == "paused":
            ctx.closed[system] = (
                now + timedelta(days=1),
                f"the connection to {title(system)} is paused: {gate.reason}",
            )
        elif gate.state == "cooling" and gate.until is not None and gate.until > now:
            ctx.closed[system] = (gate.until, gate.reason)


def identify(ctx: Context, events: Sequence[ChangeEvent]) -> list[Job]:
    """Jobs in the order of their first event. Two events that reach one link share a job."""
    ids = _link_ids(ctx, events)
    loaded = in_the_log(ctx, ctx.stores.links.load(sorted(set(ids.values()))))
    jobs: dict[str, Job] = {}
    for event in events:
        key = ids[event.subject]
        if key not in jobs:
            jobs[key] = _job(ctx, event, key, loaded[key])
        else:
            _join_job(jobs[key], event)
    return list(jobs.values())


def _link_ids(ctx: Context, events: Sequence[ChangeEvent]) -> dict[tuple[str, str, str], str]:
    """Our own computed id, or the link that a pointer names where the record joined another record's link."""
    ids = {
        event.subject: link_id(ctx.integration, event.entity, event.system, event.record_id)
        for event in events
    }
    groups: dict[tuple[str, str], list[str]] = {}
    for system, entity, record_id in ids:
        if _may_join(ctx, entity, system):
            groups.setdefault((system, entity), []).append(record_id)
    for (system, entity), records in groups.items():
        for record_id, found in ctx.stores.links.find(system, entity, records).items():
            ids[(system, entity, record_id)] = found
    return ids


def _may_join(ctx: Context, entity: str, system: str) -> bool:
    """Whether this record's link may be named by a pointer: always, but where a record is made once and from
    here alone."""
    flow = ctx.entity(entity)
    return flow is not None and not (flow.create_once and flow.direction == f"from {system}")


def _job(ctx: Context, event: ChangeEvent, key: str, loaded: Loaded) -> Job:
    flow = ctx.flow.entities[event.entity]
    stored = loaded.link
    if stored is not None and not stored.origin_id:
        stored = replace(stored, origin_id=event.record_id)  # found again by its key alone, see recover_links
    link = stored or Link(key, event.entity, event.system, event.record_id)
    job = Job(event, flow, link, stored, loaded.lease)
    _check_lease(ctx, job)
    leave_out(ctx, job)
    for system in ctx.systems:
        put_off(ctx, system, job)
    if event.system not in flow.maps or _wrong_way(job):
        job.end(wrong_way(event.entity, event.system, event.record_id))
    return job


def _wrong_way(job: Job) -> bool:
    """A record of the side that makes none in this flow, and that belongs to no link."""
    return job.flow.direction not in ("both", f"from {job.event.system}") and job.held.stored is None


def _check_lease(ctx: Context, job: Job) -> None:
    lease = job.held.lease
    if lease is None:
        return
    if lease.owner != ctx.owner and lease.until > ctx.now():
        if lease.until > ctx.now() + LONGEST_LEASE:  # given by a clock that was ahead
            ctx.stores.links.cut_lease(job.link.link_id, lease.owner, ctx.now() + LONGEST_LEASE)
        job.defer(
            min(30.0, (lease.until - ctx.now()).total_seconds() + 1), "another worker has this record in hand"
        )
    elif lease.intent is not None:
        job.held.unknown = lease.intent


def _join_job(job: Job, event: ChangeEvent) -> None:
    job.held.merged |= {event.subject, job.event.subject}
    if event.answer is not None:
        job.held.answers += (event.answer,)
    if _fresher(event, job.event) and event.subject == job.event.subject:
        job.held.event = event


def _fresher(event: ChangeEvent, held: ChangeEvent) -> bool:
    return event.observed_at is not None and (
        held.observed_at is None or event.observed_at > held.observed_at
    )

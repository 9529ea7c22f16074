"""Writes what existing sides still lack. One-way fields go in batches; two-way fields one record at a time,
guarded by the version that was read in this invocation.

Empties `due` and `native` of `plan` into `done`; changes the link of `held` and saves it under a lease.
"""

from collections.abc import Mapping
from typing import Any

from shared.domain.keys import target_key, write_key
from shared.domain.link import Intent, Lease
from shared.domain.outcomes import written
from shared.domain.record import replace
from shared.errors import NameTaken, OutcomeUnknown, RecordRejected, SyncError
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.ports import Patch, Snapshot
from shared.sync.earlier import remembered
from shared.sync.engine import taken_names
from shared.sync.engine.called import texts_of
from shared.sync.engine.closing import apart, in_turn, not_closed
from shared.sync.engine.compose import compose
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling, vendor_fault
from shared.sync.engine.flapping import BREAKER_WINDOW, BREAKER_WRITES, flapping
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.leasing import claims, save_under_lease
from shared.sync.engine.mark import mark
from shared.sync.engine.rate_codes import choices_of
from shared.sync.engine.references import learn_native
from shared.sync.engine.refused import TRIES, without_refused
from shared.sync.engine.sides import norm_of
from shared.sync.engine.steps.create import check_total
from shared.sync.engine.steps.require import refused
from shared.sync.engine.unanswered import forget
from shared.sync.engine.unreadable import left_out
from shared.sync.seen import read_seen, seen_values


def update(ctx: Context, jobs: list[Job]) -> None:
    """Every open job's `due` on sides that exist, per system in one batch where that is allowed."""
    for part in apart(jobs):
        _update(ctx, part)


def _update(ctx: Context, jobs: list[Job]) -> None:
    systems = {system for job in jobs if job.open for system in (*job.plan.due, *job.plan.native)}
    for system in in_turn(jobs, systems):
        ready = [
            job
            for job in jobs
            if job.open and (system in job.plan.due or system in job.plan.native) and system in job.link.sides
        ]
        patches = {id(job): patch for job in ready if (patch := _prepare(ctx, job, system)) is not None}
        batched = [job for job in ready if id(job) in patches and _one_way(ctx, job, system)]
        single = [[job] for job in ready if id(job) in patches and not _one_way(ctx, job, system)]
        for group in ([batched] if batched else []) + single:
            _send(ctx, system, group, patches)
    for job in jobs:
        not_closed(ctx, job)


def _prepare(ctx: Context, job: Job, system: str) -> Patch | None:
    """The native patch, with the intent saved; None when nothing is to be written after all."""
    fields, side = job.plan.due.get(system, {}), job.link.sides[system]
    try:
        values = {**compose(ctx, job, system, fields, creating=False), **job.plan.native.get(system, {})}
    except (RuleRefused, FieldUnreadable, LinkMissing) as no:
        refused(ctx, job, system, no)
        return None
    except SyncError as fault:
        vendor_fault(ctx, system, job, fault)
        return None
    told = {**values, **seen_values(ctx.map(job.event.entity, system), values)}
    if all(side.seen.get(path) == value for path, value in told.items()) and side.seen:
        mark(ctx, job, system, values, None)
        return None
    often = flapping(job.link, system, fields, ctx.now())
    if often:
        minutes = int(BREAKER_WINDOW.total_seconds() // 60)
        job.end(written.flapping(system, often, BREAKER_WRITES, minutes))
        return None
    _remember(ctx, job, system, values)
    _intend(ctx, job, system, values)
    guard = None if _one_way(ctx, job, system) else side.version
    accepted = not job.plan.accepted.isdisjoint(fields)
    read_at = None if accepted or _comes_back(ctx, job, system) else side.observed_at
    key = write_key(job.link.link_id, job.link.version, values)
    return Patch(side.id, values, guard, read_at, key) if job.open else None


def _remember(ctx: Context, job: Job, system: str, values: Mapping[str, Any]) -> None:
    """Saved with the intent, so that a crash after the write forgets nothing."""
    side = job.link.sides[system]
    choices = choices_of(ctx, ctx.map(job.event.entity, system), system)
    earlier = remembered(side.earlier, side.seen, values, choices)
    if earlier != side.earlier:
        job.set_sides({system: replace(side, earlier=earlier)})


def _comes_back(ctx: Context, job: Job, system: str) -> bool:
    """Whether what a person wrote there is about to be replaced by what it was made into: an edit made
    since it was read, however short ago, must not be written over."""
    policies = ctx.policy(job.event.entity)
    return any(policies[name].made_from == system for name in job.plan.due.get(system, ()))


def _one_way(ctx: Context, job: Job, system: str) -> bool:
    if _comes_back(ctx, job, system) or not job.plan.accepted.isdisjoint(job.plan.due.get(system, ())):
        return False
    return system not in job.plan.native and all(
        system not in policies_of(ctx, job)[name].sources for name in job.plan.due.get(system, ())
    )


def _intend(ctx: Context, job: Job, system: str, values: Mapping[str, Any]) -> None:
    """A lease with the before-image; a job that just created already holds one."""
    if job.held.leased:
        return
    if ctx.hurried():
        job.defer(1, "no time left in this run; sent again", started=False)
        return
    side = job.link.sides[system]
    before = {path: side.seen.get(path) for path in values}
    intent = Intent(
        system, "update", target_key(job.link.link_id, job.link.generation), ctx.now(), values, before
    )
    lease = Lease(ctx.owner, ctx.deadline, intent)
    link = replace(job.link, pending=True, updated_at=ctx.now(), rules_version=ctx.flow.version)
    try:
        save_under_lease(ctx, job, link, lease, claims(job), tuple(job.found.moved))
    except SyncError as fault:
        vendor_fault(ctx, system, job, fault)


def _send(ctx: Context, system: str, group: list[Job], patches: dict[int, Patch]) -> None:
    with calling(ctx, system, group) as ready:
        try:
            _write(ctx, system, ready, patches)
        except OutcomeUnknown:
            for job in ready:
                forget(ctx, job, system, patches[id(job)].values)
            raise


def _write(ctx: Context, system: str, jobs: list[Job], patches: dict[int, Patch]) -> None:
    if not jobs:
        return
    spec = ctx.map(jobs[0].event.entity, system).spec
    answers = ctx.systems[system].update(spec, [patches[id(job)] for job in jobs])
    for job, first in zip(jobs, answers, strict=True):
        first = _renamed(ctx, job, system, patches, first) if isinstance(first, NameTaken) else first
        patch, answer = _without_refused(ctx, job, system, patches[id(job)], first)
        if answer is None:
            mark(ctx, job, system, patch.values, None)
        elif isinstance(answer, SyncError):
            if isinstance(answer, OutcomeUnknown):
                forget(ctx, job, system, patch.values)
            vendor_fault(ctx, system, job, answer)
        elif not _refused_quietly(ctx, job, system, answer):
            wrote = set(job.plan.due.get(system, ())) - left_out(job, system)
            job.done.wrote.setdefault(system, set()).update(wrote)
            if system in job.plan.native:
                (job.done.back if system in job.plan.back else job.done.retired).append(system)
            mark(ctx, job, system, patch.values, answer)
            job.done.updated.append(system)
            check_total(ctx, job, system, answer.values)
            taken_names.said(ctx, job, system, answer)


def _renamed(
    ctx: Context, job: Job, system: str, patches: dict[int, Patch], answer: Snapshot | SyncError
) -> Snapshot | SyncError:
    """Written under a name of its own, where the flow has a rule for that."""
    spec, patch = ctx.map(job.event.entity, system).spec, patches[id(job)]
    for values in taken_names.otherwise(ctx, job, system, patch.values):
        patches[id(job)] = replace(
            patch, values=values, key=write_key(job.link.link_id, job.link.version, values)
        )
        (answer,) = ctx.systems[system].update(spec, [patches[id(job)]])
        if not isinstance(answer, NameTaken):
            return answer
    return answer


def _without_refused(
    ctx: Context, job: Job, system: str, patch: Patch, answer: Snapshot | SyncError
) -> tuple[Patch, Snapshot | SyncError | None]:
    """The write once more without what was refused by name, and its answer; None where nothing is left to
    write."""
    spec = ctx.map(job.event.entity, system).spec
    for _ in range(TRIES - 1):
        left = (
            without_refused(ctx, job, system, answer, patch.values)
            if isinstance(answer, RecordRejected)
            else None
        )
        if left is None:
            break
        patch = replace(patch, values=left, key=write_key(job.link.link_id, job.link.version, left))
        if not left:
            return patch, None
        try:
            answer = ctx.systems[system].update(spec, [patch])[0]
        except SyncError as fault:
            answer = fault
    return patch, answer


def _refused_quietly(ctx: Context, job: Job, system: str, answer: Snapshot) -> bool:
    """A vendor may say yes and store something else. Ends the job when a one-way field does not show what was
    sent."""
    object_map = ctx.map(job.event.entity, system)
    learn_native(ctx, system, object_map, [answer.values])
    tables, answered = ctx.tables_of(system), set(answer.values)
    now, norm = read_seen(object_map, answer.values, tables), norm_of(object_map, ctx.tables_of(system))
    for name, value in job.plan.due.get(system, {}).items():
        paths = object_map.native_paths.get(name, ())
        if name not in now or not answered.issuperset(paths) or now[name] == norm(name, value):
            continue
        if (system, name) in job.plan.added or name in left_out(job, system):
            continue
        found, sent = texts_of(ctx, job.flow, name, [now[name], value])
        what = written.shows_otherwise(system, paths, found, sent)
        if system in policies_of(ctx, job)[name].sources:
            job.done.notes.append(what)
            continue
        job.end(written.not_stored(what, name, found))
        return True
    return False

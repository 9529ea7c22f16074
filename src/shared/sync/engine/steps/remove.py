"""Deletes for good what `removal` of the plan names: intent and lease first, then the vendor's call.

That we set out to delete it is saved before the call, so that whoever finds it gone after a crash knows whose
doing it was. Empties `removal` of `plan` into `removed` of `done`.
"""

from shared.domain.keys import target_key
from shared.domain.link import Intent, Lease
from shared.domain.outcomes import gone
from shared.domain.record import replace
from shared.errors import RecordRejected
from shared.ports import Removes
from shared.sync.engine.context import Context
from shared.sync.engine.doubted import forget_retired
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.leasing import claims, save_under_lease
from shared.sync.engine.removal import lost_sides
from shared.sync.engine.who import directory


def remove(ctx: Context, job: Job) -> None:
    while job.open and job.plan.removal:
        system = job.plan.removal.pop()
        with calling(ctx, system, [job]) as ready:
            if ready:
                _remove(ctx, job, system)


def _remove(ctx: Context, job: Job, system: str) -> None:
    """Raises the SyncErrors of the connector and of storage."""
    entity, able = job.event.entity, ctx.systems[system]
    if ctx.hurried():
        job.defer(1, "no time left in this run; sent again", started=False)
        return
    if not isinstance(able, Removes):
        job.end(gone.no_archive(lost_sides(job), system, entity))
        return
    _intend(ctx, job, system)
    side = job.link.sides[system]
    try:
        able.delete(ctx.map(entity, system).spec, side.id)
    except RecordRejected:
        job.set_sides({system: replace(side, removed_at=None)})
        raise
    job.set_sides({system: replace(side, gone=True, gone_at=ctx.now(), written_at=ctx.now())})
    job.set_tombstone(ctx.now())
    forget_retired(job, system)
    job.done.removed.append(system)
    if job.flow.matching != "keys":
        directory(ctx, entity, system).drop(side.id)


def _intend(ctx: Context, job: Job, system: str) -> None:
    side, now = job.link.sides[system], ctx.now()
    key = target_key(job.link.link_id, job.link.generation)
    intent = Intent(system, "remove", key, now, before=dict(side.seen))
    job.set_sides({system: replace(side, removed_at=now)})
    link = replace(job.link, updated_at=now, rules_version=ctx.flow.version)
    save_under_lease(
        ctx, job, link, Lease(ctx.owner, ctx.deadline, intent), claims(job), tuple(job.found.moved)
    )

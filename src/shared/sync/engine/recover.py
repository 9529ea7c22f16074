"""Looks before it creates: after an unknown outcome, or while the integration is recovering.

A miss proves nothing until `settle` seconds after the lease ended (or the recovery began): a slow vendor may still be
committing. A system with neither a searchable key nor idempotent creates gets a person, never a second create.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.names import title
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.create import adopt
from shared.sync.engine.decide import due_sides, target_of
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.keys import target_key
from shared.sync.link import Outcome


def recover_unknown(ctx: Context, jobs: list[Job]) -> None:
    """First of all: a record whose create may have happened is looked up before anything else is decided about it."""
    doubtful = [job for job in jobs if job.open and job.unknown_create()]
    for job in doubtful:
        job.due = due_sides(ctx, job, [target_of(ctx, job)])
    _look_up(ctx, doubtful)
    for job in doubtful:
        if job.adopted:
            job.stored = job.link  # saved already: what a second look starts from


def recover_lost(ctx: Context, jobs: list[Job]) -> None:
    """While the integration is recovering, links may have been lost: every create looks first."""
    if ctx.state.recovering_since is not None:
        _look_up(ctx, [job for job in jobs if job.open and not job.looked])


def _look_up(ctx: Context, jobs: list[Job]) -> None:
    by_target: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        with calling(ctx, target_of(ctx, job), [job]):
            _settle(ctx, job)
        if job.open:
            by_target.setdefault((target_of(ctx, job), job.event.entity), []).append(job)
    for (target, entity), group in by_target.items():
        _find(ctx, target, entity, group)


def _settle(ctx: Context, job: Job) -> None:
    target = target_of(ctx, job)
    system = ctx.systems[target]
    if not (system.capabilities.key_search or system.capabilities.idempotent_create):
        name = title(target)
        job.end(Outcome("held", f"an earlier try may have made this record in {name}, and {name} cannot be searched for it: "
                        "look there, then retry or link it by hand", rule="unknown outcome"))
        return
    ready = _ready_at(ctx, job, system.settle_seconds)
    if ready > ctx.now():
        job.defer((ready - ctx.now()).total_seconds() + 1,
                  f"an earlier try may have reached {title(target)}: looking for it once {title(target)} has surely finished")


def _ready_at(ctx: Context, job: Job, settle: float) -> datetime:
    since: Iterable[datetime] = [at for at in (
        job.lease.until if job.lease and job.unknown_create() else None, ctx.state.recovering_since) if at is not None]
    return max(since) + timedelta(seconds=settle)


def _find(ctx: Context, target: str, entity: str, jobs: list[Job]) -> None:
    spec = ctx.map(entity, target).spec
    if spec.key_path is None:
        return
    keys = {target_key(job.link.link_id, job.link.generation): job for job in jobs}
    with calling(ctx, target, jobs) as ready:
        hits = ctx.systems[target].find(spec, spec.key_path, sorted(keys)) if ready else {}
        for key, found in hits.items():
            keys[key].looked = True
            _settled(ctx, target, keys[key], found)


def _settled(ctx: Context, target: str, job: Job, found: list[Snapshot]) -> None:
    if len(found) > 1:
        names = ", ".join(one.id for one in found)
        why = f"{title(target)} holds {len(found)} records with our key: {names}. Delete all but one, then retry"
        job.end(Outcome("held", why, rule="doubled", value=names))
    elif found:
        adopt(ctx, job, target, found[0])

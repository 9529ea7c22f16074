"""Saves a link in the middle of the work on it, under a lease of this invocation.

What lost a conflict is saved with it, and brought to the log before any vendor is called: nothing is
overwritten that is not written down.
"""

from shared.domain.link import Lease, Link
from shared.ports import Commit
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import losses, losses_logged, with_row
from shared.sync.engine.parts import Pointer


def left(job: Job, link: Link) -> tuple[Pointer, ...]:
    """Pointers of records that this link named when it was last saved, and does not name any more."""
    last = job.held.kept or job.held.stored
    return tuple(
        (system, link.entity, side.id)
        for system, side in (last.sides.items() if last is not None else ())
        if side.id and (system not in link.sides or link.sides[system].id != side.id)
    )


def save_under_lease(
    ctx: Context,
    job: Job,
    link: Link,
    lease: Lease,
    claims: tuple[Pointer, ...],
    drops: tuple[Pointer, ...] = (),
    alone: tuple[Pointer, ...] = (),
) -> None:
    """`alone` is claimed by itself first, see `LinkStore.claim`: half the price, for what only this link can
    have. Raises LinkContended when another worker was first, and the SyncErrors of storage; the job is as it
    was then."""
    alone = tuple(one for one in alone if one not in job.held.claimed)
    claims = tuple(one for one in claims if one not in job.held.claimed)
    if alone:
        ctx.stores.links.claim(link.link_id, alone)
    link, row = with_row(link, losses(ctx, job), job)
    commit = Commit(
        link,
        job.held.saved,
        ctx.owner,
        lease,
        claims=claims,
        drops=drops,
        claimed=alone,
        left=left(job, link),
    )
    saved = ctx.stores.links.commit(commit, ctx.now())
    if row is not None:  # durable with the intent already; people see it before anything is overwritten
        ctx.stores.log.append([row])
    losses_logged(job)
    job.was_saved(saved, lease)
    job.held.claimed |= {*alone, *claims}


def claims(job: Job) -> tuple[tuple[str, str, str], ...]:
    """Pointers of the sides that the link does not have as it was last saved, where records may be reached
    from both systems."""
    if job.flow.create_once:
        return ()
    last = job.held.kept or job.held.stored
    known = last.sides if last is not None and last.version == job.held.saved else {}
    return tuple(
        (system, job.event.entity, side.id)
        for system, side in job.link.sides.items()
        if side.id and (system not in known or known[system].id != side.id)
    )

"""Saves a link in the middle of the work on it, under a lease of this invocation.

What lost a conflict goes into the log in the same request: nothing is overwritten that is not written down.
"""

from shared.domain.link import Lease, Link
from shared.ports import Commit
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import losses, losses_logged
from shared.sync.engine.parts import Pointer


def save_under_lease(
    ctx: Context,
    job: Job,
    link: Link,
    lease: Lease,
    claims: tuple[Pointer, ...],
    drops: tuple[Pointer, ...] = (),
) -> None:
    """Raises LinkContended when another worker was first, and the SyncErrors of storage; the job is as it was
    then."""
    commit = Commit(link, job.held.saved, ctx.owner, lease, claims=claims, drops=drops, log=losses(ctx, job))
    saved = ctx.stores.links.commit(commit, ctx.now())
    losses_logged(job)
    job.was_saved(saved, lease)

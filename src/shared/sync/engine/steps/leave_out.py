"""Records that a person left out for good end here, before any system is called; one that is taken up again
goes on as any other.

A write whose outcome is unknown is looked into first: what an earlier try may have made must be known before
nothing more is done.
"""

from datetime import timedelta

from shared.domain.answer import LeftOut
from shared.domain.outcomes import by_flow, left_out
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.sides import side_of

_FAR, _MOST_PARKED = timedelta(days=3650), 5_000


def leave_out(ctx: Context, job: Job, *, looked: bool = False) -> None:
    """Takes in what was said, and ends the job of a record that is left out; and of any while nothing is
    written yet. `looked`: what an earlier try may have made was looked for."""
    if not job.open or (job.held.unknown is not None and not looked):
        return
    _listen(ctx, job)
    said = job.link.left_out
    if said is not None:
        job.end(left_out.left_out(_called(job), said.by, said.at))
    elif job.held.answers and not ctx.state.live:
        job.end(by_flow.not_live())


def _listen(ctx: Context, job: Job) -> None:
    before = job.held.stored.left_out if job.held.stored is not None else None
    for one in sorted(job.held.answers, key=lambda one: one.at):
        if one.kind == "skip":
            job.held.change(left_out=before or LeftOut(one.by, one.at))
            if job.source in job.flow.maps:
                job.set_sides({job.source: side_of(job, job.source)})
            _wake_no_more(ctx, job)
        elif one.kind == "take up" and job.link.left_out is not None:
            job.held.change(left_out=None)
            job.held.told.append(left_out.taken_up(one.by, one.at))


def _wake_no_more(ctx: Context, job: Job) -> None:
    """What is parked of the record has nothing to wake up for any more."""
    names = {(system, job.event.entity, side.id) for system, side in job.link.sides.items()}
    resting = ctx.stores.parks.due(ctx.now() + _FAR, _MOST_PARKED)
    own = [one for one in resting if one.event.subject in {*names, job.event.subject}]
    if own:
        ctx.stores.parks.remove(own)


def _called(job: Job) -> str:
    sides = [job.link.sides.get(system) for system in (job.source, *job.link.sides)]
    return next((side.label for side in sides if side is not None and side.label), "")

"""A record that an earlier try made, and that is another one's by now: somebody merged that one into it before anyone knew
whose it was."""

from shared.names import title
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.look import whole_link
from shared.sync.engine.watch import watch
from shared.sync.link import Outcome


def another_s(ctx: Context, job: Job, target: str, record_id: str) -> bool:
    """Whether the record found is joined with another one of ours by now, or being worked on: the job has ended then."""
    if whole_link(ctx, job, target, record_id):
        why = (f"{title(target)} {record_id} was made from this record by an earlier try, and is linked to another record of "
               f"{title(job.source)} by now: decide which of the two goes on")
        watch(ctx, job, [(target, job.event.entity, record_id)])
        job.end(Outcome("held", why, rule="taken", value=record_id))
        job.unknown = None  # what became of the create is known now
    return not job.open

"""Records that another entity's record turned into: an order that was a quotation stands on the other side
already, as the quotation that was won.

A second document would be counted twice by whoever adds up what was sold.
"""

from collections.abc import Sequence

from shared.domain.link import Link
from shared.domain.outcomes import by_flow
from shared.domain.record import replace
from shared.domain.rules import Rule
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.result import Ended
from shared.sync.engine.sides import label_of, target_of


def end_turned(ctx: Context, jobs: Sequence[Job]) -> None:
    """Ends those that are shown by what they were. One request for the links of all that would be made, one
    more where any has turned."""
    asking = [job for job in jobs if job.open and job.flow.turned_from and not job.unknown_create()]
    found: dict[str, str] = {}
    for system, entity in dict.fromkeys((job.source, str(job.flow.turned_from)) for job in asking):
        ids = [job.event.record_id for job in asking if job.source == system]
        found |= ctx.stores.links.find(system, entity, ids)
    loaded = ctx.stores.links.load(sorted(set(found.values()))) if found else {}
    for job in asking:
        link = loaded[found[job.event.record_id]].link if job.event.record_id in found else None
        if link is not None and _stands(link, target_of(ctx, job)):
            job.end(
                by_flow.turned(job.source, target_of(ctx, job), link.entity, label_of(ctx, job, job.source))
            )


def pass_on(ctx: Context, jobs: Sequence[Job]) -> None:
    """News of such a record are news of what it was, whose own list may not name it any more."""
    events = [
        replace(job.event, entity=str(job.flow.turned_from), attempt=0, snapshot=None, observed_at=None)
        for job in jobs
        if isinstance(job.result, Ended) and job.result.outcome.rule == Rule.TURNED
    ]
    if events:
        ctx.stores.queue.send(events)


def _stands(link: Link, system: str) -> bool:
    side = link.sides.get(system)
    return side is not None and bool(side.id) and not side.gone

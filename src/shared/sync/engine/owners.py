"""Whose record is it: which link a record belongs to, and whether another one has it by now."""

from itertools import count

from shared.domain.keys import link_id
from shared.domain.link import Side
from shared.domain.outcomes import lost_answers
from shared.domain.outcomes.pairing import taken
from shared.domain.titles import title
from shared.ports import LinkStore, Loaded
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import in_the_log
from shared.sync.engine.waits import watch


def link_of(ctx: Context, system: str, entity: str, record_id: str) -> Loaded:
    """The record's link, by its pointer or by the computed id; it says what became of the record."""
    own = ctx.stores.links.find(system, entity, [record_id]).get(record_id) or link_id(
        ctx.integration, entity, system, record_id
    )
    return ctx.stores.links.load([own])[own]


def joined_link(ctx: Context, job: Job, system: str, record_id: str) -> str:
    """The link that joins this record with one of another system, or "". A link of its own that never had
    another side gives way: nothing but its story is lost."""
    entity = job.event.entity
    owners = {link_id(ctx.integration, entity, system, record_id)}
    owners |= set(ctx.stores.links.find(system, entity, [record_id]).values())
    for owner, loaded in ctx.stores.links.load(sorted(owners - {job.link.link_id})).items():
        if loaded.link is None:
            continue
        if any(side.id and name != system for name, side in loaded.link.sides.items()):
            if loaded.link.sides.get(system, Side("")).id == record_id:
                return owner
        elif loaded.lease is not None and (loaded.lease.until > ctx.now() or loaded.lease.intent is not None):
            if lost_answers.is_unknown(loaded.link.outcome):
                job.end(lost_answers.settle_first(system, record_id))
            job.defer(30, f"{title(system)} {record_id} is being worked on")
        else:
            in_the_log(ctx, {owner: loaded})
            ctx.stores.links.erase(owner)
    return ""


def is_linked_elsewhere(ctx: Context, job: Job, target: str, record_id: str) -> bool:
    """Whether the record found is joined with another one of ours by now, or being worked on: the job has
    ended then."""
    if joined_link(ctx, job, target, record_id):
        watch(ctx, job, [(target, job.event.entity, record_id)])
        job.end(taken(job.source, target, record_id))
        job.held.unknown = None  # what became of the create is known now
    return not job.open


def own_link(
    links: LinkStore, integration: str, entity: str, system: str, record_id: str
) -> tuple[str, Loaded]:
    """The first link that is not another record's by now, stored or not. 1 request, and one more for every
    turn."""
    for turn in count(1):
        key = link_id(integration, entity, system, record_id, turn)
        loaded = links.load([key])[key]
        if loaded.link is None or loaded.link.stands_for(system, record_id):
            return key, loaded
    raise AssertionError("count() ended")

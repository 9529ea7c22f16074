"""An event of a record whose place in its link another one has taken."""

from shared.domain.link import Link
from shared.ports import Gone, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import in_the_log
from shared.sync.engine.owners import own_link


def also_to_read(ctx: Context, job: Job) -> list[tuple[str, str]]:
    """(system, record id) of what must be read as well. A record that is gone leaves the one that stands
    there now to look at; one that is there, a restored one, has a link of its own. Whoever was merged is
    followed as ever."""
    system, record_id = job.event.system, job.event.record_id
    if not job.open or job.flow.create_once or job.link.stands_for(system, record_id):
        return []
    reading = job.found.readings.get(system)
    if isinstance(reading, Gone):
        job.follow(job.link.sides[system].id)
        return [(system, job.event.record_id)]
    return _apart(ctx, job, reading) if isinstance(reading, Snapshot) else []


def _apart(ctx: Context, job: Job, reading: Snapshot) -> list[tuple[str, str]]:
    event = job.event
    key, found = own_link(ctx.stores.links, ctx.integration, event.entity, event.system, event.record_id)
    loaded = in_the_log(ctx, {key: found})[key]
    if loaded.lease is not None and (loaded.lease.until > ctx.now() or loaded.lease.intent is not None):
        job.defer(30, "another worker has this record in hand")
        return []
    link = loaded.link or Link(key, event.entity, event.system, event.record_id)
    job.work_on(link, loaded.link, loaded.lease)
    job.held.unknown = None
    job.found.readings = {event.system: reading}
    return [
        (system, side.id) for system, side in job.link.sides.items() if system != event.system and side.id
    ]

"""The log row of a job: which record it is about, what people call it, and where it stands on each side."""

from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.look import side_of
from shared.sync.link import LogRow, Outcome


def log_row(ctx: Context, job: Job, outcome: Outcome) -> LogRow:
    event = job.event
    return LogRow(ctx.now(), event.run_id, event.system, event.entity, event.record_id, event.cause, outcome,
                  job.link.link_id, label_of_source(ctx, job), records_of(ctx, job), ctx.flow.version, tuple(job.changes),
                  event.attempt)


def label_of_source(ctx: Context, job: Job) -> str:
    """What people call the record on the side the event came from."""
    reading = job.readings.get(job.source)
    if not isinstance(reading, Snapshot):
        return job.link.sides.get(job.source, side_of(job, job.source)).label
    return ctx.map(job.event.entity, job.source).spec.label(reading.values) if job.source in job.flow.maps else ""


def records_of(ctx: Context, job: Job) -> dict[str, tuple[str, str, str]]:
    found = {}
    for system, object_map in job.flow.maps.items():
        side = job.link.sides.get(system)
        record_id = side.id if side else job.event.record_id if system == job.source else ""
        if record_id:
            found[system] = (record_id, side.label if side else "",
                             ctx.address(system, object_map.spec.object, record_id))
    return found

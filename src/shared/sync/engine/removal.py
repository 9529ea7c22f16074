"""When a record may be deleted for good because its counterpart was, and what happens once that is back.

There is no way back, so more is asked than for any other write: some days have passed since the deletion was
first seen, a sweep has read the whole list once more since, the record that is gone is asked for by itself in
this very pass, no question is open about its list, and what is left was read in this pass, too.
"""

from datetime import datetime, timedelta

from shared.domain.link import Outcome, Side
from shared.domain.outcomes import gone
from shared.domain.record import replace
from shared.ports import Gone, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.sides import due_sides

SETTLED = timedelta(hours=1)
"""A record that shows itself so long after we set out to delete it was not deleted."""


def lost_sides(job: Job) -> list[str]:
    return [system for system, side in sorted(job.link.sides.items()) if side.gone]


def is_final(ctx: Context, job: Job) -> bool:
    """Whether what is left of the record is deleted for good in this pass."""
    lost, event = lost_sides(job)[0], job.event
    if job.flow.once_deleted(lost) != "delete" or event.system != lost or event.missed_at is None:
        return False
    readings = dict(job.found.readings)
    return (
        event.missed_at >= _due(ctx, job, lost)
        and isinstance(readings.pop(lost, None), Gone)
        and all(
            isinstance(readings.get(system), Snapshot)
            for system, side in job.link.sides.items()
            if not side.gone
        )
        and f"{event.entity}.{lost}" not in ctx.state.missing
    )


def gone_since(ctx: Context, job: Job, side: Side) -> datetime | None:
    """When a side was first seen to be gone under rules that delete: what was lost before they said so has
    its days from then on."""
    (system,) = (name for name, one in job.link.sides.items() if one is side)
    return (side.gone_at or ctx.now()) if job.flow.once_deleted(system) == "delete" else None


def put_back(ctx: Context, job: Job, system: str) -> list[str]:
    """Fields that somebody changed on what is left, and that are not his to change: they would be put back if
    the record stayed, and say that somebody still works with it."""
    return sorted(due_sides(ctx, job, [system]).get(system, {}))


def later(ctx: Context, job: Job, left: str, marked: bool) -> Outcome:
    """How a job ends whose record is to be deleted, but not yet."""
    return gone.deleted_later(lost_sides(job), left, due_from(ctx, job), marked)


def due_from(ctx: Context, job: Job) -> datetime | None:
    """The day on which it may be deleted; None once that has come."""
    due = _due(ctx, job, lost_sides(job)[0])
    return due if due > ctx.now() else None


def begin_anew(job: Job) -> None:
    """A record that shows itself again, and whose counterpart we deleted for good, is the origin of a new
    one: under the same link, with a key of its own."""
    sides = job.link.sides
    back = {system: side for system, side in sides.items() if not side.gone and side.id}
    removed = {system: side for system, side in sides.items() if side.gone and side.removed_at is not None}
    if not removed or len(back) != 1 or len(back) + len(removed) != len(sides):
        return
    ((origin, side),) = back.items()
    for system, old in removed.items():
        assert old.removed_at is not None
        job.done.notes.append(gone.made_anew(system, side.label or side.id, old.removed_at, origin))
    job.held.change(sides=back, origin_system=origin, origin_id=side.id, tombstone=None)
    job.renew_key()


def said_of_removed(job: Job) -> Outcome | None:
    """What is said of a record that is nowhere any more, and that we deleted on one side: its end, where this
    pass learned of it."""
    for system, side in job.link.sides.items():
        if side.removed_at is not None and system in job.found.lost:
            return removed(job, system)
    return None


def removed(job: Job, system: str) -> Outcome:
    side, other = job.link.sides[system], next(name for name in job.link.sides if name != system)
    since = job.link.sides[other].gone_at or side.removed_at
    assert since is not None
    return gone.deleted_for_good([other], system, side.label or side.id, since)


def forget_attempt(job: Job) -> None:
    """What is there long after we set out to delete it is nobody's to be made anew."""
    for system, side in job.link.sides.items():
        reading = job.found.readings.get(system)
        if side.removed_at is None or side.gone or not isinstance(reading, Snapshot):
            continue
        if reading.observed_at > side.removed_at + SETTLED:
            job.set_sides({system: replace(side, removed_at=None)})


def _due(ctx: Context, job: Job, lost: str) -> datetime:
    return (job.link.sides[lost].gone_at or ctx.now()) + timedelta(days=job.flow.delete_days)

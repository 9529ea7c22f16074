"""What becomes of a record whose counterpart was deleted: kept, put out of use, or held for a person, as the
flow says.

Only a definite "gone" counts. An edit beats a delete: when the record that is left was changed since both
agreed, nothing is done to it, and a person decides. Nothing is ever deleted here.
"""

from typing import Any

from shared.domain.link import Outcome, Side
from shared.domain.outcomes import gone
from shared.domain.record import replace
from shared.domain.titles import title
from shared.mapping.model import Deletes
from shared.ports import Gone, Snapshot
from shared.sync.detect import field_states
from shared.sync.engine.context import Context
from shared.sync.engine.doubted import out_of_use, shown
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.merge import entered
from shared.sync.observe import SideReading, behind


def mark_gone(ctx: Context, job: Job) -> None:
    """Nothing is written any more to a side that is gone, and nothing of it is dropped elsewhere. One that
    shows itself again was restored."""
    vanished = {
        system: replace(side, gone=True, observed_at=reading.observed_at)
        for system, side in job.link.sides.items()
        if isinstance(reading := job.found.readings.get(system), Gone)
    }
    restored = {
        system: replace(side, gone=False)
        for system, side in job.link.sides.items()
        if side.gone
        and isinstance(reading := job.found.readings.get(system), Snapshot)
        and reading.id == side.id
    }
    job.found.lost = sorted(system for system in vanished if not job.link.sides[system].gone)
    if vanished or restored:
        job.set_sides({**vanished, **restored})
    sides = job.link.sides.values()
    dead = bool(sides) and all(side.gone for side in sides)
    if dead != (job.link.tombstone is not None):
        job.set_tombstone(ctx.now() if dead else None)


def lost_sides(job: Job) -> list[str]:
    return [system for system, side in sorted(job.link.sides.items()) if side.gone]


def left_sides(job: Job) -> dict[str, Side]:
    return {system: side for system, side in job.link.sides.items() if not side.gone and side.id}


def settle_deletion(ctx: Context, job: Job, readings: dict[str, SideReading]) -> None:
    """Ends the job, or leaves in `native` what puts the other record out of use."""
    lost, left = lost_sides(job), left_sides(job)
    if not left:
        job.end(gone.nothing_left(lost))
    elif (
        _rule(job) == "archive"
        and not job.found.lost
        and all(out_of_use(ctx, job, system) for system in left)
    ):
        job.end(gone.out_of_use_already(lost, _names(left)))
    elif edited := _edited(ctx, job, readings):
        job.end(gone.edited_since(lost, _names(left), edited))
    elif job.flow.create_once or _rule(job) != "archive":
        job.end(gone_outcome(job, lost))
    else:
        _archive(ctx, job, left, lost)


def gone_outcome(job: Job, lost: list[str]) -> Outcome:
    others = [f"{title(system)} {side.label or side.id}" for system, side in left_sides(job).items()]
    rule = _rule(job)
    return gone.left_alone(lost, others, rule, job.flow.create_once or rule == "keep")


def _rule(job: Job) -> Deletes:
    """What the flow says of the record that is left."""
    return job.flow.once_deleted(lost_sides(job)[0])


def _archive(ctx: Context, job: Job, left: dict[str, Side], lost: list[str]) -> None:
    for system in left:
        values: dict[str, Any] = dict(ctx.map(job.event.entity, system).spec.archive)
        if not values:
            job.end(gone.no_archive(lost, system, job.event.entity))
        elif not out_of_use(ctx, job, system):
            job.plan.native[system] = values
            before = {path: shown(job, system).get(path) for path in values}
            job.held.change(retired={**job.link.retired, system: before})
    if job.open and not job.plan.native:
        job.end(gone.out_of_use_already(lost, _names(left)))


def _edited(ctx: Context, job: Job, readings: dict[str, SideReading]) -> str:
    """Fields that a person changed on what is left, since it was last seen, or that never reached the record
    that was deleted. Asked when the deletion is met, and before a record is put out of use, every time;
    whoever was asked to decide is asked the same at the next event."""
    before = job.held.before
    if not job.found.lost and before is not None and gone.was_edited_since(before):
        return before.field
    policies = policies_of(ctx, job)
    for system, one in readings.items():
        if not (job.found.lost or _rule(job) == "archive") or not isinstance(
            job.found.readings.get(system), Snapshot
        ):
            continue
        states = field_states(one.side, one.values, one.seen, job.link.base, one.norm)
        changed = [
            name
            for name, state in states.items()
            if entered(state) and name in policies and system in policies[name].sources
        ]
        changed += _taken_back(ctx, job, system)
        changed += [name for name in _undelivered(ctx, job, system) if name not in changed]
        if changed:
            return ", ".join(changed)
    return ""


def _taken_back(ctx: Context, job: Job, system: str) -> list[str]:
    """What a person changed to take back into use what was put out of it."""
    archive, seen = ctx.map(job.event.entity, system).spec.archive, job.link.sides[system].seen
    if any(seen.get(path) != value for path, value in archive.items()):
        return []
    now = shown(job, system)
    return [path for path, value in archive.items() if now.get(path) != value]


def _undelivered(ctx: Context, job: Job, left: str) -> list[str]:
    """What was taken over from this side while the other was believed to be there, and could not be brought
    to it any more: whoever deleted that one had not seen it."""
    policies, entity = policies_of(ctx, job), job.event.entity
    return [
        name
        for system in lost_sides(job)
        for name in behind(job.link, system, ctx.map(entity, system).writable, policies)
        if job.link.base[name].origin == left and not policies[name].once
    ]


def _names(sides: dict[str, Side]) -> str:
    return " and ".join(f"{title(system)} {side.label or side.id}" for system, side in sides.items())

"""What becomes of a record whose counterpart was deleted: kept, put out of use, or held for a person, as the
flow says.

Only a definite "gone" counts. An edit beats a delete: when the record that is left was changed since both
agreed, nothing is done to it, and a person decides. Deleted for good is a record only where the flow says so,
and not before all that `removal.py` asks for.
"""

from typing import Any

from shared.domain.link import Outcome, Side
from shared.domain.outcomes import gone
from shared.domain.record import replace
from shared.domain.titles import title
from shared.mapping.rules import Deletes
from shared.ports import Gone, Snapshot
from shared.sync.detect import field_states
from shared.sync.engine.context import Context
from shared.sync.engine.doubted import out_of_use, shown
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.removal import (
    due_from,
    forget_attempt,
    gone_since,
    is_final,
    later,
    lost_sides,
    put_back,
    said_of_removed,
)
from shared.sync.merge import entered
from shared.sync.observe import SideReading, behind

_RETIRES: tuple[Deletes, ...] = ("archive", "delete")
"""What puts a record out of use."""


def mark_gone(ctx: Context, job: Job) -> None:
    """Nothing is written any more to a side that is gone, and nothing of it is dropped elsewhere. One that
    shows itself again was restored."""
    vanished = {
        system: replace(side, gone=True, gone_at=gone_since(ctx, job, side), observed_at=reading.observed_at)
        for system, side in job.link.sides.items()
        if isinstance(reading := job.found.readings.get(system), Gone)
    }
    restored = {
        system: replace(side, gone=False, gone_at=None)
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
    forget_attempt(job)


def left_sides(job: Job) -> dict[str, Side]:
    return {system: side for system, side in job.link.sides.items() if not side.gone and side.id}


def settle_deletion(ctx: Context, job: Job, readings: dict[str, SideReading]) -> None:
    """Ends the job, or leaves in `native` what puts the other record out of use, or in `removal` that it is
    deleted for good."""
    lost, left = lost_sides(job), left_sides(job)
    if not left:
        job.done.quiet = not job.found.lost and any(side.removed_at for side in job.link.sides.values())
        job.end(said_of_removed(job) or gone.nothing_left(lost))
        return
    final = is_final(ctx, job)
    if (
        _rule(job) in _RETIRES
        and not (job.found.lost or final)
        and all(out_of_use(ctx, job, system) for system in left)
    ):
        job.end(_out_of_use_already(ctx, job, left, lost))
    elif edited := _edited(ctx, job, readings, final):
        job.end(gone.edited_since(lost, _names(left), edited))
    elif job.flow.create_once or _rule(job) not in _RETIRES:
        job.end(gone_outcome(job, lost))
    elif final:
        job.plan.removal = sorted(left)
    else:
        _archive(ctx, job, left, lost)


def _out_of_use_already(ctx: Context, job: Job, left: dict[str, Side], lost: list[str]) -> Outcome:
    if _rule(job) == "delete":
        return later(ctx, job, _names(left), marked=True)
    return gone.out_of_use_already(lost, _names(left))


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
        if not values and _rule(job) == "delete":
            job.end(later(ctx, job, _names(left), marked=False))
        elif not values:
            job.end(gone.no_archive(lost, system, job.event.entity))
        elif not out_of_use(ctx, job, system):
            job.plan.native[system] = values
            before = {path: shown(job, system).get(path) for path in values}
            job.held.change(retired={**job.link.retired, system: before})
    if job.open and not job.plan.native:
        job.end(_out_of_use_already(ctx, job, left, lost))
    elif job.open and _rule(job) == "delete":
        what = gone.will_be_deleted(lost, due_from(ctx, job))
        job.done.notes.append(f"{_names(left)} {what}")


def _edited(ctx: Context, job: Job, readings: dict[str, SideReading], final: bool) -> str:
    """Fields that a person changed on what is left, since it was last seen, or that never reached the record
    that was deleted. Asked when the deletion is met, and before a record is put out of use, every time;
    whoever was asked to decide is asked the same at the next event. Before a record is deleted for good
    (`final`) every field counts, whoever's it is."""
    before = job.held.before
    if not job.found.lost and before is not None and gone.was_edited_since(before):
        return before.field
    policies = policies_of(ctx, job)
    for system, one in readings.items():
        if not (job.found.lost or _rule(job) in _RETIRES) or not isinstance(
            job.found.readings.get(system), Snapshot
        ):
            continue
        states = field_states(one.side, one.values, one.seen, job.link.base, one.norm)
        changed = [
            name
            for name, state in states.items()
            if entered(state) and name in policies and (final or system in policies[name].sources)
        ]
        changed += _undelivered(ctx, job, system)
        changed += put_back(ctx, job, system) if final else []
        ours = _marked(ctx, job, system)
        changed = [name for name in dict.fromkeys(changed) if name not in ours]
        changed += _taken_back(ctx, job, system)
        if changed:
            return ", ".join(changed)
    return ""


def _marked(ctx: Context, job: Job, system: str) -> set[str]:
    """Fields that show that the record is out of use: `_taken_back` says whether somebody changed them."""
    object_map, seen = ctx.map(job.event.entity, system), job.link.sides[system].seen
    archive = object_map.spec.archive
    if not archive or any(seen.get(path) != value for path, value in archive.items()):
        return set()
    return {name for name, paths in object_map.native_paths.items() if archive.keys() & set(paths)}


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

"""Brings a record's picture along, once the record itself is on both sides: one read at its source, and what
the other system's upload takes.

A picture is known by the name of its file. One whose name stays the same is never looked at. What is wrong
with a picture is told with the record's outcome, and stops nothing else of it. Before it is sent, an intent
is saved: whoever finds that intent does not send it again, because a second one would stand beside the first.
"""

from shared.domain.keys import target_key
from shared.domain.link import Intent, Lease
from shared.domain.outcomes import pictures as said
from shared.domain.record import replace
from shared.errors import MissingPermission, OutcomeUnknown, RecordRejected, SyncError
from shared.ports import GivesPictures, TakesPictures
from shared.sync.engine.context import Context
from shared.sync.engine.faults import put_off, vendor_fault
from shared.sync.engine.job import Job
from shared.sync.engine.leasing import claims, save_under_lease
from shared.sync.engine.removal import lost_sides
from shared.sync.engine.sides import PICTURE
from shared.sync.engine.unreadable import leave_out
from shared.sync.observe import behind, delivered


def bring_picture(ctx: Context, job: Job) -> None:
    """Ends the job only where a connection does not answer."""
    if PICTURE not in job.flow.fields or lost_sides(job):
        return
    for target, object_map in job.flow.maps.items():
        if target not in job.link.sides or PICTURE not in object_map.writable:
            continue
        lacking = behind(job.link, target, frozenset({PICTURE}), ctx.policy(job.event.entity))
        if PICTURE not in lacking:
            continue
        if not lacking[PICTURE]:
            _taken_away(job, target)
        elif job.open:
            _bring(ctx, job, target, str(lacking[PICTURE]))


def _taken_away(job: Job, target: str) -> None:
    """Nothing to send: it never had one, or what was sent stays, as nobody takes pictures back."""
    if job.link.base[PICTURE].rev:
        leave_out(job, target, PICTURE, "", said.taken_away(target))
    _settled(job, target)


def _bring(ctx: Context, job: Job, target: str, name: str) -> None:
    source = next(system for system in job.flow.maps if system != target)
    giver, taker = ctx.systems[source], ctx.systems[target]
    if _interrupted(job, target, name):
        _leave(job, target, name, said.uncertain(name, target, ""), settled=True)
    elif not isinstance(giver, GivesPictures) or not isinstance(taker, TakesPictures):
        unable = target if isinstance(giver, GivesPictures) else source
        _leave(job, target, name, said.unable(name, unable))
    elif not (put_off(ctx, source, job) or put_off(ctx, target, job)):
        if ctx.hurried():
            job.defer(1, "no time left in this run for its picture; sent again")
        else:
            _carry(ctx, job, (source, giver), (target, taker), name)


def _carry(
    ctx: Context, job: Job, giver: tuple[str, GivesPictures], taker: tuple[str, TakesPictures], name: str
) -> None:
    (source, gives), (target, takes) = giver, taker
    entity, ids = job.event.entity, {system: side.id for system, side in job.link.sides.items()}
    calling = source
    try:
        content = gives.picture(ctx.map(entity, source).spec, ids[source])
        calling = target
        _intend(ctx, job, target, name)
        takes.put_picture(ctx.map(entity, target).spec, ids[target], name, content)
    except (RecordRejected, MissingPermission) as fault:
        _leave(job, target, name, said.refused(name, str(fault).rstrip(".")))
    except OutcomeUnknown as fault:
        _leave(job, target, name, said.uncertain(name, target, str(fault)), settled=True)
    except SyncError as fault:
        vendor_fault(ctx, calling, job, fault)
    else:
        ctx.called |= {source, target}
        _settled(job, target)
        job.done.updated.append(target)
        job.done.wrote.setdefault(target, set()).add(PICTURE)


def _intend(ctx: Context, job: Job, target: str, name: str) -> None:
    key = target_key(job.link.link_id, job.link.generation)
    lease = Lease(ctx.owner, ctx.deadline, Intent(target, "update", key, ctx.now(), {PICTURE: name}, {}))
    link = replace(job.link, pending=True, updated_at=ctx.now(), rules_version=ctx.flow.version)
    save_under_lease(ctx, job, link, lease, claims(job), tuple(job.found.moved))


def _interrupted(job: Job, target: str, name: str) -> bool:
    """Whether an earlier try was about to send this very picture, and did not live to say what came of it."""
    before = job.held.unknown
    return before is not None and before.system == target and before.values.get(PICTURE) == name


def _leave(job: Job, target: str, name: str, why: str, *, settled: bool = False) -> None:
    leave_out(job, target, PICTURE, name, why)
    if settled:
        _settled(job, target)


def _settled(job: Job, target: str) -> None:
    side = job.link.sides[target]
    job.set_sides({target: delivered(side, {PICTURE: None}, job.link.base)})

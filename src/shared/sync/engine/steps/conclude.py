"""How a job ends that nothing else has ended: what was done, or not, in words.

Reads `plan` and `done`; fills `result`.
"""

from shared.domain.link import Outcome
from shared.domain.outcomes import gone, missing, pairing, waiting, written
from shared.domain.record import replace
from shared.sync.engine.called import beside, texts_of
from shared.sync.engine.closing import told as told_open
from shared.sync.engine.context import Context
from shared.sync.engine.deletions import gone_outcome
from shared.sync.engine.job import Job
from shared.sync.engine.other_totals import still_apart
from shared.sync.engine.removal import lost_sides, removed
from shared.sync.engine.settled import tell_settlement
from shared.sync.engine.sides import label_of, target_of, target_side
from shared.sync.engine.unreadable import naming, told
from shared.sync.engine.watch import coming_back


def conclude(ctx: Context, job: Job) -> None:
    """An outcome for every job that nothing else has ended."""
    if job.open:
        tell_settlement(ctx, job)
        job.end(told_open(ctx, job, naming(job, _outcome(ctx, job))))


def _outcome(ctx: Context, job: Job) -> Outcome:
    plan, done, once = job.plan, job.done, job.flow.create_once
    if plan.verdict is not None:
        return plan.verdict
    if done.removed:
        return removed(job, done.removed[0])
    if job.link.held:
        return pairing.conflict(job.link.held, done.notes)
    if (lost := lost_sides(job)) and not once and not done.updated:
        return gone_outcome(job, lost)
    if done.created or (once and (done.adopted or _untold(ctx, job))):
        return written.created(_made(ctx, job), [*done.notes, *_left_out(job)])
    if (refusal := plan.refusal or still_apart(ctx, job)) is not None:
        changed = ["; ".join(_changed(ctx, job))] if done.updated else []
        return replace(refusal, notes=(*changed, *done.notes, *_locked(ctx, job), *_emptied(ctx, job)))
    if done.updated or done.adopted:
        left = [*_locked(ctx, job), *_left_out(job), *_emptied(ctx, job)]
        return written.updated(_changed(ctx, job), [*done.notes, *left])
    if plan.locked:
        return written.released(_locked(ctx, job), plan.locked, _state(job), done.notes)
    if plan.awaits:
        name, on = next(iter(plan.awaits.items()))
        return waiting.for_the_rest(name, on, _left_out(job), done.notes)
    if plan.emptied:
        return written.kept(_emptied(ctx, job), [name for name, _ in plan.emptied], done.notes)
    return written.unchanged(done.notes, bool(told(job)))


def _emptied(ctx: Context, job: Job) -> list[str]:
    """Values that vanished on one side and are kept on the other."""
    return [
        written.stays_there(
            name,
            system,
            next(other for other in job.flow.maps if other != system),
            *texts_of(ctx, job.flow, name, [agreed]),
        )
        for (name, system), agreed in job.plan.emptied.items()
    ]


def _left_out(job: Job) -> list[str]:
    """References that the other side cannot have yet."""
    where = {system: next(other for other in job.flow.maps if other != system) for system in job.flow.maps}
    return [waiting.left_out(name, on, where[on[0]]) for name, on in job.plan.awaits.items()]


def _locked(ctx: Context, job: Job) -> list[str]:
    """What a released document shows otherwise than the other side is for a person to settle in the
    ledger."""
    lock = job.flow.lock
    if lock is None:
        return []
    label = label_of(ctx, job, lock.system)
    return [
        written.stays(lock.system, label, _state(job), name, *_apart(ctx, job, name, there, here))
        for name, (here, there) in job.plan.locked.items()
    ]


def _apart(ctx: Context, job: Job, name: str, there: object, here: object) -> tuple[str, str]:
    """Both values in words, so that a person sees what differs."""
    first, second = beside(ctx, job.flow, name, [there, here], "blank")
    return first, second


def _state(job: Job) -> object:
    lock = job.flow.lock
    return job.found.canonical.get(lock.system, {}).get(lock.field) if lock is not None else None


def _untold(ctx: Context, job: Job) -> bool:
    """The target was made by a try that did not live to say so."""
    stored = job.held.stored
    return stored is not None and stored.outcome is None and target_side(ctx, job) is not None


def _made(ctx: Context, job: Job) -> list[str]:
    target = target_of(ctx, job)
    earlier = not job.done.created
    made = written.made(target, job.event.entity, label_of(ctx, job, target), earlier)
    back = [system for system in job.done.updated if system != target]
    if job.flow.create_once:
        return [made, written.number_written(back)] if back else [made]
    return [made, *_brought(job, back)]


def _changed(ctx: Context, job: Job) -> list[str]:
    linked = [written.linked(system, label_of(ctx, job, system)) for system in job.done.adopted]
    brought = _brought(job, sorted(set(job.done.updated)))
    return [*linked, *(brought or [written.AGREED])]


def _brought(job: Job, systems: list[str]) -> list[str]:
    """What each system got. The origin of what was made once gets what was not known then, and else only what
    it lost again."""
    found, lost = [], lost_sides(job)
    for system in systems:
        fields = job.done.wrote.get(system, set())
        if job.flow.create_once:
            fields = fields & coming_back(job.flow, next(other for other in job.flow.maps if other != system))
        retired, back = system in job.done.retired, system in job.done.back
        if fields or not (retired or back):
            found.append(written.brought(system, fields))
        if retired:
            found.append(gone.put_out_of_use(system, lost))
        if back:
            found.append(missing.in_use_again(system, [name for name in job.link.sides if name != system]))
    return found

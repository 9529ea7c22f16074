"""How a job ends that nothing else has ended: what was done, or not, in words.

Reads `plan` and `done`; fills `result`.
"""

from shared.domain.link import Outcome
from shared.domain.record import replace
from shared.domain.titles import title
from shared.sync.engine.context import Context
from shared.sync.engine.deletions import gone_outcome, lost_sides
from shared.sync.engine.job import Job
from shared.sync.engine.sides import label_of, target_of, target_side


def conclude(ctx: Context, job: Job) -> None:
    """An outcome for every job that nothing else has ended."""
    if not job.open:
        return
    if job.plan.verdict is not None:
        job.end(job.plan.verdict)
    elif job.link.held:
        job.end(
            Outcome(
                "held",
                _conflicts(job),
                rule="conflict",
                field=", ".join(job.link.held),
                notes=tuple(job.done.notes),
            )
        )
    elif (lost := lost_sides(job)) and not job.flow.create_once and not job.done.updated:
        job.end(gone_outcome(job, lost))
    elif job.done.created or (job.flow.create_once and (job.done.adopted or _untold(ctx, job))):
        job.end(Outcome("created", _made(ctx, job), notes=(*job.done.notes, *_not_there(job))))
    elif job.plan.refusal:
        done = (_changed(ctx, job),) if job.done.updated else ()
        job.end(replace(job.plan.refusal, notes=(*done, *job.done.notes, *_locked(ctx, job))))
    elif job.done.updated or job.done.adopted:
        job.end(
            Outcome(
                "updated", _changed(ctx, job), notes=(*job.done.notes, *_locked(ctx, job), *_not_there(job))
            )
        )
    elif job.plan.locked:
        job.end(_released(ctx, job))
    elif job.plan.awaits:
        job.end(_waiting(job))
    else:
        job.end(Outcome("unchanged", "both sides agree", notes=tuple(job.done.notes)))


def _waiting(job: Job) -> Outcome:
    """Nothing else is left to do than what has to wait."""
    name, on = next(iter(job.plan.awaits.items()))
    return Outcome(
        "waiting",
        "; ".join(_not_there(job)),
        rule="reference",
        field=name,
        value=on[2],
        waits_for=on,
        notes=tuple(job.done.notes),
    )


def _not_there(job: Job) -> list[str]:
    """References that the other side cannot have yet."""
    where = {
        system: title(next(other for other in job.flow.maps if other != system)) for system in job.flow.maps
    }
    return [
        f"its {name} ({title(system)} {record_id}) is not in {where[system]} yet; it goes over by itself "
        "once that is"
        for name, (system, _, record_id) in job.plan.awaits.items()
    ]


def _released(ctx: Context, job: Job) -> Outcome:
    """What a released document shows otherwise than the other side is for a person to settle in the
    ledger."""
    assert job.flow.lock is not None
    return Outcome(
        "skipped",
        "; ".join(_locked(ctx, job)),
        rule="released",
        field=", ".join(job.plan.locked),
        value=str(job.found.views.get(job.flow.lock.system, {}).get(job.flow.lock.field) or ""),
        notes=tuple(job.done.notes),
    )


def _locked(ctx: Context, job: Job) -> list[str]:
    lock = job.flow.lock
    if lock is None or not job.plan.locked:
        return []
    state = job.found.views.get(lock.system, {}).get(lock.field)
    what = (
        f"{title(lock.system)} {label_of(ctx, job, lock.system)} is {state or 'not open'} and is not "
        "changed any more"
    )
    return [
        f"{what}: {name} stays {_short(shown)} there, {_short(wanted)} here"
        for name, (wanted, shown) in job.plan.locked.items()
    ]


def _short(value: object) -> str:
    if value is None:
        return "blank"
    return f"as it is ({len(value)} lines)" if isinstance(value, list) else f"“{str(value)[:60]}”"


def _untold(ctx: Context, job: Job) -> bool:
    """The target was made by a try that did not live to say so."""
    return (
        job.held.stored is not None and job.held.stored.outcome is None and target_side(ctx, job) is not None
    )


def _made(ctx: Context, job: Job) -> str:
    target = target_of(ctx, job)
    what = job.event.entity.replace("_", " ")
    start = f"{title(target)} {what} {label_of(ctx, job, target)}"
    made = (
        f"{start} was made by an earlier try and is now linked" if not job.done.created else f"{start} made"
    )
    back = [system for system in job.done.updated if system != target]
    if job.flow.create_once:
        return made + (f"; its number written to {', '.join(map(title, back))}" if back else "")
    return "; ".join([made, *_brought(job, back)])


def _changed(ctx: Context, job: Job) -> str:
    linked = [
        f"linked with {title(system)} {label_of(ctx, job, system)}".strip() for system in job.done.adopted
    ]
    brought = _brought(job, sorted(set(job.done.updated)))
    return "; ".join([*linked, *(brought or ["both sides agree"])])


def _brought(job: Job, systems: list[str]) -> list[str]:
    """What each system got. An order that was made once gets nothing but what it lost again."""
    told = {} if job.flow.create_once else job.done.wrote
    return [
        f"{', '.join(sorted(told.get(system, ()))) or 'missing values'} brought to {title(system)}"
        for system in systems
    ]


def _conflicts(job: Job) -> str:
    return (
        "; ".join(f"{name}: {why}" for name, why in job.link.held.items())
        + ". Make both sides agree, then it goes on"
    )

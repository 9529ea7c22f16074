"""How a job ends: its outcome in words, saved with the link and the log row in one request, the lease let go."""

from typing import Literal

from shared.errors import LinkContended, SyncError
from shared.names import title
from shared.ports import Commit, Gone, Snapshot
from shared.record import replace
from shared.sync.engine.context import Context
from shared.sync.engine.decide import label_of, target_of, target_side
from shared.sync.engine.gone import gone_outcome, lost_sides
from shared.sync.engine.job import Defer, Done, Job
from shared.sync.engine.look import side_of
from shared.sync.engine.row import log_row
from shared.sync.engine.wake import wake
from shared.sync.engine.watch import watched
from shared.sync.engine.write import claims
from shared.sync.link import Lease, Link, LogRow, Outcome, Wait
from shared.sync.seen import seen_values

_WELL = ("created", "updated", "unchanged")


def conclude(ctx: Context, job: Job) -> None:
    """An outcome for every job that nothing else has ended."""
    if not job.open:
        return
    if job.verdict is not None:
        job.end(job.verdict)
    elif job.link.held:
        job.end(Outcome("held", _conflicts(job), rule="conflict", field=", ".join(job.link.held), notes=tuple(job.notes)))
    elif (lost := lost_sides(job)) and not job.flow.create_once and not job.updated:
        job.end(gone_outcome(job, lost))
    elif job.created or (job.flow.create_once and (job.adopted or _untold(ctx, job))):
        job.end(Outcome("created", _made(ctx, job), notes=tuple(job.notes)))
    elif job.refusal:
        done = (_changed(ctx, job),) if job.updated else ()
        job.end(replace(job.refusal, notes=(*done, *job.notes, *_locked(ctx, job))))
    elif job.updated or job.adopted:
        job.end(Outcome("updated", _changed(ctx, job), notes=(*job.notes, *_locked(ctx, job))))
    elif job.locked:
        job.end(_released(ctx, job))
    else:
        job.end(Outcome("unchanged", "both sides agree", notes=tuple(job.notes)))


def _released(ctx: Context, job: Job) -> Outcome:
    """What a released document shows otherwise than the other side is for a person to settle in the ledger."""
    assert job.flow.lock is not None
    return Outcome("skipped", "; ".join(_locked(ctx, job)), rule="released", field=", ".join(job.locked),
                   value=str(job.views.get(job.flow.lock.system, {}).get(job.flow.lock.field) or ""), notes=tuple(job.notes))


def _locked(ctx: Context, job: Job) -> list[str]:
    lock = job.flow.lock
    if lock is None or not job.locked:
        return []
    state = job.views.get(lock.system, {}).get(lock.field)
    what = f"{title(lock.system)} {label_of(ctx, job, lock.system)} is {state or 'not open'} and is not changed any more"
    return [f"{what}: {name} stays {_short(shown)} there, {_short(wanted)} here"
            for name, (wanted, shown) in job.locked.items()]


def _short(value: object) -> str:
    if value is None:
        return "blank"
    return f"as it is ({len(value)} lines)" if isinstance(value, list) else f"“{str(value)[:60]}”"


def wake_waiting(ctx: Context, jobs: list[Job]) -> None:
    """Whoever waited for one of these records goes on, now that it is on both sides; whoever watches one of which there
    is news is looked at again. One look for each kind of record."""
    wanted: dict[tuple[str, str], dict[str, str]] = {}
    referred = {one.entity for flow in ctx.flow.entities.values() for item in flow.maps.values() for one in item.links}
    for job in jobs:
        found = _passed_over(job) if job.event.entity in referred else []
        found += watched(job) if job.flow.match else []
        for system, key in found:
            wanted.setdefault((system, job.event.entity), {})[key] = job.event.run_id
    for (system, entity), keys in wanted.items():
        for key in sorted(keys.keys() & set(ctx.stores.waits.keys(system, entity))):
            wake(ctx.stores, system, entity, [key], keys[key])


def _passed_over(job: Job) -> list[tuple[str, str]]:
    """(system, id) of a record that is on both sides."""
    sides = [(system, job.link.sides.get(system)) for system in job.flow.maps]
    there = [(system, side.id) for system, side in sides if side is not None and side.id and not side.gone]
    return there if isinstance(job.result, Done) and there and len(there) == len(sides) else []


def _untold(ctx: Context, job: Job) -> bool:
    """The target was made by a try that did not live to say so."""
    return job.stored is not None and job.stored.outcome is None and target_side(ctx, job) is not None


def finish(ctx: Context, job: Job) -> LogRow | None:
    """Saves the job. A row that needs no link write is returned, to be appended with others in one request."""
    if isinstance(job.result, Defer):
        _let_go(ctx, job)
        return None
    if not isinstance(job.result, Done):
        return None
    if _joined_meanwhile(ctx, job):
        job.result = Defer(1.0, "it has just been linked with another record", started=False)
        return None
    outcome = job.result.outcome
    _archive(ctx, job)
    row = log_row(ctx, job, outcome)
    link = _final(ctx, job, outcome)
    if not job.holding and (_worthless(job, outcome) or _nothing_new(job, link)):
        return row
    try:
        lease = _ended(ctx, job)
        ctx.stores.links.commit(
            Commit(link, job.saved, ctx.owner, lease, claims=claims(job), drops=tuple(job.moved), log=row), ctx.now())
    except LinkContended as fault:
        job.result = Defer(5.0, str(fault))
        _let_go(ctx, job)
        return None
    job.news = True
    _unblock(ctx, job)
    return None


def _joined_meanwhile(ctx: Context, job: Job) -> bool:
    """Whether a record that comes to nothing by itself became another link's, perhaps in this very batch."""
    if job.stored is not None or job.holding or job.flow.create_once or len(job.link.sides) > 1:
        return False
    owner = ctx.stores.links.find(job.source, job.event.entity, [job.event.record_id]).get(job.event.record_id)
    return owner is not None and owner != job.link.link_id


def _archive(ctx: Context, job: Job) -> None:
    """The record before and after on every side that was written, so that a run can be undone."""
    for system in dict.fromkeys([*job.created, *job.updated]):
        before = job.stored.sides.get(system) if job.stored else None
        after = job.link.sides[system]
        ctx.archive({
            "kind": "record", "at": ctx.now().isoformat(), "run_id": job.event.run_id, "link_id": job.link.link_id,
            "system": system, "entity": job.event.entity, "id": after.id, "created": system in job.created,
            "before": dict(before.seen) if before else _read(job, system), "after": dict(after.seen),
        })


def _read(job: Job, system: str) -> dict[str, object] | None:
    """What was read of a record that had no link yet."""
    reading = job.readings.get(system)
    return dict(reading.values) if isinstance(reading, Snapshot) else None


def _final(ctx: Context, job: Job, outcome: Outcome) -> Link:
    """The link with this outcome, and the source as seen, so that the next poll can drop what has not changed."""
    begun = bool(job.created or job.adopted) or (job.stored is not None and job.stored.pending)
    gone = {system: replace(side, gone=True) for system, side in job.link.sides.items()
            if isinstance(job.readings.get(system), Gone)}  # also where something else ended the job before
    link = replace(job.link, outcome=outcome, pending=bool(job.due) and begun, rules_version=ctx.flow.version,
                   updated_at=ctx.now(), sides={**job.link.sides, **gone})
    reading = job.readings.get(job.source)
    if not isinstance(reading, Snapshot) or job.source not in job.flow.maps:
        return link
    side = side_of(job, job.source)
    if side.observed_at is not None and side.rules_version == ctx.flow.version and side.observed_at >= reading.observed_at:
        return link
    shown = seen_values(ctx.map(job.event.entity, job.source), reading.values)
    side = replace(side, id=reading.id, rules_version=ctx.flow.version, observed_at=reading.observed_at,
                   version=reading.version)
    if link.base and not job.flow.create_once:  # not compared with what was agreed: whatever changed must still be found
        side = replace(side, shown=shown if shown != side.seen else None)
    else:
        side = replace(side, seen=shown, shown=None)
    return replace(link, sides={**link.sides, job.source: side})


def _worthless(job: Job, outcome: Outcome) -> bool:
    """A record that the filter turns away and that was never linked leaves nothing but its log row."""
    return job.stored is None and outcome.rule in ("where", "direction", "deleted", "moved")


def _nothing_new(job: Job, link: Link) -> bool:
    """That all is still well is no news: the link keeps saying what was last done."""
    if job.stored is None or (job.lease is not None and not job.unknown_create()):
        return False
    before, after = job.stored.outcome, link.outcome
    if before is not None and after is not None and after.kind == "unchanged" and before.kind in _WELL:
        link = replace(link, outcome=before)
    return _timeless(link) == _timeless(job.stored)


def _timeless(link: Link) -> Link:
    sides = {system: replace(side, observed_at=None, version=None) for system, side in link.sides.items()}
    return replace(link, version=0, updated_at=None, sides=sides)


def _let_go(ctx: Context, job: Job) -> None:
    """A job put off keeps its intent when the outcome is unknown, and nothing else."""
    if not job.holding:
        return
    lease = _ended(ctx, job)
    try:
        ctx.stores.links.commit(Commit(replace(job.link, updated_at=ctx.now()), job.saved, ctx.owner, lease), ctx.now())
    except SyncError:
        return  # the lease ends by itself, and its intent says the same


def _ended(ctx: Context, job: Job) -> Lease | Literal["release"] | None:
    """What becomes of the lease: nothing may drop the intent of a create whose outcome is unknown."""
    if job.unknown_create():
        return Lease(ctx.owner, ctx.now(), job.unknown) if job.holding else None
    return "release" if job.holding or job.lease else None


def _unblock(ctx: Context, job: Job) -> None:
    """A record that no longer waits takes its wait row with it."""
    before = job.stored.outcome.waits_for if job.stored and job.stored.outcome else None
    now = job.result.outcome.waits_for if isinstance(job.result, Done) else None
    if before is not None and before != now:
        ctx.stores.waits.remove([Wait(*before, job.event)])


def _made(ctx: Context, job: Job) -> str:
    target = target_of(ctx, job)
    what = job.event.entity.replace("_", " ")
    start = f"{title(target)} {what} {label_of(ctx, job, target)}"
    made = f"{start} was made by an earlier try and is now linked" if not job.created else f"{start} made"
    back = [system for system in job.updated if system != target]
    if job.flow.create_once:
        return made + (f"; its number written to {', '.join(map(title, back))}" if back else "")
    return "; ".join([made, *_brought(job, back)])


def _changed(ctx: Context, job: Job) -> str:
    linked = [f"linked with {title(system)} {label_of(ctx, job, system)}".strip() for system in job.adopted]
    brought = _brought(job, sorted(set(job.updated)))
    return "; ".join([*linked, *(brought or ["both sides agree"])])


def _brought(job: Job, systems: list[str]) -> list[str]:
    """What each system got. An order that was made once gets nothing but what it lost again."""
    told = {} if job.flow.create_once else job.wrote
    return [f"{', '.join(sorted(told.get(system, ()))) or 'missing values'} brought to {title(system)}" for system in systems]


def _conflicts(job: Job) -> str:
    return "; ".join(f"{name}: {why}" for name, why in job.link.held.items()) + ". Make both sides agree, then it goes on"

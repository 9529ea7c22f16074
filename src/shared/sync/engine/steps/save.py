"""How a job ends: its outcome and its row of the log are saved with the link in one request, the lease let
go, who waited woken.

Reads all four parts; fills nothing but `news` of `done`.
"""

from typing import Literal

from shared.domain.link import Lease, Link, LogRow, Outcome, Wait
from shared.domain.record import replace
from shared.domain.rules import Rule
from shared.errors import LinkContended, SyncError
from shared.ports import Commit, Gone, Snapshot
from shared.sync.engine.archived import archive_changes, archive_readings
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.leasing import claims, left
from shared.sync.engine.log_rows import log_row, losses, with_row
from shared.sync.engine.result import Deferred, Ended
from shared.sync.engine.sides import side_of
from shared.sync.engine.waits import wake, watched
from shared.sync.seen import seen_values
from shared.sync.version import known

_WELL = ("created", "updated", "unchanged")
_ROWLESS = (Rule.ELSEWHERE, Rule.NO_ORDER)
"""Thousands of records may have numbers that we did not give: none of them is a row."""
_LISTS = ("poll", "reconcile", "manual")
_TRACELESS = (Rule.WHERE, Rule.DIRECTION, Rule.DELETED, Rule.MOVED, *_ROWLESS)


def wake_waiting(ctx: Context, jobs: list[Job]) -> None:
    """Whoever waited for one of these records goes on, now that it is on both sides; whoever watches one of
    which there is news is looked at again. One look for each kind of record."""
    wanted: dict[tuple[str, str], dict[str, str]] = {}
    referred = {
        one.entity for flow in ctx.flow.entities.values() for item in flow.maps.values() for one in item.links
    }
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
    return there if isinstance(job.result, Ended) and there and len(there) == len(sides) else []


def save(ctx: Context, job: Job) -> LogRow | None:
    """Saves the job, with its row of the log where the link is saved; the row is returned, to be appended
    with others in one request before the messages are done."""
    if isinstance(job.result, Deferred):
        _let_go(ctx, job)
        return None
    if not isinstance(job.result, Ended):
        return None
    if _joined_meanwhile(ctx, job):
        job.result = Deferred(1.0, "it has just been linked with another record", started=False)
        return None
    if job.done.quiet and not job.held.leased and job.held.lease is None:
        return None
    outcome = _answered(job, job.result.outcome)
    archive_changes(ctx, job)
    row = log_row(ctx, job, outcome)
    link = _final(ctx, job, outcome)
    if not job.held.leased and (_worthless(job, outcome) or _nothing_new(job, link)):
        return None if _worthless(job, outcome) and outcome.rule in _ROWLESS else row
    archive_readings(ctx, job)
    try:
        lease = _ended(ctx, job)
        link, named = with_row(link, row, job)
        drops = tuple(job.found.moved)
        commit = Commit(
            link, job.held.saved, ctx.owner, lease, claims=claims(job), drops=drops, left=left(job, link)
        )
        ctx.stores.links.commit(commit, ctx.now())
    except LinkContended as fault:
        job.result = Deferred(5.0, str(fault))
        _let_go(ctx, job)
        return None
    job.done.news = True
    _unblock(ctx, job)
    return named


def _answered(job: Job, outcome: Outcome) -> Outcome:
    """With a sentence for what a person said, also where nothing came to it: it is not kept for later."""
    if not job.held.answers:
        return outcome
    from shared.sync.engine.accept import not_heard

    notes = (*job.held.told, *not_heard(job))
    return replace(outcome, notes=(*outcome.notes, *notes)) if notes else outcome


def _joined_meanwhile(ctx: Context, job: Job) -> bool:
    """Whether a record that comes to nothing by itself became another link's, perhaps in this very batch."""
    if job.held.stored is not None or job.held.leased or job.flow.create_once or len(job.link.sides) > 1:
        return False
    owner = ctx.stores.links.find(job.source, job.event.entity, [job.event.record_id]).get(
        job.event.record_id
    )
    return owner is not None and owner != job.link.link_id


def _final(ctx: Context, job: Job, outcome: Outcome) -> Link:
    """The link with this outcome, and the source as seen, so that the next poll can drop what has not
    changed."""
    begun = bool(job.done.created or job.done.adopted) or (
        job.held.stored is not None and job.held.stored.pending
    )
    gone = {
        system: replace(side, gone=True)
        for system, side in job.link.sides.items()
        if isinstance(job.found.readings.get(system), Gone)
    }  # also where something else ended the job before
    link = replace(
        job.link,
        outcome=outcome,
        pending=bool(job.plan.due) and begun,
        rules_version=ctx.flow.version,
        updated_at=ctx.now(),
        sides={**job.link.sides, **gone},
    )
    reading = job.found.readings.get(job.source) or _listed(job)
    if not isinstance(reading, Snapshot) or job.source not in job.flow.maps:
        return link
    side = side_of(job, job.source)
    if (
        side.observed_at is not None
        and side.rules_version == ctx.flow.version
        and side.observed_at >= reading.observed_at
    ):
        return link
    now = seen_values(ctx.map(job.event.entity, job.source), reading.values)
    side = replace(
        side,
        id=reading.id,
        rules_version=ctx.flow.version,
        observed_at=reading.observed_at,
        version=reading.version,
    )
    if (
        link.base and not job.flow.create_once
    ):  # not compared with what was agreed: whatever changed must still be found
        side = replace(side, shown=now if now != side.seen else None)
    else:
        side = replace(side, seen=now, shown=None)
    return replace(link, sides={**link.sides, job.source: side})


def _listed(job: Job) -> Snapshot | None:
    """What a poll saw of a record that was not read: the next poll need not bring it again."""
    event = job.event
    if event.snapshot is None or event.observed_at is None:
        return None
    return Snapshot(event.record_id, dict(event.snapshot), event.observed_at, event.snapshot_version)


def _worthless(job: Job, outcome: Outcome) -> bool:
    """A record that the filter turns away and that was never linked leaves nothing but its log row."""
    return job.held.stored is None and outcome.rule in _TRACELESS


def _nothing_new(job: Job, link: Link) -> bool:
    """That all is still well is no news: the link keeps saying what was last done."""
    if job.held.stored is None or (job.held.lease is not None and not job.unknown_create()):
        return False
    before, after = job.held.stored.outcome, link.outcome
    if before is not None and after is not None and after.kind == "unchanged" and before.kind in _WELL:
        link = replace(link, outcome=before)
    return _timeless(link) == _timeless(job.held.stored) and not _known_now(job, link)


def _known_now(job: Job, link: Link) -> bool:
    """Whether a list that names records without their values has shown a version that is known from now on.
    Unless that is kept, the list shows the record again, and each sweep reads it again."""
    if job.held.stored is None or job.event.snapshot is not None or job.event.cause not in _LISTS:
        return False
    now, before = link.sides.get(job.source), job.held.stored.sides.get(job.source)
    return now is not None and known(now, now.version) and not known(before, now.version)


def _timeless(link: Link) -> Link:
    sides = {system: replace(side, observed_at=None, version=None) for system, side in link.sides.items()}
    return replace(link, version=0, updated_at=None, sides=sides)


def _let_go(ctx: Context, job: Job) -> None:
    """A job put off keeps its intent when the outcome is unknown, and nothing else."""
    if not job.held.leased:
        return
    lease = _ended(ctx, job)
    kept = _as_kept(job)
    link, row = with_row(replace(kept, updated_at=ctx.now()), losses(ctx, job), job)
    try:
        ctx.stores.links.commit(
            Commit(link, job.held.saved, ctx.owner, lease, left=left(job, link)), ctx.now()
        )
        if row is not None:
            ctx.stores.log.append([row])
    except SyncError:
        return  # the lease ends by itself, and its intent says the same


def _as_kept(job: Job) -> Link:
    """As it is now, but for a record that takes a place whose claim was not saved: then as it was."""
    kept = job.held.kept or job.held.stored
    if kept is None or {system: side.id for system, side in kept.sides.items()} == {
        system: side.id for system, side in job.link.sides.items()
    }:
        return job.link
    job.done.changes = []
    return kept


def _ended(ctx: Context, job: Job) -> Lease | Literal["release"] | None:
    """What becomes of the lease: nothing may drop the intent of a create whose outcome is unknown."""
    if job.unknown_create():
        return Lease(ctx.owner, ctx.now(), job.held.unknown) if job.held.leased else None
    return "release" if job.held.leased or job.held.lease else None


def _unblock(ctx: Context, job: Job) -> None:
    """A record that no longer waits takes its wait row with it."""
    before = job.held.before.waits_for if job.held.before else None
    now = job.result.outcome.waits_for if isinstance(job.result, Ended) else None
    if before is not None and before != now:
        ctx.stores.waits.remove([Wait(*before, job.event)])

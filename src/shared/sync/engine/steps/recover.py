"""Looks before it creates: after an unknown outcome, or while the integration is recovering.

A miss proves nothing until `settle` seconds after the lease ended (or the recovery began): a slow vendor may
still be committing. A system with neither a searchable key nor idempotent creates gets a person, never a
second create. Fills `looked` and `unknown` of `held`, and `adopted` of `done`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from shared.domain.keys import OUR_KEY, target_key
from shared.domain.link import Side
from shared.domain.outcomes import lost_answers
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.ports import Gone, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.numbering import is_ours, made_earlier
from shared.sync.engine.owners import is_linked_elsewhere
from shared.sync.engine.sides import due_sides, target_of
from shared.sync.engine.steps.create import adopt

ORIGIN_PAUSE = 900.0
_PATIENCE = 4
"""How often it is looked again before a person is asked."""


def recover_unknown(ctx: Context, jobs: list[Job]) -> None:
    """First of all: a record whose create may have happened is looked up before anything else is decided
    about it."""
    doubtful = [job for job in jobs if job.open and job.unknown_create()]
    for job in doubtful:
        job.plan.due = due_sides(ctx, job, [target_of(ctx, job)])
    _look_up(ctx, doubtful)
    for job in doubtful:
        if job.done.adopted:
            job.held.stored = job.link  # saved already: what a second look starts from


def recover_lost(ctx: Context, jobs: list[Job]) -> None:
    """While the integration is recovering, links may have been lost: every create looks first. So does one
    whose record was found with another link."""
    if ctx.state.recovering_since is not None:
        for job in jobs:
            if job.open and _orphan(ctx, job) != "no":
                job.defer(
                    ORIGIN_PAUSE,
                    "it was made from a record of the other side, which is linked with it again once that "
                    "comes by",
                )
        _look_up(ctx, [job for job in jobs if job.open and not job.held.looked])
    taken = [job for job in jobs if job.open and not job.held.looked and _held_as_taken(job)]
    for job in taken:
        target = target_of(ctx, job)
        if (
            ctx.map(job.event.entity, target).spec.key_path is None
        ):  # the vendor would only name the same record once more
            is_linked_elsewhere(ctx, job, target, _held_as_taken(job))
    for target, entity in {(target_of(ctx, job), job.event.entity) for job in taken if job.open}:
        _find(
            ctx,
            target,
            entity,
            [
                job
                for job in taken
                if job.open and (target_of(ctx, job), job.event.entity) == (target, entity)
            ],
        )


def _held_as_taken(job: Job) -> str:
    """The record for which it is held, or ""."""
    before = job.held.before
    return before.value if before is not None and before.rule == Rule.TAKEN else ""


def hold_orphan(ctx: Context, job: Job) -> None:
    """Right before a create, when nothing matched: what we made ourselves once is never made again from its
    copy."""
    orphan = _orphan(ctx, job) if job.open else "no"
    if orphan == "being made":
        job.defer(
            ORIGIN_PAUSE,
            "it was just made from a record of the other side, which is linked with it once that comes by",
        )
    elif orphan == "lost":
        job.end(lost_answers.origin_lost(target_of(ctx, job)))


def _orphan(ctx: Context, job: Job) -> Literal["no", "being made", "lost"]:
    """A record that carries our key was made from one of the other side, which finds it by the key, whatever
    people changed since. Made anew from here, it would stand there twice."""
    key_path, reading = (
        ctx.map(job.event.entity, job.source).spec.key_path,
        job.found.readings.get(job.source),
    )
    if key_path is None or not isinstance(reading, Snapshot):
        return "no"
    found = OUR_KEY.fullmatch(str(reading.values.get(key_path) or ""))
    if found is None or found[1] == job.link.link_id:
        return "no"
    link = ctx.stores.links.load([found[1]])[found[1]].link
    if link is not None and job.source in link.sides:
        return "no" if _lives(ctx, job, link.sides[job.source]) else "lost"
    if link is None:
        return "lost"
    return "being made" if link.outcome is None or link.outcome.kind in ("parked", "failed") else "lost"


def _lives(ctx: Context, job: Job, side: Side) -> bool:
    """Whether somebody else has that place: then the key was copied together with the rest of a record. Ends
    the job where nobody answers."""
    if side.gone:
        return False
    with calling(ctx, job.source, [job]) as ready:
        if ready:
            spec = ctx.map(job.event.entity, job.source).spec
            return not isinstance(ctx.systems[job.source].read(spec, [side.id])[side.id], Gone)
    return True


def _look_up(ctx: Context, jobs: list[Job]) -> None:
    by_target: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        with calling(ctx, target_of(ctx, job), [job]):
            _settle(ctx, job)
        if job.open:
            by_target.setdefault((target_of(ctx, job), job.event.entity), []).append(job)
    for (target, entity), group in by_target.items():
        _find(ctx, target, entity, group)


def _settle(ctx: Context, job: Job) -> None:
    target = target_of(ctx, job)
    system = ctx.systems[target]
    able = system.capabilities
    if not (able.key_search or able.idempotent_create or able.traces) or _too_late(ctx, job, target):
        job.end(lost_answers.not_searchable(target))
        return
    ready = _ready_at(ctx, job, system.settle_seconds)
    if ready > ctx.now():
        job.defer(
            (ready - ctx.now()).total_seconds() + 1,
            (
                f"an earlier try may have reached {title(target)}: looking for it once {title(target)} has "
                "surely finished"
            ),
        )


def _too_late(ctx: Context, job: Job, target: str) -> bool:
    """Whether a vendor that knows its creates by a key has forgotten this one."""
    able = ctx.systems[target].capabilities
    if not able.idempotent_create or able.key_search or able.traces or job.held.unknown is None:
        return False
    return (ctx.now() - job.held.unknown.started_at).total_seconds() > able.idempotent_seconds


def _ready_at(ctx: Context, job: Job, settle: float) -> datetime:
    since: Iterable[datetime] = [
        at
        for at in (
            job.held.lease.until if job.held.lease and job.unknown_create() else None,
            ctx.state.recovering_since,
        )
        if at is not None
    ]
    return max(since) + timedelta(seconds=settle)


def _find(ctx: Context, target: str, entity: str, jobs: list[Job]) -> None:
    spec = ctx.map(entity, target).spec
    if spec.key_path is None:
        for job in jobs:
            if not _numbered(ctx, target, job):
                _trace(ctx, target, job)
        return
    keys = {target_key(job.link.link_id, job.link.generation): job for job in jobs}
    with calling(ctx, target, jobs) as ready:
        hits = ctx.systems[target].find(spec, spec.key_path, sorted(keys)) if ready else {}
        for key, found in hits.items():
            keys[key].held.looked = True
            _settled(ctx, target, keys[key], found)


def _numbered(ctx: Context, target: str, job: Job) -> bool:
    """Whether the record is known by the code that it was given; then it is looked for under that."""
    found: Sequence[Snapshot] | None = None
    with calling(ctx, target, [job]) as ready:
        found = made_earlier(ctx, job, target) if ready else None
        if found is None:
            return not ready
        job.held.looked = True
        if found and not is_ours(ctx, job, target, found[0]):
            job.end(lost_answers.perhaps_changed(target, [one.id for one in found]))
        else:
            _settled(ctx, target, job, list(found))
    return True


def _trace(ctx: Context, target: str, job: Job) -> None:
    """Where our key cannot be kept: the record is known by its values, and by having been made by us
    since."""
    intent = job.held.unknown
    if intent is None or not ctx.systems[target].capabilities.traces:
        return
    with calling(ctx, target, [job]) as ready:
        if ready:
            spec = ctx.map(job.event.entity, target).spec
            found = ctx.systems[target].trace(spec, dict(intent.values), intent.started_at)
            ids = [one.id for one in (*found.made, *found.others)]
            joined = _joined(ctx, target, job, ids)
            made = [one for one in found.made if one.id not in joined]
            if others := [] if made else [one.id for one in found.others if one.id not in joined]:
                _doubtful(ctx, target, job, others)
            _settled(ctx, target, job, made)
            job.held.looked = True
            job.held.unknown = job.held.unknown if job.done.adopted or not job.open else None


def _joined(ctx: Context, target: str, job: Job, ids: list[str]) -> set[str]:
    """Those that are joined with a record of the other side."""
    owners = ctx.stores.links.find(target, job.event.entity, ids) if ids else {}
    links = ctx.stores.links.load(sorted(set(owners.values()))) if owners else {}
    return {
        one
        for one, owner in owners.items()
        if (link := links[owner].link) is not None
        and any(side.id and system != target for system, side in link.sides.items())
    }


def _doubtful(ctx: Context, target: str, job: Job, others: list[str]) -> None:
    """Records of ours that nobody knows yet: another record's that is being made, or this one's, changed by
    somebody since."""
    if job.event.attempt < _PATIENCE and not lost_answers.is_unknown(job.held.before):
        why = (
            f"an earlier try may have reached {title(target)}, where other records were just made: "
            "looking again"
        )
        job.defer(ctx.systems[target].settle_seconds, why)
    job.end(lost_answers.perhaps_changed(target, others))


def _settled(ctx: Context, target: str, job: Job, found: list[Snapshot]) -> None:
    if len(found) > 1:
        job.end(lost_answers.doubled(target, [one.id for one in found]))
    elif found and not is_linked_elsewhere(ctx, job, target, found[0].id):
        adopt(ctx, job, target, found[0])

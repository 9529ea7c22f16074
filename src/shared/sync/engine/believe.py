"""Every deletion passes here, however it was learned: a list that names what was deleted, the sweep, a hook,
or a record that is not found while another is worked on.

A few are believed; of many a person is asked, and until then none of them happened: the reading is taken out
of the job, and a side that was taken for gone a short while before is there again. Each worker notes what it
misses first and counts then, so the one that crosses the line sees it, whoever else is at work.

It asks nothing of a record that is there, unless the list has a question open.
"""

from collections.abc import Iterable, Mapping

from shared.domain.link import ChangeEvent
from shared.domain.record import replace
from shared.ports import Gone, Missing, Reading, Snapshot
from shared.sync.bulk import FEW, WINDOW, called, counted_before, is_bulk, recent
from shared.sync.engine.ask import tell
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job

EXACT = 200
"""A list of more links than these is not looked through for what is gone already."""
LATER = 300
"""Seconds after which no worker can still be busy with what it believed before the question was asked."""

Found = dict[str, tuple[Job, Missing]]


def believe(ctx: Context, jobs: list[Job]) -> None:
    """Leaves a `Gone` only in jobs whose deletion is believed; fills `doubted` of the others."""
    missed: dict[tuple[str, str], Found] = {}
    shown: dict[tuple[str, str], set[str]] = {}
    for job in jobs:
        for system, reading in {**_left_unread(ctx, job), **job.found.readings}.items():
            key = (system, job.event.entity)
            if isinstance(reading, Gone) and _matters(ctx, job, system, reading.id):
                missed.setdefault(key, {})[reading.id] = (job, _missing(ctx, job, system))
            elif isinstance(reading, Snapshot) and (_flagged(ctx, *key) or _was_gone(job, system)):
                shown.setdefault(key, set()).add(reading.id)
    for (system, entity), found in missed.items():
        before = frozenset(one for one, (job, _) in found.items() if _was_gone(job, system))
        doubted = doubt(ctx, system, entity, [one for _, one in found.values()], _run(found), before)
        for record_id in doubted:
            _take_out(found[record_id][0], system)
    for (system, entity), ids in shown.items():
        there = [one.id for one in ctx.stores.missing.listed(system, entity) if one.id in ids]
        if there:
            ctx.stores.missing.drop(system, entity, there)


def doubt(
    ctx: Context,
    system: str,
    entity: str,
    missed: list[Missing],
    run_id: str,
    before: frozenset[str] = frozenset(),
) -> list[str]:
    """The ids of those that are not believed to be deleted; `before`: those whose link has them as gone
    already. A few requests, only where something is missing."""
    unknown = [one for one in missed if (system, entity, one.id) not in ctx.judged]
    if unknown:
        new = [one for one in unknown if one.id not in before]
        ctx.stores.missing.note(system, entity, new)
        rows = {one.id: one for one in new}
        rows |= {one.id: one for one in ctx.stores.missing.listed(system, entity)}
        _note_anew(ctx, system, entity, rows, new)
        _judge(ctx, system, entity, rows, [one.id for one in unknown], run_id)
    return [one.id for one in missed if ctx.judged[(system, entity, one.id)] in ("asked", "kept")]


def is_gone(ctx: Context, job: Job, system: str, record_id: str) -> bool:
    """Whether the answer that this other record no longer exists is believed."""
    entity, missed = job.event.entity, Missing(record_id, ctx.now())
    return not doubt(ctx, system, entity, [missed], job.event.run_id)


def _note_anew(ctx: Context, system: str, entity: str, rows: dict[str, Missing], new: list[Missing]) -> None:
    """A record that came back and is missing once more is missing since now."""
    for one in new:
        row = rows[one.id]
        if row.verdict in ("listed", "believed") and row.at <= ctx.now() - WINDOW:
            ctx.stores.missing.settle(system, entity, [row], one)
            rows[one.id] = one


def _judge(
    ctx: Context,
    system: str,
    entity: str,
    rows: Mapping[str, Missing],
    ids: list[str],
    run_id: str,
) -> None:
    asking = any(one.verdict == "asked" for one in rows.values())
    few = recent(rows.values(), ctx.now())
    fresh = {one.id for one in few}
    of = counted_before(rows.values(), ctx.now())
    if not asking and len(few) >= FEW and fresh & {*ids}:
        of = of or _length(ctx, system, entity, fresh)
        asking = is_bulk(len(few), of)
        if not asking:  # counted once, not with each deletion of the day
            ctx.stores.missing.settle(system, entity, few[:1], replace(few[0], of=of))
    if not asking:
        heard = [one for one in few if one.verdict == "listed" and one.id in ids]
        ctx.stores.missing.settle(system, entity, heard, Missing("", ctx.now(), of=of))
    if asking and few:
        _ask(ctx, system, entity, rows, few, ids, of, run_id)
        rows = {**rows, **{one.id: replace(one, verdict="asked") for one in few}}
    elif asking and not _flagged(ctx, system, entity):
        ctx.stores.missing.flag(system, entity)
    for record_id in ids:
        row = rows.get(record_id)
        ctx.judged[(system, entity, record_id)] = row.verdict if row else "believed"


def _ask(
    ctx: Context,
    system: str,
    entity: str,
    rows: Mapping[str, Missing],
    few: list[Missing],
    ids: list[str],
    of: int,
    run_id: str,
) -> None:
    """All that are missing are one question. What was believed before it was asked is looked at again, and
    taken back, once nobody can be at work on it any more."""
    store, now = ctx.stores.missing, ctx.now()
    store.settle(system, entity, few, Missing("", now, verdict="asked", of=of))
    store.flag(system, entity)
    before = [one.id for one in few if one.verdict == "believed" and one.id not in ids]
    events = [ChangeEvent(ctx.integration, system, entity, one, "retry", run_id, now) for one in before]
    if events:
        ctx.stores.queue.send(events, LATER)
    tell(ctx, system, entity, run_id, of)


def _length(ctx: Context, system: str, entity: str, fresh: Iterable[str]) -> int:
    """How many records the list had before those that are missing now. Of a long list, those that were
    deleted long ago are counted too: a few in a thousand."""
    count = ctx.stores.links.count(entity)
    if count > EXACT:
        return count
    sides = (link.sides.get(system) for link in ctx.stores.links.all(entity) if len(link.sides) > 1)
    return sum(1 for side in sides if side and side.id and (not side.gone or side.id in fresh))


def _matters(ctx: Context, job: Job, system: str, record_id: str) -> bool:
    """Whether the link loses a side by it, and has another. What was believed before is believed still,
    unless the list has a question open."""
    side = job.link.sides.get(system)
    if (
        side is None
        or side.id != record_id
        or not any(other.id for name, other in job.link.sides.items() if name != system)
    ):
        return False
    return not side.gone or _flagged(ctx, system, job.event.entity)


def _was_gone(job: Job, system: str) -> bool:
    side = job.link.sides.get(system)
    return side is not None and side.gone


def _left_unread(ctx: Context, job: Job) -> dict[str, Reading]:
    """Sides taken for gone, which are read no more: what was made of them may have changed."""
    return {
        system: Gone(side.id, ctx.now())
        for system, side in job.link.sides.items()
        if job.open and side.gone and _flagged(ctx, system, job.event.entity)
    }


def _flagged(ctx: Context, system: str, entity: str) -> bool:
    return f"{entity}.{system}" in ctx.state.missing


def _missing(ctx: Context, job: Job, system: str) -> Missing:
    return Missing(job.link.sides[system].id, ctx.now(), called(job.link, system))


def _run(found: Found) -> str:
    return next(iter(found.values()))[0].event.run_id


def _take_out(job: Job, system: str) -> None:
    """The job goes on as if that side had not been asked."""
    job.found.readings.pop(system, None)
    job.found.doubted.append(system)
    side = job.link.sides[system]
    if side.gone:
        job.set_sides({system: replace(side, gone=False, gone_at=None)})
        job.set_tombstone(None)
        job.found.regained.append(system)

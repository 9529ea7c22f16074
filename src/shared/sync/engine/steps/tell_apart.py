"""Looks for a company or a person on the other side over both whole lists, right before it would be created.

The single best candidate is adopted. What nobody can tell is held with both records side by side. Two records
with a contradicting strong key are never one, unless a person says so.
"""

from collections.abc import Mapping, Sequence

from shared.domain.link import Link
from shared.domain.outcomes import look_alikes
from shared.domain.outcomes.look_alikes import Seen
from shared.ports import Gone, Moved, Snapshot
from shared.sync.engine.compose import whole
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.sides import target_of
from shared.sync.engine.steps.match import hold, take
from shared.sync.engine.who import Who, customer_of, directory, who_of
from shared.sync.matching.book import Book
from shared.sync.matching.facts import Facts
from shared.sync.matching.ranking import Settled
from shared.sync.matching.verdict import Verdict

Group = tuple[list[Facts], list[Facts]]
_TURNS = 3
_WATCHED = 3
"""Of a large group each looks at a few others only: all would wake each other. The daily sweep asks them
all."""


def tell_apart(ctx: Context, job: Job) -> None:
    """After this an open job either has its target side in `link.sides` or may create."""
    target = target_of(ctx, job)
    if not job.open or target in job.link.sides:
        return
    with calling(ctx, target, [job]) as ready, calling(ctx, job.source, ready) as both:
        if both:
            _look(ctx, job, target)


def _look(ctx: Context, job: Job, target: str) -> None:
    who, whole = who_of(ctx, job.event.entity), False
    if not who.ready(records_only=True):
        job.defer(1, "the lists of both systems are being read; continued", started=False)
        return
    _note_own(ctx, job)
    for turn in range(_TURNS + 1):
        book, side = _book(ctx, job, who), who.side(job.source)
        if job.event.record_id not in book.sides[side]:
            return
        group = book.group(side, job.event.record_id, who.decided())
        if turn == 0 and len(group[side]) > 1 and not group[1 - side]:
            who.ready(now=True)  # its twin may just have been carried over
            continue
        if not group[1 - side]:
            return
        if not whole:  # whose they are is decided by all that is known of them
            whole = who.ready()
            continue
        if _settle(ctx, job, target, who, book, group):
            return


def _note_own(ctx: Context, job: Job) -> None:
    reading = job.found.readings.get(job.source)
    if isinstance(reading, Snapshot):
        directory(ctx, job.event.entity, job.source).put(reading)


def _book(ctx: Context, job: Job, who: Who) -> Book:
    customer = customer_of(ctx, whole(job), ctx.map(job.event.entity, job.source))
    return who.book(customer)


def _settle(ctx: Context, job: Job, target: str, who: Who, book: Book, group: Group) -> bool:
    """False where a candidate turned out to be gone, so that it has to be looked at once more."""
    side, own = who.side(job.source), job.event.record_id
    links, decided = who.links(group), who.decided()
    free = {key for key in _records(group) if not who.has_counterpart(links.get(key), key[0])}
    settled = book.settled(group, decided, free)
    partner = _partner(settled, side, own)
    if partner is not None:
        return _adopt(ctx, job, target, *partner)
    if candidates := settled.held_with(side, own):
        return _hold(ctx, job, target, who, book, candidates)
    taken = book.twice(group, decided, free, side, own)
    if taken is not None:
        _twice(ctx, job, target, who, book, links, taken)
    return True


def _records(group: Group) -> list[tuple[int, str]]:
    return [(side, one.id) for side, records in enumerate(group) for one in records]


def _partner(settled: Settled, side: int, own: str) -> tuple[str, Verdict] | None:
    if side == 0:
        return settled.pairs.get(own)
    return next(((left, verdict) for left, (one, verdict) in settled.pairs.items() if one == own), None)


def _adopt(ctx: Context, job: Job, target: str, partner: str, verdict: Verdict) -> bool:
    hit = directory(ctx, job.event.entity, target).snapshot(partner)
    if hit is None:
        return False
    take(ctx, job, target, verdict.by or ("name",), hit)
    if job.open:
        told = look_alikes.joined(verdict.by, verdict.against)
        job.done.notes.append(look_alikes.told_to_be_one() if verdict.decided else told)
    return True


def _hold(
    ctx: Context, job: Job, target: str, who: Who, book: Book, candidates: Sequence[tuple[str, Verdict]]
) -> bool:
    listed = directory(ctx, job.event.entity, target)
    ids = [one for one, _ in candidates][:20]
    readings = ctx.systems[target].read(ctx.map(job.event.entity, target).spec, ids)
    if lost := [one for one, reading in readings.items() if isinstance(reading, (Gone, Moved))]:
        for one in lost:
            listed.drop(one)
        return False
    side = who.side(job.source)
    own = _seen(who, book, side, job.event.record_id)
    best = sorted(sorted(candidates, key=lambda one: one[0]), key=lambda one: one[1].rank, reverse=True)
    others = [(_seen(who, book, 1 - side, one), _why(verdict)) for one, verdict in best]
    rivals = [(job.source, one.id) for one in book.group(side, own.id)[side] if one.id != own.id]
    watched = [(target, one) for one, _ in best[:_WATCHED]] + rivals[:_WATCHED]
    hold(ctx, job, look_alikes.nobody_can_tell(own, others, best[0][1].by), watched)
    return True


def _twice(
    ctx: Context,
    job: Job,
    target: str,
    who: Who,
    book: Book,
    links: Mapping[tuple[int, str], Link],
    taken: tuple[str, Verdict],
) -> None:
    """Held as a second copy; or, where the first one is gone by now, put in its place."""
    hit = directory(ctx, job.event.entity, target).snapshot(taken[0])
    if hit is None:
        return
    side = who.side(job.source)
    partner = links[1 - side, taken[0]].sides[job.source].id
    outcome = look_alikes.here_twice(
        _seen(who, book, side, job.event.record_id),
        _seen(who, book, 1 - side, taken[0]),
        partner,
        taken[1].by,
    )
    take(ctx, job, target, taken[1].by or ("name",), hit, outcome)


def _seen(who: Who, book: Book, side: int, record_id: str) -> Seen:
    return Seen(who.systems[side], record_id, book.sides[side][record_id].shown)


def _why(verdict: Verdict) -> str:
    return look_alikes.why_unsure(verdict.by, verdict.against, int(verdict.alone))

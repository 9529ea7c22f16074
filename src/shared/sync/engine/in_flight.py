"""Notes which records are being made on a side right now, where both sides may make records.

Between the vendor's making of a record and the saving of its pointer, the vendor's own list already shows it,
and nothing tells it from a record that a person made. Whoever meets a record without a link waits until no
create is under way there, and then looks for its link once more.
"""

from collections.abc import Mapping
from html import unescape
from typing import Any

from shared.domain.link import MAKING, Link, Wait
from shared.domain.outcomes import lost_answers
from shared.domain.record import replace
from shared.domain.titles import title
from shared.ports import Loaded, Traces
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.owners import link_of
from shared.sync.seen import read_seen

_PAUSE = 30.0


def mark(ctx: Context, job: Job, target: str) -> None:
    """Before the create. One that is repeated may bring back what an earlier try made, as that was sent
    then."""
    if job.flow.direction != "both":
        return
    earlier = (
        [
            sent
            for wait in ctx.stores.waits.waiters(target, job.event.entity, MAKING)
            if wait.event.subject == job.event.subject
            for sent in _sent(wait)
        ]
        if job.held.unknown is not None
        else []
    )
    now = {path: value for path, value in job.plan.payload.items() if not isinstance(value, (list, dict))}
    ctx.stores.waits.add(_note(job, target, [*earlier, now]))


def unmark(ctx: Context, job: Job, target: str) -> None:
    """Once its outcome is known and saved."""
    if job.flow.direction == "both":
        ctx.stores.waits.remove([_note(job, target, [])])


def made_by_us(ctx: Context, job: Job) -> bool:
    """Puts the job off when its record may be one that is just being made, and leaves it to a person when
    nobody can tell any more; asked before anything is made of it."""
    if job.flow.direction != "both" or (job.held.stored is not None and not _held_as_copy(job)):
        return False
    system, entity = job.source, job.event.entity
    waits = [
        wait
        for wait in ctx.stores.waits.waiters(system, entity, MAKING)
        if wait.event.subject != job.event.subject
    ]
    owner = ctx.stores.links.find(system, entity, [job.event.record_id]).get(job.event.record_id)
    if owner is not None and owner != job.link.link_id:
        job.defer(1, "it has just been linked", started=False)
        return True
    for wait in waits:
        loaded = link_of(ctx, *wait.event.subject)
        if _doubtful(loaded):
            _compare(ctx, job, wait, loaded)
        elif _alike(ctx, job, wait) and not _over(wait, loaded.link):
            job.defer(_PAUSE, f"a record is just being made in {title(system)}, and this may be it")
    return not job.open


def under_way(ctx: Context, job: Job, system: str, record_id: str) -> None:
    """A record that is to take another one's place may be what is just being made, where nothing tells whose
    that is: the job is put off until it is known, or left to a person."""
    entity = job.event.entity
    if (
        job.flow.direction != "both"
        or not ctx.systems[system].capabilities.traces
        or ctx.map(entity, system).spec.key_path
    ):
        return
    for wait in ctx.stores.waits.waiters(system, entity, MAKING):
        loaded = link_of(ctx, *wait.event.subject)
        if wait.event.subject == job.event.subject or (_over(wait, loaded.link) and not _doubtful(loaded)):
            continue
        names = (system, record_id, wait.event.system, wait.event.record_id)
        if _doubtful(loaded):
            job.end(lost_answers.successor_held(*names))
        job.defer(_PAUSE, f"{lost_answers.successor(*names)}: looking again once that is known")


def _held_as_copy(job: Job) -> bool:
    """Whether it is held for what may be another record's copy, and has no other side yet."""
    stored = job.held.stored
    return (
        stored is not None
        and lost_answers.is_unknown(stored.outcome)
        and not any(side.id for system, side in stored.sides.items() if system != job.source)
    )


def _compare(ctx: Context, job: Job, wait: Wait, loaded: Loaded) -> None:
    """The record is held that may be what an earlier try made of another one."""
    intent, event = loaded.lease.intent if loaded.lease else None, wait.event
    if intent is None:
        return
    with calling(ctx, job.source, [job]) as ready:
        found = (
            ctx.systems[job.source].trace(
                ctx.map(event.entity, job.source).spec, dict(intent.values), intent.started_at
            )
            if ready
            else Traces()
        )
    if job.event.record_id in {one.id for one in (*found.made, *found.others)}:
        job.end(lost_answers.perhaps_the_copy(event.system, event.record_id))


def _doubtful(loaded: Loaded) -> bool:
    return loaded.link is not None and lost_answers.is_unknown(loaded.link.outcome)


def _over(wait: Wait, link: Link | None) -> bool:
    """Whether the record being made is known by now, though nobody lived to take the note away, or was put
    aside meanwhile: deleted at its origin, or left to a person."""
    if link is None:
        return False
    linked = wait.system in link.sides and bool(link.sides[wait.system].id)
    return linked or (link.outcome is not None and link.outcome.kind in ("skipped", "held"))


def _alike(ctx: Context, job: Job, wait: Wait) -> bool:
    """Whether the record being made and this one show the same in a field that records are known by, or in
    half of all that was sent: somebody may have changed the name since."""
    object_map, values = ctx.map(job.event.entity, job.source), job.found.canonical.get(job.source, {})
    keys = {name for key in job.flow.match for name in key}
    made = [read_seen(object_map, sent, ctx.tables_of(job.source)) for sent in _sent(wait)]
    return any(_resembles(one, values, keys) for one in made)


def _resembles(made: Mapping[str, Any], values: Mapping[str, Any], keys: set[str]) -> bool:
    alike = {
        name: _same(value, values[name])
        for name, value in made.items()
        if value is not None and name in values
    }
    return (
        not alike.keys() & keys
        or any(alike[name] for name in alike.keys() & keys)
        or 2 * sum(alike.values()) >= len(alike)
    )


def _same(made: object, read: object) -> bool:
    one, other = _start(made), _start(read)
    return one.startswith(other) or other.startswith(one)


def _start(value: object) -> str:
    """Enough of a value to tell records apart, and little enough to survive what vendors do to text: they cut
    it, and take it for HTML."""
    return "".join(sign for sign in unescape(str(value)).casefold() if sign.isalnum())[:20]


def _note(job: Job, target: str, sent: list[dict[str, Any]]) -> Wait:
    return Wait(
        target, job.event.entity, MAKING, replace(job.event, snapshot={"sent": sent}, observed_at=None)
    )


def _sent(wait: Wait) -> list[dict[str, Any]]:
    """What was sent, try by try."""
    return list((wait.event.snapshot or {}).get("sent", []))

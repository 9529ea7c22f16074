"""The records that a record refers to: looked up, remembered for a while, and waited for where they do not
exist yet.

A wait is registered first, then looked for once more, so that a customer made in between is not missed.
"""

from datetime import timedelta
from typing import Any

from shared.domain import codec
from shared.domain.link import Outcome, Wait
from shared.domain.outcomes import waiting
from shared.domain.record import replace
from shared.domain.titles import title
from shared.mapping.faults import LinkMissing
from shared.mapping.rules import Reference
from shared.ports import ObjectSpec, Snapshot
from shared.sync.engine.compose import whole
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.item_codes import asks
from shared.sync.engine.job import Job
from shared.sync.engine.references import await_link
from shared.sync.engine.unreadable import read_reference

KEPT = timedelta(minutes=5)
"""How long a customer's facts are trusted without asking again; a miss is never kept."""


def references_of(jobs: list[Job]) -> list[Reference]:
    """Every kind of reference that these jobs may have, each once."""
    found = {
        (one.name, one.system, one.entity): one for job in jobs if job.open for one in job.flow.references
    }
    return list(found.values())


def named(ctx: Context, reference: Reference, jobs: list[Job]) -> None:
    """Whose reference is blank ends as waiting for a person to fill it in."""
    for job in jobs:
        if whole(job).get(reference.field) is None:
            _wait(ctx, job, _unnamed(ctx, job, reference))


def resolve(ctx: Context, reference: Reference, jobs: list[Job]) -> None:
    """Fills this one of `references`; whose record is not there ends as waiting for it."""
    named(ctx, reference, jobs)
    if reference.by is None:
        _resolve_links(ctx, reference, [job for job in jobs if job.open])
        return
    found = _find(ctx, reference, [job for job in jobs if job.open])
    missing = [job for job in jobs if job.open and job.found.references.get(reference.name) is None]
    for job in missing:
        _register(ctx, job, reference)
    if missing:
        found |= _find(ctx, reference, missing)
    for job in missing:
        if job.open and job.found.references.get(reference.name) is None:
            key = key_of(job, reference)
            _wait(ctx, job, waiting.for_name(reference.name, (reference.system, reference.entity, key)))


def _resolve_links(ctx: Context, reference: Reference, jobs: list[Job]) -> None:
    _find(ctx, reference, jobs)
    for job in jobs:
        if job.open and job.found.references.get(reference.name) is None:
            await_link(
                ctx,
                job,
                reference.system,
                LinkMissing(reference.field, reference.field, reference.entity, link=key_of(job, reference)),
            )


def _find(ctx: Context, reference: Reference, jobs: list[Job]) -> set[str]:
    """Whole records only where the ledger chooses the code of an item by a box that its lists do not show."""
    spec = ctx.map(reference.entity, reference.system).spec
    choosing = [job for job in jobs if reference.by is not None and asks(job)]
    plain = [job for job in jobs if job not in choosing]
    found = _find_as(ctx, reference, plain, spec) if plain or not choosing else set()
    return found | (_find_as(ctx, reference, choosing, replace(spec, whole=True)) if choosing else set())


def _find_as(ctx: Context, reference: Reference, jobs: list[Job], spec: ObjectSpec) -> set[str]:
    """Fills `references` from what is remembered, then from one batched call."""
    kind = f"ref#{reference.system}#{reference.entity}" + ("#whole" if spec.whole else "")
    found = _remembered(ctx, reference, jobs, kind)
    unknown = [job for job in jobs if key_of(job, reference) not in found]
    with calling(ctx, reference.system, unknown) as ready:
        asked, now = sorted({key_of(job, reference) for job in ready}), ctx.now()
        for job in ready:
            job.found.facts_at = min(now, job.found.facts_at or now)
        if asked:
            fresh = _ask(ctx, spec, reference, asked)
            ctx.facts |= {(kind, key): (now, values) for key, values in fresh.items()}
            if fresh and not all(_once(job) for job in ready):
                rows = {key: {"values": codec.dumps(values)} for key, values in fresh.items()}
                ctx.stores.cache.put(kind, rows, ctx.now() + KEPT)
            found |= fresh
    for job in jobs:
        if job.open and (values := found.get(key_of(job, reference))) is not None:
            job.found.references[reference.name] = read_reference(ctx, job, reference, values)
    return set(found)


def _once(job: Job) -> bool:
    """Whether a record is made from it that is never changed again: not a mere look at what the poll read."""
    return job.flow.create_once and not job.found.from_snapshot


def _remembered(ctx: Context, reference: Reference, jobs: list[Job], kind: str) -> dict[str, Any]:
    """What is made once is made from nothing that is remembered, but what was asked for since the present
    look began. One that was woken may have been woken by what it refers to."""
    found, asked = {}, set()
    for job in jobs:
        key = key_of(job, reference)
        if _once(job) or job.event.cause == "dependency":
            asked.add(key)
        if _once(job) and (kind, key) in ctx.facts:
            at, found[key] = ctx.facts[kind, key]
            job.found.facts_at = min(at, job.found.facts_at or at)
    keys = sorted({key_of(job, reference) for job in jobs} - asked)
    rows = ctx.stores.cache.get(kind, keys, ctx.now()) if keys else {}
    return found | {key: codec.loads(row["values"]) for key, row in rows.items()}


def _ask(ctx: Context, spec: ObjectSpec, reference: Reference, keys: list[str]) -> dict[str, Any]:
    return _by_link(ctx, spec, keys) if reference.by is None else _by_key(ctx, spec, keys)


def _by_link(ctx: Context, spec: ObjectSpec, links: list[str]) -> dict[str, Any]:
    """The records of these links on the reference's system."""
    ids = {}
    for link, loaded in ctx.stores.links.load(links).items():
        side = loaded.link.sides.get(spec.system) if loaded.link else None
        if side is not None and side.id and not side.gone:
            ids[side.id] = link
    found = ctx.systems[spec.system].read(spec, sorted(ids)) if ids else {}
    return {ids[one]: reading.values for one, reading in found.items() if isinstance(reading, Snapshot)}


def _by_key(ctx: Context, spec: ObjectSpec, keys: list[str]) -> dict[str, Any]:
    hits = ctx.systems[spec.system].find(spec, spec.natural_path or spec.id_path, keys)
    return {key: hits[key][0].values for key in keys if len(hits.get(key, [])) == 1}


def key_of(job: Job, reference: Reference) -> str:
    return str(whole(job)[reference.field])


def _unnamed(ctx: Context, job: Job, reference: Reference) -> Outcome:
    """The reference is blank: what a person has to fill in, on which related record of the source."""
    object_map = ctx.map(job.event.entity, job.source)
    path = object_map.native_paths.get(reference.field, ("",))[0]
    reading = job.found.readings[job.source]
    assert isinstance(reading, Snapshot)
    related = next((one for one in object_map.spec.related if path.startswith(f"{one.name}.")), None)
    owner = str(reading.values.get(related.id_field or "") or "") if related else reading.id
    name = reading.values.get(f"{related.name}.name") if related else None
    where = (
        f"{related.name} “{name or owner}” in {title(job.source)}"
        if related
        else f"the record in {title(job.source)}"
    )
    field = path.rpartition(".")[2]
    on = (job.source, reference.entity if related else job.event.entity, owner)
    return waiting.for_blank(field, where, reference.name, reference.system, on)


def _register(ctx: Context, job: Job, reference: Reference) -> None:
    ctx.stores.waits.add(Wait(reference.system, reference.entity, key_of(job, reference), job.event))


def _wait(ctx: Context, job: Job, outcome: Outcome) -> None:
    assert outcome.waits_for is not None
    ctx.stores.waits.add(Wait(*outcome.waits_for, job.event))
    job.end(outcome)

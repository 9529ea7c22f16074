"""The flow's own rules for a record that is about to be made: requirements, references, prices.

A reference that does not exist yet makes the record wait: the wait is registered first, then looked for once more, so that
a customer made in between is not missed.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from shared.mapping.check import price, refuse
from shared.mapping.faults import FieldUnreadable, RuleRefused
from shared.mapping.model import ObjectMap, Reference, Requirement
from shared.names import title
from shared.ports import Snapshot
from shared.sync import codec
from shared.sync.engine.context import Context
from shared.sync.engine.decide import target_of
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.link import Outcome, Wait

KEPT = timedelta(minutes=5)
"""How long a customer's facts are trusted without asking again; a miss is never kept."""


def require(ctx: Context, jobs: list[Job]) -> None:
    """Leaves open only the jobs whose target record may be made, with `references` and `payload` filled."""
    for job in jobs:
        _refuse(job, [one for one in job.flow.requirements if not _of_reference(job, one)])
    for reference in _references(jobs):
        _resolve(ctx, reference, [job for job in jobs if job.open and reference in job.flow.references])
    for job in jobs:
        _refuse(job, [one for one in job.flow.requirements if _of_reference(job, one)])
        if job.open:
            _priced(ctx, job)


def view_for(ctx: Context, job: Job) -> dict[str, Any]:
    """The agreed values as the target is to get them."""
    return dict(job.due.get(target_of(ctx, job), {}))


def _whole(job: Job) -> dict[str, Any]:
    return {**{name: agreed.value for name, agreed in job.link.base.items()}, **job.views.get(job.source, {})}


def _of_reference(job: Job, requirement: Requirement) -> bool:
    named = {requirement.field.partition(".")[0], str(requirement.value).partition(".")[0]}
    return not named.isdisjoint(one.name for one in job.flow.references)


def _refuse(job: Job, requirements: list[Requirement]) -> None:
    if not job.open:
        return
    try:
        refuse(requirements, _whole(job), job.references)
    except RuleRefused as no:
        job.end(Outcome("skipped", no.message, rule=no.rule, field=no.field, value=str(no.value)))


def _references(jobs: list[Job]) -> list[Reference]:
    found = {(one.name, one.system, one.entity): one for job in jobs if job.open for one in job.flow.references}
    return list(found.values())


def _resolve(ctx: Context, reference: Reference, jobs: list[Job]) -> None:
    for job in jobs:
        if _whole(job).get(reference.field) is None:
            _wait(ctx, job, *_unnamed(ctx, job, reference))
    found = _find(ctx, reference, [job for job in jobs if job.open])
    missing = [job for job in jobs if job.open and job.references.get(reference.name) is None]
    for job in missing:
        _register(ctx, job, reference)
    if missing:
        found |= _find(ctx, reference, missing)
    for job in missing:
        if job.open and job.references.get(reference.name) is None:
            key = _key(job, reference)
            _wait(ctx, job, (reference.system, reference.entity, key),
                  f"{reference.name} “{key}” does not exist in {title(reference.system)}; it goes through by itself once "
                  "it does, or once the reference is corrected")


def _find(ctx: Context, reference: Reference, jobs: list[Job]) -> set[str]:
    """Fills `references` from the cache, then from one batched call."""
    object_map = ctx.map(reference.entity, reference.system)
    kind, now = f"ref#{reference.system}#{reference.entity}", ctx.now()
    keys = sorted({_key(job, reference) for job in jobs})
    known = {key: codec.loads(row["values"]) for key, row in ctx.stores.cache.get(kind, keys, now).items()} if keys else {}
    unknown = [job for job in jobs if _key(job, reference) not in known]
    with calling(ctx, reference.system, unknown) as ready:
        asked = sorted({_key(job, reference) for job in ready})
        if asked:
            known |= _ask(ctx, object_map, asked, kind)
    for job in jobs:
        if job.open and (values := known.get(_key(job, reference))) is not None:
            job.references[reference.name] = ctx.looking_up(reference.system, partial(object_map.read, values))
    return set(known)


def _ask(ctx: Context, object_map: ObjectMap, keys: list[str], kind: str) -> dict[str, Any]:
    spec = object_map.spec
    path = spec.natural_path or spec.id_path
    hits = ctx.systems[spec.system].find(spec, path, keys)
    found = {key: hits[key][0].values for key in keys if len(hits.get(key, [])) == 1}
    if found:
        ctx.stores.cache.put(kind, {key: {"values": codec.dumps(values)} for key, values in found.items()},
                             ctx.now() + KEPT)
    return found


def _key(job: Job, reference: Reference) -> str:
    return str(_whole(job)[reference.field])


def _unnamed(ctx: Context, job: Job, reference: Reference) -> tuple[tuple[str, str, str], str]:
    """The reference is blank: what a person has to fill in, on which related record of the source."""
    object_map = ctx.map(job.event.entity, job.source)
    path = object_map.native_paths.get(reference.field, ("",))[0]
    reading = job.readings[job.source]
    assert isinstance(reading, Snapshot)
    related = next((one for one in object_map.spec.related if path.startswith(f"{one.name}.")), None)
    owner = str(reading.values.get(related.id_field or "") or "") if related else reading.id
    name = reading.values.get(f"{related.name}.name") if related else None
    where = f"{related.name} “{name or owner}” in {title(job.source)}" if related else f"the record in {title(job.source)}"
    field = path.rpartition(".")[2]
    return (job.source, reference.entity if related else job.event.entity, owner), (
        f"{field} of {where} is empty; fill in the {title(reference.system)} {reference.name} and it goes through by itself")


def _register(ctx: Context, job: Job, reference: Reference) -> None:
    ctx.stores.waits.add(Wait(reference.system, reference.entity, _key(job, reference), job.event))


def _wait(ctx: Context, job: Job, on: tuple[str, str, str], reason: str) -> None:
    ctx.stores.waits.add(Wait(*on, job.event))
    job.end(Outcome("waiting", reason, rule="reference", field=on[1], value=on[2], waits_for=on))


def _priced(ctx: Context, job: Job) -> None:
    """The native payload of the target, priced with the ledger's own tax rates."""
    target = target_of(ctx, job)
    view = view_for(ctx, job)
    with calling(ctx, target, [job]):
        try:
            if job.flow.pricing is not None:
                customer = next(iter(job.references.values()), None)
                whole = {**_whole(job), **view}
                priced, notes = price(whole, job.flow.pricing, ctx.tax_rates(target), customer)
                view |= {name: value for name, value in priced.items() if name in view or name == "lines"}
                job.notes += notes
            write = ctx.map(job.event.entity, target).write
            job.payload = ctx.looking_up(target, lambda tables: write(view, tables, job.notes, creating=True))
        except RuleRefused as no:
            job.end(Outcome("skipped", no.message, rule=no.rule, field=no.field, value=str(no.value)))
        except FieldUnreadable as fault:
            job.end(Outcome("skipped", str(fault), rule="unreadable", field=fault.field, value=str(fault.value)))

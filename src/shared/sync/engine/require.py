"""The flow's own rules for a record that is about to be made: requirements, references, prices.

A reference that does not exist yet makes the record wait: the wait is registered first, then looked for once more, so that
a customer made in between is not missed.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from shared.mapping.check import refuse
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.mapping.model import ObjectMap, Reference, Requirement
from shared.names import title
from shared.ports import Snapshot
from shared.sync import codec
from shared.sync.engine.compose import compose, whole
from shared.sync.engine.context import Context
from shared.sync.engine.decide import target_of, target_side
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.links import await_link
from shared.sync.engine.watch import of_reference, watch
from shared.sync.link import Outcome, Wait

KEPT = timedelta(minutes=5)
"""How long a customer's facts are trusted without asking again; a miss is never kept."""


def require(ctx: Context, jobs: list[Job]) -> None:
    """Leaves open only the jobs whose target record may be made, with `references` and `payload` filled."""
    for job in jobs:
        _refuse(job, _asked(job, {target_of(ctx, job)}))
    for reference in _references(jobs):
        _resolve(ctx, reference, [job for job in jobs if job.open and reference in job.flow.references])
    for job in jobs:
        _refuse_for_reference(ctx, job, [one for one in job.flow.requirements
                                         if of_reference(job.flow, one) and _speaks(one, target_of(ctx, job))])
        if job.open:
            _compose(ctx, job)


def keep(ctx: Context, jobs: list[Job]) -> None:
    """The same rules for records that exist on both sides and are about to be written: what a new record must keep it must
    go on keeping."""
    held = [job for job in jobs if job.open and job.due and not job.flow.create_once and target_side(ctx, job) is not None]
    for job in held:
        _refuse(job, _asked(job, set(job.due)))
    asking = [job for job in held if job.flow.pricing is not None or _asked_of_reference(job)]
    for reference in _references(asking):
        _resolve(ctx, reference, [job for job in asking if job.open])
    for job in held:
        _refuse_for_reference(ctx, job, _asked_of_reference(job))
    for job in jobs:
        if job.open and not job.flow.create_once and target_side(ctx, job) is not None:
            told = [one for one in job.flow.requirements if one.source in job.views and not of_reference(job.flow, one)]
            job.refusal = _refusal(job, told)


def _asked(job: Job, targets: set[str]) -> list[Requirement]:
    return [one for one in job.flow.requirements
            if not of_reference(job.flow, one) and any(_speaks(one, target) for target in targets)]


def _asked_of_reference(job: Job) -> list[Requirement]:
    """Rules that compare what is about to be written with the record it refers to."""
    return [one for one in job.flow.requirements if of_reference(job.flow, one) and any(
        one.field in fields and _speaks(one, target) for target, fields in job.due.items())]


def _speaks(requirement: Requirement, target: str) -> bool:
    """Whether the rule is asked of what goes to `target`."""
    return requirement.source is None or requirement.source != target


def _refuse(job: Job, requirements: list[Requirement]) -> None:
    if job.open and (refusal := _refusal(job, requirements)):
        job.end(refusal)


def _refuse_for_reference(ctx: Context, job: Job, requirements: list[Requirement]) -> None:
    """Whoever is refused for what the record it refers to shows is looked at again when that one changes."""
    refusal = _refusal(job, requirements) if job.open else None
    if refusal is None:
        return
    links = {_key(job, one): one for one in job.flow.references if one.by is None and one.name in job.references}
    for link, loaded in ctx.stores.links.load(sorted(links)).items() if links else ():
        side = loaded.link.sides.get(links[link].system) if loaded.link else None
        watch(ctx, job, [(links[link].system, links[link].entity, side.id)] if side else [])
    job.end(refusal)


def _refusal(job: Job, requirements: list[Requirement]) -> Outcome | None:
    try:
        for one in requirements:
            view = job.views.get(one.source, {}) if one.source else {}
            refuse([one], {**whole(job), **view}, job.references)
    except RuleRefused as no:
        return Outcome("skipped", no.message, rule=no.rule, field=no.field, value=str(no.value))
    return None


def _references(jobs: list[Job]) -> list[Reference]:
    found = {(one.name, one.system, one.entity): one for job in jobs if job.open for one in job.flow.references}
    return list(found.values())


def _resolve(ctx: Context, reference: Reference, jobs: list[Job]) -> None:
    for job in jobs:
        if whole(job).get(reference.field) is None:
            _wait(ctx, job, *_unnamed(ctx, job, reference))
    if reference.by is None:
        _resolve_links(ctx, reference, [job for job in jobs if job.open])
        return
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


def _resolve_links(ctx: Context, reference: Reference, jobs: list[Job]) -> None:
    _find(ctx, reference, jobs)
    for job in jobs:
        if job.open and job.references.get(reference.name) is None:
            await_link(ctx, job, reference.system, LinkMissing(reference.field, reference.field, reference.entity,
                                                               link=_key(job, reference)))


def _find(ctx: Context, reference: Reference, jobs: list[Job]) -> set[str]:
    """Fills `references` from the cache, then from one batched call."""
    object_map = ctx.map(reference.entity, reference.system)
    kind, now = f"ref#{reference.system}#{reference.entity}", ctx.now()
    changed = {_key(job, reference) for job in jobs if job.event.cause == "dependency"}  # it may be that one that woke it
    keys = sorted({_key(job, reference) for job in jobs} - changed)
    known = {key: codec.loads(row["values"]) for key, row in ctx.stores.cache.get(kind, keys, now).items()} if keys else {}
    unknown = [job for job in jobs if _key(job, reference) not in known]
    with calling(ctx, reference.system, unknown) as ready:
        asked = sorted({_key(job, reference) for job in ready})
        if asked:
            known |= _ask(ctx, object_map, reference, asked, kind)
    for job in jobs:
        if job.open and (values := known.get(_key(job, reference))) is not None:
            job.references[reference.name] = ctx.looking_up(reference.system, partial(object_map.read, values))
    return set(known)


def _ask(ctx: Context, object_map: ObjectMap, reference: Reference, keys: list[str], kind: str) -> dict[str, Any]:
    found = _by_link(ctx, object_map, keys) if reference.by is None else _by_key(ctx, object_map, keys)
    if found:
        ctx.stores.cache.put(kind, {key: {"values": codec.dumps(values)} for key, values in found.items()},
                             ctx.now() + KEPT)
    return found


def _by_key(ctx: Context, object_map: ObjectMap, keys: list[str]) -> dict[str, Any]:
    spec = object_map.spec
    hits = ctx.systems[spec.system].find(spec, spec.natural_path or spec.id_path, keys)
    return {key: hits[key][0].values for key in keys if len(hits.get(key, [])) == 1}


def _by_link(ctx: Context, object_map: ObjectMap, links: list[str]) -> dict[str, Any]:
    """The records of these links on the reference's system."""
    spec, ids = object_map.spec, {}
    for link, loaded in ctx.stores.links.load(links).items():
        side = loaded.link.sides.get(spec.system) if loaded.link else None
        if side is not None and side.id and not side.gone:
            ids[side.id] = link
    found = ctx.systems[spec.system].read(spec, sorted(ids)) if ids else {}
    return {ids[one]: reading.values for one, reading in found.items() if isinstance(reading, Snapshot)}


def _key(job: Job, reference: Reference) -> str:
    return str(whole(job)[reference.field])


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


def _compose(ctx: Context, job: Job) -> None:
    """The native payload of the target."""
    target = target_of(ctx, job)
    with calling(ctx, target, [job]):
        try:
            job.payload = compose(ctx, job, target, job.due.get(target, {}), creating=True)
        except (RuleRefused, FieldUnreadable, LinkMissing) as no:
            refused(ctx, job, target, no)


def refused(ctx: Context, job: Job, system: str, no: RuleRefused | FieldUnreadable | LinkMissing) -> None:
    """Ends a job whose values must not, or cannot, go to `system`."""
    if isinstance(no, LinkMissing):
        await_link(ctx, job, system, no)
    else:
        job.end(Outcome("skipped", str(no), rule=no.rule, field=no.field, value=str(no.value)))

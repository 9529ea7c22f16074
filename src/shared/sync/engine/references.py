"""References between records while a batch is under way: who is linked to whom, and who has to wait for whom.

Pointers and links are loaded before anything is read or written, in one request for each kind of record. A
record whose reference leads to one that is not linked waits for it: the wait is registered, then looked for
once more, and a parent that was never looked at is queued to go first.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.domain.link import ChangeEvent, Outcome, Wait
from shared.domain.outcomes import waiting
from shared.mapping.faults import LinkMissing
from shared.mapping.links import canonical_links, native_links
from shared.mapping.maps import ObjectMap
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.owners import link_of

_HOPS = 4


def learn_native(
    ctx: Context, system: str, object_map: ObjectMap, records: Iterable[Mapping[str, Any]]
) -> None:
    """Loads the links of every reference in these native values. 1 request for 100 unknown ones of an
    entity."""
    if not object_map.links:
        return
    wanted: dict[str, set[str]] = {}
    for values in records:
        for entity, native in native_links(object_map.links, values):
            if (system, entity, native) not in ctx.book.asked:
                wanted.setdefault(entity, set()).add(native)
    for entity, ids in wanted.items():
        ctx.book.asked |= {(system, entity, one) for one in ids}
        found = ctx.stores.links.find(system, entity, sorted(ids))
        ctx.book.native.setdefault((system, entity), {}).update(found)


def learn_links(ctx: Context, object_map: ObjectMap, records: Iterable[Mapping[str, Any]]) -> None:
    """Loads the records of every link in these canonical values."""
    if not object_map.links:
        return
    wanted = {
        link for values in records for _, link in canonical_links(object_map.links, values)
    } - ctx.book.loaded
    ctx.book.loaded |= wanted
    for loaded in ctx.stores.links.load(sorted(wanted)).values() if wanted else ():
        for system, side in loaded.link.sides.items() if loaded.link else ():
            if side.id and not side.gone and loaded.link:
                ctx.book.ids.setdefault((system, loaded.link.entity), {})[loaded.link.link_id] = side.id
                ctx.book.seen[system, loaded.link.link_id] = side.seen
            if side.label and loaded.link:
                ctx.book.labels.setdefault(loaded.link.link_id, side.label)


def without_late(ctx: Context, job: Job, system: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values without references that may come later and lead nowhere yet: two records that refer to each
    other would wait for ever. What they lead to is awaited, and then they are made good."""
    object_map, policies, left_out = (
        ctx.map(job.event.entity, system),
        policies_of(ctx, job),
        set[str](),
    )
    if not object_map.links:
        return values
    for one in object_map.links:
        value = values.get(one.path)
        if one.lines or value in (None, "") or not is_late(ctx, job, one.field):
            continue
        if str(value) not in ctx.book.native.get((system, one.entity), {}):
            left_out.add(one.path)
            if one.field in policies and system in policies[one.field].sources:
                job.plan.awaits[one.field] = (system, one.entity, str(value))
            ctx.stores.waits.add(Wait(system, one.entity, str(value), job.event))
    return {path: value for path, value in values.items() if path not in left_out} if left_out else values


def is_late(ctx: Context, job: Job, name: str) -> bool:
    """Whether no system of the flow needs this reference on a new record."""
    return all(name not in object_map.required for object_map in job.flow.maps.values())


def await_link(ctx: Context, job: Job, system: str, missing: LinkMissing) -> None:
    """Ends the job as waiting for the record that its reference leads to; defers it when that was linked
    meanwhile."""
    on = _awaited(ctx, job, system, missing)
    if on is None:
        job.end(waiting.unlinked(missing.path, missing.entity, missing.field, missing.link))
        return
    ctx.stores.waits.add(Wait(*on, job.event))
    if _linked(ctx, job, *on):
        job.defer(1, "the record it waits for has just been linked")
        return
    parent = link_of(ctx, *on).link
    outcome, side = (parent.outcome, parent.sides.get(on[0])) if parent else (None, None)
    if outcome is None:
        _parent_first(ctx, job, on)
    where = next(system for system in job.flow.maps if system != on[0])
    label, root = side.label if side else "", _root(ctx, outcome)
    job.end(waiting.for_record(missing.field, missing.entity, on, label, where, root))


def _awaited(ctx: Context, job: Job, system: str, missing: LinkMissing) -> tuple[str, str, str] | None:
    """(system, entity, id) of the record to wait for."""
    if missing.native:
        return (system, missing.entity, missing.native)
    link = ctx.stores.links.load([missing.link])[missing.link].link
    if link is None:
        return _claimed(ctx, missing)
    sides = [(name, side.id) for name, side in link.sides.items() if side.id and not side.gone]
    return next(((name, missing.entity, one) for name, one in sides if name != system), None) or next(
        ((name, missing.entity, one) for name, one in sides), None
    )


def _claimed(ctx: Context, missing: LinkMissing) -> tuple[str, str, str] | None:
    """The record whose place was claimed for a link that was never saved: whoever did that died in between,
    and its own message brings it again."""
    return next(
        (
            (system, entity, record_id)
            for (system, entity), known in ctx.book.native.items()
            if entity == missing.entity
            for record_id, link in known.items()
            if link == missing.link
        ),
        None,
    )


def _linked(ctx: Context, job: Job, system: str, entity: str, record_id: str) -> bool:
    """Looked for again after the wait was registered, so that a parent linked in between is not missed."""
    found = ctx.stores.links.find(system, entity, [record_id]).get(record_id)
    link = ctx.stores.links.load([found])[found].link if found else None
    return link is not None and all(
        name in link.sides and not link.sides[name].gone and link.sides[name].id for name in job.flow.maps
    )


def _parent_first(ctx: Context, job: Job, on: tuple[str, str, str]) -> None:
    """Queues a parent that nobody has looked at. One that was looked at is queued by its own next change."""
    system, entity, record_id = on
    if on not in ctx.fetched:
        ctx.fetched.add(on)
        ctx.stores.queue.send(
            [
                ChangeEvent(
                    ctx.integration, system, entity, record_id, "dependency", job.event.run_id, ctx.now()
                )
            ]
        )


def _root(ctx: Context, outcome: Outcome | None) -> Outcome | None:
    """Why the last one in a row of waiting records is not there: what each of the others says is that of the
    next."""
    for _ in range(_HOPS):
        if outcome is None or outcome.kind != "waiting" or outcome.waits_for is None:
            break
        link = link_of(ctx, *outcome.waits_for).link
        if link is None or link.outcome is None:
            break
        outcome = link.outcome
    return outcome

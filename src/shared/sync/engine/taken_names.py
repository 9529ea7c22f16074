"""Where a system takes a name only once: the second record is called "Name (reference)" there, else "Name
(town)".

What is added is ours. It stands in what was seen of that side and in nothing that was agreed, so it is no
edit, is not brought back, and goes when the name is free again."""

from collections.abc import Iterator
from typing import Any

from shared.domain.link import Base, Link
from shared.domain.outcomes.written import called_otherwise
from shared.errors import NameTaken
from shared.mapping.rules import Unique
from shared.ports import Snapshot, Values
from shared.sync.engine.compose import whole
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.waits import watch
from shared.sync.seen import read_seen

_WOKEN = ("dependency", "manual", "retry", "reconcile")


def otherwise(ctx: Context, job: Job, system: str, values: Values) -> Iterator[Values]:
    """The native values with another name, one try after the other; none where the flow has no rule for
    it."""
    unique = job.flow.unique
    if unique is None or unique.system != system:
        return
    object_map, known = ctx.map(job.event.entity, system), whole(job)
    for name in unique.add:
        if known.get(unique.field) is None or known.get(name) in (None, "", known[unique.field]):
            continue
        added = f" ({known[name]})"
        room = _room(object_map.native_paths[unique.field][0], values, added)
        told = object_map.write({unique.field: f"{room}{added}"}, ctx.tables_of(system), [])
        job.plan.added = {(system, unique.field): added}
        yield {**values, **told}
    job.plan.added = {}


def said(ctx: Context, job: Job, system: str, shown: Snapshot) -> None:
    """Notes the name that it has there, and watches who has the name itself."""
    unique = job.flow.unique
    if unique is None or (system, unique.field) not in job.plan.added:
        return
    object_map, wanted = ctx.map(job.event.entity, system), whole(job)[unique.field]
    path = object_map.native_paths[unique.field][0]
    job.done.notes.append(called_otherwise(system, unique.field, wanted, str(shown.values.get(path) or "")))
    holders = ctx.systems[system].find(object_map.spec, path, [str(wanted)])[str(wanted)]
    watch(ctx, job, [(system, job.event.entity, one.id) for one in holders if one.id != shown.id])


def without_ours(ctx: Context, job: Job, system: str, values: dict[str, Any]) -> dict[str, Any]:
    """The canonical values read of a side, where a person edited a name with our addition: without it."""
    unique = job.flow.unique
    if unique is None or unique.system != system:
        return values
    added, value = addition(ctx, job.link, unique), values.get(unique.field)
    seen = _seen(ctx, job.link, unique)
    if not added or value == seen or not isinstance(value, str) or not value.endswith(added):
        return values
    return {**values, unique.field: value.removesuffix(added)}


def addition(ctx: Context, link: Link, unique: Unique) -> str:
    """What we put behind the agreed value on that side, "" for nothing."""
    agreed, seen = link.base.get(unique.field), _seen(ctx, link, unique)
    return _behind(agreed, seen)


def release(ctx: Context, job: Job) -> None:
    """Takes the addition away once nobody has the name itself any more; asked when the record was woken."""
    unique = job.flow.unique
    if unique is None or job.event.cause not in _WOKEN or unique.field in job.plan.due.get(unique.system, {}):
        return
    if not addition(ctx, job.link, unique):
        return
    object_map, side = ctx.map(job.event.entity, unique.system), job.link.sides[unique.system]
    name = str(job.link.base[unique.field].value)
    with calling(ctx, unique.system, [job]) as ready:
        if not ready:
            return
        path = object_map.native_paths[unique.field][0]
        holders = ctx.systems[unique.system].find(object_map.spec, path, [name])[name]
        others = [one.id for one in holders if one.id != side.id]
        if others:
            watch(ctx, job, [(unique.system, job.event.entity, one) for one in others])
        else:
            job.plan.due.setdefault(unique.system, {})[unique.field] = name


def is_taken(fault: object) -> bool:
    return isinstance(fault, NameTaken)


def _seen(ctx: Context, link: Link, unique: Unique) -> object:
    side = link.sides.get(unique.system)
    if side is None or side.gone:
        return None
    object_map = ctx.map(link.entity, unique.system)
    paths = object_map.native_paths.get(unique.field, ())
    seen = {path: side.seen[path] for path in paths if path in side.seen}
    return read_seen(object_map, seen, ctx.tables_of(unique.system)).get(unique.field)


def _behind(agreed: Base | None, seen: object) -> str:
    if agreed is None or not isinstance(agreed.value, str) or not isinstance(seen, str):
        return ""
    added = seen.removeprefix(agreed.value)
    return added if added != seen and added.startswith(" (") and added.endswith(")") else ""


_LONGEST = 100
"""What Vtiger's names hold; one that would be longer is cut before the addition, so that this stays
readable."""


def _room(path: str, values: Values, added: str) -> str:
    return str(values.get(path) or "")[: _LONGEST - len(added)].rstrip()

"""Looks for the record on the other side by the flow's match keys, right before it would be created.

None: create. One: adopt it, and merge as on a first sync. More: a person decides. A hit that belongs to another link is
joined where that link has no record of our system yet.
"""

from typing import Any

from shared.names import title
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.decide import decide, target_of
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.look import view_of
from shared.sync.link import Outcome, Side


def match(ctx: Context, job: Job) -> None:
    """After this an open job either has its target side in `link.sides` or may create."""
    target = target_of(ctx, job)
    if not job.open or target in job.link.sides:
        return
    with calling(ctx, target, [job]) as ready:
        for key in job.flow.match if ready else ():
            hits = _hits(ctx, job, target, key)
            if hits:
                _take(ctx, job, target, key, hits)
                return


def _hits(ctx: Context, job: Job, target: str, key: tuple[str, ...]) -> list[Snapshot]:
    """Records whose fields all equal ours in the target's normal form. A key with an empty part matches nothing."""
    object_map, tables = ctx.map(job.event.entity, target), ctx.tables.of(target)
    wanted = {name: job.link.base[name].value for name in key if name in job.link.base}
    if len(wanted) < len(key) or any(value is None for value in wanted.values()):
        return []
    native = object_map.write({key[0]: wanted[key[0]]}, tables, [])
    path, value = next(iter(native.items()))
    found = ctx.systems[target].find(object_map.spec, path, [str(value)]).get(str(value), [])
    forms = {name: object_map.norm(name, value, tables) for name, value in wanted.items()}
    return [one for one in found if _equal(object_map.read(one.values, tables), forms)]


def _equal(view: dict[str, Any], forms: dict[str, Any]) -> bool:
    return all(view.get(name) == value for name, value in forms.items())


def _take(ctx: Context, job: Job, target: str, key: tuple[str, ...], hits: list[Snapshot]) -> None:
    if len(hits) > 1:
        names = ", ".join(hit.id for hit in hits)
        job.end(Outcome("held", f"{len(hits)} records of {title(target)} have the same {' and '.join(key)}: {names}. "
                        "Merge or correct them, then retry", rule="match", field=", ".join(key), value=names))
        return
    hit = hits[0]
    owner = ctx.stores.links.find(target, job.event.entity, [hit.id]).get(hit.id)
    if owner is not None and owner != job.link.link_id:
        _join(ctx, job, target, owner, hit)
        return
    _adopt(ctx, job, target, hit)


def _adopt(ctx: Context, job: Job, target: str, hit: Snapshot) -> None:
    job.readings[target] = hit
    view_of(ctx, job, target, hit.values)
    if job.open:
        decide(ctx, job)
        job.adopted.append(target)


def _join(ctx: Context, job: Job, target: str, owner: str, hit: Snapshot) -> None:
    """The other record already has a link: this record becomes that link's missing side."""
    loaded = ctx.stores.links.load([owner])[owner]
    taken = loaded.link is None or loaded.link.sides.get(job.source, Side("")).id not in ("", job.event.record_id)
    if taken or loaded.link is None or job.stored is not None:
        why = f"{title(target)} {hit.id} is already linked to another record of {title(job.source)}"
        job.end(Outcome("held", why, rule="match", value=hit.id))
        return
    if loaded.lease is not None:
        job.defer(30, f"the record that {title(target)} {hit.id} is linked to is being worked on")
        return
    job.link, job.stored, job.saved, job.lease = loaded.link, loaded.link, loaded.link.version, loaded.lease
    _adopt(ctx, job, target, hit)

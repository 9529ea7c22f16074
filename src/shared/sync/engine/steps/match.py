"""Looks for the record on the other side by the flow's match keys, right before it would be created.

None: create. One: adopt it, and merge as on a first sync. More: a person decides. A hit that belongs to
another link is joined where that link has no record of our system yet. Fills `found` and `plan` anew with the
record found; `held` changes to that record's link.
"""

from typing import Any

from shared.domain.link import Link, Outcome
from shared.domain.outcomes import left_out, pairing
from shared.domain.record import replace
from shared.domain.titles import title
from shared.mapping.check import unmet_condition
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.ports import Gone, Moved, Snapshot
from shared.sync.engine.believe import is_gone
from shared.sync.engine.compose import whole
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import in_the_log
from shared.sync.engine.references import learn_links, learn_native
from shared.sync.engine.sides import norm_of, target_of
from shared.sync.engine.steps.decide import decide
from shared.sync.engine.steps.read import read_canonical
from shared.sync.engine.waits import watch
from shared.sync.seen import read_seen


def match(ctx: Context, job: Job) -> None:
    """After this an open job either has its target side in `link.sides` or may create."""
    target = target_of(ctx, job)
    if not job.open or target in job.link.sides:
        return
    with calling(ctx, target, [job]) as ready:
        for key in job.flow.match if ready else ():
            hits = _hits(ctx, job, target, key)
            if not job.open:
                return
            if hits:
                _take(ctx, job, target, key, hits)
                return


def _hits(ctx: Context, job: Job, target: str, key: tuple[str, ...]) -> list[Snapshot]:
    """Records whose fields all equal ours in the target's normal form. A key with an empty part matches
    nothing."""
    object_map, tables = ctx.map(job.event.entity, target), ctx.tables_of(target)
    ours = whole(job)
    wanted = {name: ours[name] for name in key if ours.get(name) is not None and name in object_map.readable}
    if len(wanted) < len(key):
        return []
    learn_links(ctx, object_map, [wanted])
    asked = _searched(ctx, job, target, key[0], wanted[key[0]])
    if asked is None:
        return []
    path, value = asked
    found = ctx.systems[target].find(object_map.spec, path, [value]).get(value, [])
    learn_native(ctx, target, object_map, [one.values for one in found])
    norm = norm_of(object_map, tables)
    forms = {name: _folded(norm(name, value)) for name, value in wanted.items()}
    return [
        one
        for one in found
        if unmet_condition(object_map.spec.where, one.values) is None
        and _equal(read_seen(object_map, one.values, tables), forms)
        and not (job.flow.taken == "create" and _linked_elsewhere(ctx, job, target, one))
    ]


def _searched(ctx: Context, job: Job, target: str, name: str, value: Any) -> tuple[str, str] | None:
    """The native field and text to search for; None where a reference has no record there, so nothing can
    refer to it."""
    object_map = ctx.map(job.event.entity, target)
    try:
        if name in object_map.writable:
            path, native = next(iter(object_map.write({name: value}, ctx.tables_of(target), []).items()))
            return path, str(native)
        return object_map.native_paths[name][0], str(value)
    except (LinkMissing, FieldUnreadable):
        return None


def _linked_elsewhere(ctx: Context, job: Job, target: str, hit: Snapshot) -> bool:
    owner = ctx.stores.links.find(target, job.event.entity, [hit.id]).get(hit.id)
    if owner is None or owner == job.link.link_id:
        return False
    link = ctx.stores.links.load([owner])[owner].link
    side = link.sides.get(job.source) if link else None
    return side is not None and bool(side.id) and not side.gone and _lives(ctx, job, side.id)


def _equal(read: dict[str, Any], forms: dict[str, Any]) -> bool:
    return all(_folded(read.get(name)) == value for name, value in forms.items())


def _folded(value: Any) -> Any:
    """People write the same name in capitals here and not there."""
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


def _take(ctx: Context, job: Job, target: str, key: tuple[str, ...], hits: list[Snapshot]) -> None:
    if len(hits) > 1:
        ids = [hit.id for hit in hits]
        hold(ctx, job, pairing.several_match(target, key, ids), [(target, one) for one in ids])
        return
    hit = hits[0]
    owner = ctx.stores.links.find(target, job.event.entity, [hit.id]).get(hit.id)
    if owner is not None and owner != job.link.link_id:
        twice = pairing.linked_already(job.source, target, key, hit.id)
        _join(ctx, job, target, owner, twice, hit)
        return
    if rivals := _rivals(ctx, job, target, key):
        why = pairing.several_want(job.source, target, key, hit.id, [job.event.record_id, *rivals])
        hold(ctx, job, why, [(target, hit.id), *((job.source, one) for one in rivals)])
    if job.open:
        _adopt(ctx, job, target, hit)


def take(
    ctx: Context, job: Job, target: str, key: tuple[str, ...], hit: Snapshot, twice: Outcome | None = None
) -> None:
    """The record that was found is this one's counterpart; `twice` is said where it has another one."""
    owner = ctx.stores.links.find(target, job.event.entity, [hit.id]).get(hit.id)
    if owner is None or owner == job.link.link_id:
        _adopt(ctx, job, target, hit)
        return
    why = twice or pairing.linked_already(job.source, target, key, hit.id)
    _join(ctx, job, target, owner, why, hit)


def hold(ctx: Context, job: Job, outcome: Outcome, twins: list[tuple[str, str]]) -> None:
    """For a person to settle; looked at again when one of the others changed."""
    watch(ctx, job, [(system, job.event.entity, one) for system, one in twins])
    job.end(outcome)


def _rivals(ctx: Context, job: Job, target: str, key: tuple[str, ...]) -> list[str]:
    """Records of our own side that the hit could belong to just as well: whichever came first would take
    it."""
    if job.flow.taken == "create":
        return []
    with calling(ctx, job.source, [job]) as ready:
        others = (
            [one.id for one in _hits(ctx, job, job.source, key) if one.id != job.event.record_id]
            if ready
            else []
        )
        owners = ctx.stores.links.find(job.source, job.event.entity, others) if others else {}
        links = ctx.stores.links.load(sorted(owners.values())) if owners else {}
        joined = {
            one for one, owner in owners.items() if (link := links[owner].link) and target in link.sides
        }
        return [one for one in others if one not in joined]
    return []


def _adopt(ctx: Context, job: Job, target: str, hit: Snapshot) -> None:
    """Both records become one link: what each side shows is merged as on a first sync."""
    job.found.readings[target] = hit
    job.done.changes = []
    read_canonical(ctx, job, target, hit.values)
    if job.open:
        decide(ctx, job)
        job.done.adopted.append(target)
        job.held.unknown = None


def _join(ctx: Context, job: Job, target: str, owner: str, twice: Outcome, hit: Snapshot) -> None:
    """The other record already has a link: this record becomes that link's missing side, or takes the place
    of one that was deleted there."""
    loaded = in_the_log(ctx, ctx.stores.links.load([owner]))[owner]
    said = loaded.link.left_out if loaded.link is not None else None
    if said is not None:
        job.end(left_out.counterpart_left_out(target, hit.id, said.by, said.at))
        return
    taken = loaded.link is None or _taken(ctx, job, loaded.link)
    if not job.open:
        return
    if loaded.link is None or taken:
        hold(ctx, job, twice, [(target, hit.id)])
        return
    if loaded.lease is not None and (loaded.lease.until > ctx.now() or loaded.lease.intent is not None):
        job.defer(30, f"the record that {title(target)} {hit.id} is linked to is being worked on")
        return
    if (
        job.held.stored is not None
    ):  # a link of its own that never had another side: nothing but its story is lost
        ctx.stores.links.erase(job.link.link_id)
    sides = {name: side for name, side in loaded.link.sides.items() if name != job.source}
    link = replace(loaded.link, sides=sides, tombstone=None)
    job.work_on(link, loaded.link, loaded.lease)
    dropped = loaded.link.sides.get(job.source)
    if dropped is not None and dropped.id not in ("", job.event.record_id):
        job.found.moved.append((job.source, job.event.entity, dropped.id))
    _adopt(ctx, job, target, hit)


def _taken(ctx: Context, job: Job, link: Link) -> bool:
    """Whether that link has a living record of our system, or ours has anything to lose."""
    side = link.sides.get(job.source)
    if any(name != job.source and one.id for name, one in job.link.sides.items()):
        return True
    if job.held.stored is not None and job.held.lease is not None:
        return True
    return (
        side is not None
        and side.id not in ("", job.event.record_id)
        and not side.gone
        and _lives(ctx, job, side.id)
    )


def _lives(ctx: Context, job: Job, record_id: str) -> bool:
    """Asked now: its deletion, or its merging into ours, may not have been noticed yet. Ends the job where
    nobody answers."""
    with calling(ctx, job.source, [job]) as ready:
        if ready:
            reading = ctx.systems[job.source].read(ctx.map(job.event.entity, job.source).spec, [record_id])[
                record_id
            ]
            dead = isinstance(reading, Gone) and is_gone(ctx, job, job.source, record_id)
            return not dead and not (isinstance(reading, Moved) and reading.new_id == job.event.record_id)
    return True

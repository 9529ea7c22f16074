"""Whose number a record carries that we did not give it.

A number belongs to another record only when a link of ours, or the numbered record's own key or customer,
says so: people come from other programs with thousands of numbers that nobody here gave, and none of those
may be ordered twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.keys import OUR_KEY, link_id
from shared.domain.link import Link
from shared.domain.numbers import Whose
from shared.domain.outcomes import watching
from shared.domain.record import replace
from shared.domain.wording import document
from shared.mapping.conditions import unmet_condition
from shared.mapping.maps import ObjectMap
from shared.ports import ObjectSpec, Snapshot
from shared.sync.engine.context import Context
from shared.sync.seen import read_seen


def number_of(spec: ObjectSpec, values: Mapping[str, Any]) -> str:
    """The number that a record shows, or ""."""
    return str(values.get(spec.number_path or "") or "").strip()


def but_for_number(spec: ObjectSpec, values: Mapping[str, Any]) -> bool:
    """Whether the record would be listed if its number were blank."""
    others = tuple(one for one in spec.where if one != spec.numbered)
    return spec.numbered is not None and unmet_condition(others, values) is None


def whose(ctx: Context, entity: str, source: str, records: Sequence[Snapshot]) -> dict[str, Whose]:
    """Record id -> whose number it carries; all of them have one, and no link with the other side. One
    request for the links, and searches of the other side only for what these do not know. Raises its
    SyncErrors."""
    spec = ctx.map(entity, source).spec
    numbers = {one.id: number_of(spec, one.values) for one in records}
    target = next(system for system in ctx.flow.entities[entity].maps if system != source)
    owners = ctx.stores.links.find(target, entity, sorted(set(numbers.values())))
    unknown = sorted(set(numbers.values()) - owners.keys())
    found = _search(ctx, entity, target, unknown) if unknown else {}
    ours = _made_by_us(ctx, entity, target, found)
    named = {
        number: _key(ctx, entity, target, hits[0]) or ours.get(hits[0].id, "")
        for number, hits in found.items()
        if hits
    }
    links = ctx.stores.links.load(sorted({*owners.values(), *filter(None, named.values())}))
    answer = {}
    for one in records:
        number = numbers[one.id]
        own = link_id(ctx.integration, entity, source, one.id)
        owner = owners.get(number) or named.get(number, "")
        hits = found.get(number, [])
        if owner and owner != own:
            answer[one.id] = Whose("another", number, _owner(links[owner].link, source, target, entity))
        elif owner or not hits:
            answer[one.id] = Whose("elsewhere" if owner else "nowhere", number)
        else:
            answer[one.id] = _by_customer(ctx, entity, (source, target), one, hits[0], number)
    return answer


def _search(ctx: Context, entity: str, target: str, numbers: list[str]) -> dict[str, list[Snapshot]]:
    object_map = ctx.map(entity, target)
    spec = object_map.spec
    paths = [spec.key_path, spec.number_path, *_customer(ctx, entity, target)]
    narrow = replace(spec, fields=tuple(path for path in paths if path), related=())
    return ctx.systems[target].find(narrow, spec.number_path or spec.id_path, numbers)


def _made_by_us(
    ctx: Context, entity: str, target: str, found: Mapping[str, list[Snapshot]]
) -> dict[str, str]:
    """Record's id -> our link of it, where a number is not the record's id."""
    ids = sorted({hits[0].id for number, hits in found.items() if hits and hits[0].id != number})
    return dict(ctx.stores.links.find(target, entity, ids)) if ids else {}


def _customer(ctx: Context, entity: str, system: str) -> tuple[str, ...]:
    """The native paths that say whose order it is."""
    references = ctx.flow.entities[entity].references
    paths = ctx.map(entity, system).native_paths
    return tuple(path for one in references if one.field in paths for path in paths[one.field])


def _key(ctx: Context, entity: str, target: str, order: Snapshot) -> str:
    """The link that the order's own key names, or ""."""
    found = OUR_KEY.fullmatch(str(order.values.get(ctx.map(entity, target).spec.key_path or "") or ""))
    return found[1] if found else ""


def _owner(link: Link | None, source: str, target: str, entity: str) -> str:
    side = link.sides.get(source) if link is not None else None
    if side is None:
        return watching.of_another(target, document(entity))
    return watching.of_record(source, side.label or side.id)


def _by_customer(
    ctx: Context, entity: str, systems: tuple[str, str], one: Snapshot, order: Snapshot, number: str
) -> Whose:
    source, target = systems
    for reference in ctx.flow.entities[entity].references:
        here = _read(ctx, ctx.map(entity, source), one.values).get(reference.field)
        there = _read(ctx, ctx.map(entity, target), order.values).get(reference.field)
        if here is not None and there is not None and here != there:
            return Whose(
                "another", number, watching.of_customer(target, number, str(there), document(entity))
            )
    return Whose("elsewhere", number)


def _read(ctx: Context, object_map: ObjectMap, values: Mapping[str, Any]) -> dict[str, Any]:
    """Only the reference is wanted, which needs no table."""
    wanted = {path for field in _fields(ctx, object_map) for path in object_map.native_paths.get(field, ())}
    return read_seen(object_map, {path: values[path] for path in wanted if path in values}, {})


def _fields(ctx: Context, object_map: ObjectMap) -> list[str]:
    return [one.field for one in ctx.flow.entities[object_map.spec.entity].references]

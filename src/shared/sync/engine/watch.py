"""What is watched of a record after it was made once, and what differs from what it was made of.

Each difference is told once: what a side showed when it was last told stands in the link as seen, so that
what was told is derived and needs no note of its own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.domain.keys import target_key
from shared.domain.link import Link, Side
from shared.domain.record import replace
from shared.mapping.conditions import unmet_condition
from shared.mapping.discounts import line_net
from shared.mapping.maps import ObjectMap
from shared.mapping.model import EntityFlow
from shared.ports import ObjectSpec, Snapshot
from shared.sync.engine.called import texts_of
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.seen import read_seen, seen_values

MONEY = ("amount", "net", "currency")
Row = Mapping[str, Any]
"""{field, system, drift, agreed}, as the log keeps it."""


def watched_fields(flow: EntityFlow) -> frozenset[str]:
    """Canonical fields whose change is told."""
    more = flow.watch.fields if flow.watch is not None else ()
    return frozenset((*MONEY, *(one.field for one in flow.references), *more))


def coming_back(flow: EntityFlow, system: str) -> frozenset[str]:
    """Canonical fields that `system`, where such a record is made, knows only later. Its number is in the
    answer to the create, and is not among them."""
    paths, number = flow.maps[system].native_paths, flow.maps[system].spec.number_path
    return frozenset(
        name
        for name, rule in flow.fields.items()
        if rule.direction == f"from {system}" != flow.direction and paths.get(name) != (number,)
    )


def watched_paths(flow: EntityFlow, object_map: ObjectMap) -> frozenset[str]:
    """Native fields of one side in which a change can be told: of the record's own and of related ones."""
    spec, fields = object_map.spec, watched_fields(flow)
    later = frozenset(name for system in flow.maps for name in coming_back(flow, system))
    mapped = {path for name in fields | later for path in object_map.native_paths.get(name, ())}
    named = {spec.number_path, spec.key_path, *(one.field for one in spec.where)}
    named |= {one.id_field for one in spec.related if not one.many}
    named |= worth_paths(flow, object_map)
    return frozenset(mapped | {path for path in named if path})


def worth_paths(flow: EntityFlow, object_map: ObjectMap) -> frozenset[str]:
    """The lines of an origin that states no amount: only they say what it comes to."""
    paths = object_map.native_paths
    if flow.direction != f"from {object_map.spec.system}" or "amount" in paths or "net" in paths:
        return frozenset()
    return frozenset(path.partition(".")[0] for path in paths.get("lines", ()))


def narrow(flow: EntityFlow, object_map: ObjectMap) -> ObjectSpec:
    """What has to be asked for to see whether a record is as it was: fields of its own only."""
    spec = object_map.spec
    related = {one.name for one in spec.related}
    own = {path for path in watched_paths(flow, object_map) if path.partition(".")[0] not in related}
    own |= {one.field for one in spec.closed}
    return replace(spec, fields=tuple(sorted(own)), related=())


def is_closed(spec: ObjectSpec, values: Mapping[str, Any]) -> bool:
    """Whether the record is done with for good."""
    return any(unmet_condition((one,), values) is None for one in spec.closed)


def is_watched(flow: EntityFlow, link: Link, target: str, now: datetime) -> bool:
    """Whether what happens to it is still told."""
    if flow.watch is None or target not in link.sides:
        return False
    if is_closed(flow.maps[target].spec, link.sides[target].seen):
        return False
    return link.updated_at is None or now - link.updated_at <= timedelta(days=flow.watch.days)


def edited(flow: EntityFlow, object_map: ObjectMap, side: Side, values: Mapping[str, Any]) -> bool:
    """Whether a reading shows a watched native field otherwise than it was seen."""
    paths = watched_paths(flow, object_map)
    shown = {**values, **seen_values(object_map, values)}  # of lines, what is remembered of them
    return any(path in shown and shown[path] != side.seen.get(path) for path in paths)


def remembered(flow: EntityFlow, object_map: ObjectMap, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the link keeps of a record that was made: not its lines, which say how it was made."""
    paths = watched_paths(flow, object_map) | {one.field for one in object_map.spec.closed}
    paths -= set(object_map.native_paths.get("lines", ()))
    return {path: values[path] for path in paths if path in values}


def shown_to_people(ctx: Context, job: Job) -> dict[str, Any]:
    """The watched values of the record as it was just read, and what decides whether it is listed."""
    reading = job.found.readings.get(job.source)
    if not isinstance(reading, Snapshot):
        return {}
    canonical, spec = job.found.canonical.get(job.source, {}), ctx.map(job.event.entity, job.source).spec
    shown = {name: canonical[name] for name in sorted(watched_fields(job.flow)) if name in canonical}
    decided = {one.field: reading.values.get(one.field) for one in spec.where}
    return {**shown, **decided}


def source_rows(
    ctx: Context,
    entity: str,
    link: Link,
    source: str,
    canonical: Mapping[str, Any],
    native: Mapping[str, Any],
) -> list[Row]:
    """What the origin shows otherwise than the record was made of."""
    policies, fields = ctx.policy(entity), watched_fields(ctx.flow.entities[entity])
    rows: list[Row] = []
    for name, agreed in link.base.items():
        if name not in canonical or source not in policies[name].sources or canonical[name] == agreed.value:
            continue
        worth = name == "lines" and net_of(canonical[name]) != net_of(agreed.value)
        if name in fields or worth:
            rows.append({"field": name, "system": source, "drift": canonical[name], "agreed": agreed.value})
    spec = ctx.map(entity, source).spec
    for one in spec.where:
        if one != spec.numbered and one.field in native and unmet_condition((one,), native) is not None:
            agreed_text = one.value if isinstance(one.value, str) else ", ".join(one.value or ())
            rows.append(
                {"field": one.field, "system": source, "drift": native[one.field], "agreed": agreed_text}
            )
    return rows


def target_rows(ctx: Context, entity: str, link: Link, target: str, native: Mapping[str, Any]) -> list[Row]:
    """What the record that was made shows otherwise than it was made; fields that `native` lacks are as they
    were."""
    object_map, flow = ctx.map(entity, target), ctx.flow.entities[entity]
    paths = {path for name in watched_fields(flow) for path in object_map.native_paths.get(name, ())}
    shown = read_seen(
        object_map, {path: native[path] for path in paths if path in native}, ctx.tables_of(target)
    )
    agreed: dict[str, Any] = {
        one.field: link.base[one.field].value for one in flow.references if one.field in link.base
    }
    agreed["net"] = made_net(ctx, entity, link, target)
    rows: list[Row] = [
        {"field": name, "system": target, "drift": shown[name], "agreed": value}
        for name, value in agreed.items()
        if shown.get(name) is not None and value is not None and shown[name] != value
    ]
    key = object_map.spec.key_path
    if key and key in native and str(native[key] or "") != target_key(link.link_id, link.generation):
        ours = target_key(link.link_id, link.generation)
        rows.append({"field": "reference", "system": target, "drift": native[key], "agreed": ours})
    return rows


def made_net(ctx: Context, entity: str, link: Link, target: str) -> Decimal | None:
    """The net total that the record was made with: of its lines as they were sent, else of what was agreed
    where prices are net."""
    flow, side = ctx.flow.entities[entity], link.sides[target]
    object_map = ctx.map(entity, target)
    paths = object_map.native_paths.get("lines", ())
    heads = {path.partition(".")[0] for path in paths}
    sent = {path: side.seen[path] for path in heads if path in side.seen}
    lines = read_seen(object_map, sent, ctx.tables_of(target)).get("lines") if sent else None
    if lines is None and "lines" in link.base and (flow.pricing is None or flow.pricing.prices == "net"):
        lines = link.base["lines"].value
    return net_of(lines)


def net_of(lines: Sequence[Mapping[str, Any]] | None) -> Decimal | None:
    """What these lines come to, each rounded to pence; None where a figure is missing."""
    if lines is None:
        return None
    worth = [line_net(line) for line in lines]
    return None if None in worth else sum(filter(None, worth), Decimal(0))


def in_words(ctx: Context, entity: str, row: Row) -> tuple[str, str, str]:
    """The field as people call it, with what is there now and what was agreed, in their words. Lines are told
    by what they come to, where that differs."""
    name, values = str(row["field"]), [row["drift"], row["agreed"]]
    nets = [net_of(one) if isinstance(one, list) else one for one in values]
    if name == "lines" and nets[0] != nets[1]:
        name, values = "net", nets
    now, agreed = texts_of(ctx, ctx.flow.entities[entity], name, values)
    return "net total" if name == "net" else name, now, agreed

"""Fields that an integration's own rules leave on one side only, so that nothing of them is carried over.

The shipped flows leave many fields on one side on purpose: a rule reads them, or the other system has nothing
like them. Told is only what somebody's own rules name, or what they changed from two sides to one.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.record import record
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.mapping.model import EntityFlow, Flow

_WORKED_OUT = frozenset(
    {
        "discount",
        "discount_amount",
        "discount_in_percent",
        "net",
        "nominal",
        "tax",
        "tax_code",
        "tax_rate",
    }
)
"""Of a line: what prices and tax are made from, or made."""


@record
class OneSided:
    """`field` of `entity` is mapped in `system` alone, as `native`; `lacks` has no field for it. `lines`: it
    is a field of the lines. `looked_up`: the flow only looks such records up, so none of their fields goes
    anywhere. `no_way`: both sides have it, but it cannot be written the way that the flow goes."""

    entity: str
    field: str
    system: str
    lacks: str
    native: str
    lines: bool = False
    looked_up: bool = False
    no_way: bool = False


def one_sided(flow: Flow, rules: Mapping[str, str]) -> list[OneSided]:
    """`rules` are those that the integration lays over the shipped ones."""
    if not rules:
        return []
    shipped = _shipped(flow.name)
    before = {_key(one) for one in _all(shipped)} if shipped else set()
    named = _named(flow, rules)
    return [
        one
        for one in _all(flow)
        if _own(one, named) or not (one.looked_up or one.no_way or _key(one) in before)
    ]


def _own(one: OneSided, named: set[tuple[str, str, str]]) -> bool:
    return not one.lines and (one.entity, one.field, one.system) in named


def _key(one: OneSided) -> tuple[str, str, str, bool]:
    return one.entity, one.field, one.system, one.lines


def _shipped(name: str) -> Flow | None:
    try:
        return compile_flow(name)
    except RuleInvalid:  # the whole flow is somebody's own
        return None


def _all(flow: Flow) -> Iterator[OneSided]:
    for name, entity in flow.entities.items():
        if entity.off:
            continue
        used = _used(flow, name)
        for here, there in ((flow.crm, flow.sage), (flow.sage, flow.crm)):
            if here in entity.maps:
                yield from _of(entity, here, there, used)


def _of(entity: EntityFlow, here: str, there: str, used: frozenset[str]) -> Iterator[OneSided]:
    own, other = entity.maps[here], entity.maps.get(there)

    def told(name: str, paths: tuple[str, ...] = (), **how: bool) -> OneSided:
        native = ", ".join(paths or own.native_paths.get(name, ()))
        return OneSided(entity.entity, name, here, there, native, **how)

    if entity.lookup_only or other is None:
        yield from (told(name, looked_up=True) for name in sorted(own.fields - used))
        return
    yield from (told(name) for name in sorted(own.fields - other.fields - used))
    both = (own.fields & other.fields) - used - entity.fields.keys()
    yield from (told(name, no_way=True) for name in sorted(both))
    if "lines" in own.fields & other.fields:
        names = sorted(own.line_fields.keys() - other.line_fields.keys() - _WORKED_OUT)
        yield from (told(name, own.line_fields[name], lines=True) for name in names)


def _used(flow: Flow, name: str) -> frozenset[str]:
    """What a rule of the flow reads, whether it is carried or not."""
    entity = flow.entities[name]
    found = {one.field for one in entity.references} | {key for keys in entity.match for key in keys}
    for one in entity.requirements:
        found |= {one.field, str(one.value)}
    for table in (entity.lock, entity.joined, entity.numbering, entity.unique):
        found |= {str(getattr(table, "field", ""))}
    found |= set(entity.unique.add) if entity.unique else set()
    found |= set(entity.watch.fields) if entity.watch else set()
    found |= {entity.figures.total} if entity.figures else set()
    for other in flow.entities.values():
        here = [one for one in other.references if one.entity == name]
        found |= {one.by for one in here if one.by}
        asked = [text for one in other.requirements for text in (one.field, str(one.value))]
        found |= {text.partition(".")[2] for text in asked for one in here if text.startswith(f"{one.name}.")}
    return frozenset(found)


def _named(flow: Flow, rules: Mapping[str, str]) -> set[tuple[str, str, str]]:
    """(entity, field, system) that the rules name."""
    found: set[tuple[str, str, str]] = set()
    for file, text in rules.items():
        data = tomllib.loads(text)
        if file.startswith("systems/"):
            _, system, name = file.split("/")
            found |= {(name.removesuffix(".toml"), field, system) for field in _table(data, "fields")}
            continue
        for entity in flow.entities:
            stated = _table(data, entity)
            for system in (flow.crm, flow.sage):
                own = (*_table(stated, "fields"), *_table(stated, "on", system, "fields"))
                found |= {(entity, field, system) for field in own}
    return found


def _table(data: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}

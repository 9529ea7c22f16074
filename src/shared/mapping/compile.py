"""Compiles a whole flow once per version of its rules.

`compile_flow` reads the shipped files, lays the overrides over them, checks everything and caches the result
by content: the second call with the same texts costs one hash.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path as File

from shared.entities.registry import ENTITIES, PARTS
from shared.errors import RuleInvalid
from shared.mapping.directions import DirectionRefused, Wish, resolve
from shared.mapping.flow_rules import entity_flow
from shared.mapping.maps import ObjectMap
from shared.mapping.model import EntityFlow, Flow
from shared.mapping.object_map import compile_object
from shared.mapping.rules import Credit
from shared.mapping.schema import CreditLine, EntityRules
from shared.mapping.shapes import ended
from shared.mapping.source import Layer, Source, all_of, choose, each
from shared.mapping.validate import entity_rules

LEFT_OUT = "left_out"
"""The table of a flow file that says what the pair cannot carry, and why."""
_ROOT = File(__file__).parent.parent
_MEANING = "1"
"""Increased whenever the compiler gives the same text a different meaning."""


def compile_flow(
    name: str, overrides: Mapping[str, str] | None = None, directions: Mapping[str, str] | None = None
) -> Flow:
    """`overrides`: file name relative to `shared/` -> text laid over it. `directions`: entity -> the
    direction that an integration chose. Raises RuleInvalid, with a line for each fault."""
    return _compile(name, tuple(sorted((overrides or {}).items())), tuple(sorted((directions or {}).items())))


def shipped_flows() -> tuple[str, ...]:
    """Names of the flows that come with Tieout."""
    return tuple(sorted(path.stem for path in (_ROOT / "flows").glob("*.toml")))


@lru_cache(maxsize=16)
def _compile(
    name: str, overrides: tuple[tuple[str, str], ...], directions: tuple[tuple[str, str], ...]
) -> Flow:
    if name not in shipped_flows() and f"flows/{name}.toml" not in dict(overrides):
        raise RuleInvalid(ended(f'There is no flow "{name}"; {choose(name, shipped_flows())}'))
    rules = _Rules(dict(overrides))
    source = rules.flow(f"flows/{name}.toml")
    crm, sage = _systems(source)
    entities: dict[str, EntityFlow] = {}
    all_of(
        lambda: rules.refuse_unknown((crm, sage)),
        lambda: entities.update(_entities((crm, sage), dict(directions), source, rules)),
    )
    rules.refuse_unused((crm, sage))
    return Flow(name, crm, sage, rules.version(directions), entities, _left_out(source))


def _entities(
    systems: tuple[str, str], directions: Mapping[str, str], source: Source, rules: "_Rules"
) -> dict[str, EntityFlow]:
    names = [key for key in source.data if key not in ("systems", LEFT_OUT)]
    stated = dict(zip(names, each(names, lambda entity: _stated(entity, source)), strict=True))
    ways = _directions(stated, directions, source)

    def make(entity: str) -> EntityFlow:
        wanted = stated[entity].model_copy(update={"direction": ways[entity]})
        return _entity(entity, systems, wanted, source, rules)

    entities = dict(zip(names, each(names, make), strict=True))
    _references_known(entities, source)
    _links_known(entities, source)
    return entities


def _left_out(source: Source) -> Mapping[str, str]:
    found = source.data.get(LEFT_OUT, {})
    if not isinstance(found, dict) or not all(isinstance(why, str) and why for why in found.values()):
        raise source.fault((LEFT_OUT,), 'write one line for each thing: WHAT = "the reason"')
    return found


def _stated(entity: str, source: Source) -> EntityRules:
    if entity not in ENTITIES or entity in PARTS:
        known = [name for name in ENTITIES if name not in PARTS]
        raise source.fault((entity,), f'"{entity}" is not an entity; {choose(entity, known)}')
    if not isinstance(source.data[entity], dict):
        raise source.fault((entity,), f"this must be a table: write [{entity}]")
    rules = entity_rules(source, entity)
    systems = source.data["systems"]
    for system in rules.on:
        if system not in systems:
            raise source.fault(
                (entity, "on", system), f'"{system}" is not of this flow; {choose(system, systems)}'
            )
    return rules


def _directions(
    stated: Mapping[str, EntityRules], chosen: Mapping[str, str], source: Source
) -> dict[str, str]:
    """The direction of each entity, with the integration's choices applied."""
    for entity, item in stated.items():
        for key, others in (("needs", item.needs), ("follows", [item.follows] if item.follows else [])):
            for other in others:
                if other not in stated:
                    raise source.fault(
                        (entity, key), f'this flow has no entity "{other}"; {choose(other, stated)}'
                    )
    try:
        return resolve(
            {
                entity: Wish(item.direction, tuple(item.needs), item.follows)
                for entity, item in stated.items()
            },
            chosen,
        )
    except DirectionRefused as no:
        where = (no.entity, "direction") if not chosen else ()
        raise source.fault(where, f"directions.{no.entity}: {no}" if chosen else str(no)) from None


class _Rules:
    """The texts of one compilation: shipped files and overrides, and which of them were used."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self._overrides = overrides
        self._used: dict[str, str | None] = {}

    def flow(self, name: str) -> Source:
        self._flow = self._source(name, None)
        return self._flow

    def object(self, system: str, entity: str) -> Source:
        """How `system` represents `entity`, with what the flow lays over it."""
        return self._source(_file(system, entity), Layer(self._flow, (entity, "on", system)))

    def _source(self, name: str, between: Layer | None) -> Source:
        path = _ROOT / name
        shipped = path.read_text("utf-8") if path.is_file() else None
        self._used[name] = shipped
        return Source(name, shipped, self._overrides.get(name), between)

    def exists(self, system: str, entity: str) -> bool:
        name = _file(system, entity)
        return name in self._overrides or (_ROOT / name).is_file()

    def refuse_unused(self, systems: tuple[str, str]) -> None:
        """Once everything is read. Raises RuleInvalid."""
        each([name for name in self._overrides if name not in self._used], partial(self._refuse, systems))

    def refuse_unknown(self, systems: tuple[str, str]) -> None:
        """What no flow between these systems could read. Raises RuleInvalid."""
        known = {*self._used, *_files(systems)}
        each([name for name in self._overrides if name not in known], partial(self._refuse, systems))

    def _refuse(self, systems: tuple[str, str], name: str) -> None:
        known = [*self._used, *_files(systems)]
        raise RuleInvalid(ended(f'"{name}" is not a rule file of this flow; {choose(name, known)}'))

    def version(self, directions: Iterable[tuple[str, str]]) -> str:
        texts = [_MEANING, *(f"{entity}={way}" for entity, way in directions)]
        for name in sorted(self._used):
            texts += [name, self._used[name] or "", self._overrides.get(name, "")]
        return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


def _file(system: str, entity: str) -> str:
    return f"systems/{system}/{entity}.toml"


def _files(systems: tuple[str, str]) -> list[str]:
    return [_file(system, entity) for system in systems for entity in ENTITIES]


def _systems(source: Source) -> tuple[str, str]:
    systems = source.data.get("systems")
    if not (
        isinstance(systems, list) and len(systems) == 2 and all(isinstance(item, str) for item in systems)
    ):
        raise source.fault(
            ("systems",), 'name the two systems, the CRM first, such as ["sugarcrm", "sage_50"]'
        )
    if systems[0] == systems[1]:
        raise source.fault(
            ("systems",), f'"{systems[0]}" is named twice; a flow connects two different systems'
        )
    return systems[0], systems[1]


def _entity(
    entity: str, systems: tuple[str, str], stated: EntityRules, source: Source, rules: _Rules
) -> EntityFlow:
    maps: dict[str, ObjectMap] = {}

    def read(system: str) -> None:
        if rules.exists(system, entity):
            maps[system] = compile_object(system, entity, rules.object(system, entity))
        elif not stated.lookup_only:
            raise source.fault((entity,), f"{system} has no rules for {entity}: add {_file(system, entity)}")

    each(systems, read)
    flow = _with_items(entity_flow(entity, systems, stated, maps, source), systems[1], source, rules)
    return flow if stated.credit is None else _with_credit(flow, systems, stated.credit, source, rules)


def _with_credit(
    flow: EntityFlow, systems: tuple[str, str], stated: CreditLine, source: Source, rules: _Rules
) -> EntityFlow:
    """The CRM's fields of the credit position, in a rule file of their own: no other rule writes them."""
    crm, ledger = systems
    if flow.entity != "account":
        raise source.fault((flow.entity, "credit"), "only account has a credit position: remove this table")
    if not rules.exists(crm, "credit_position"):
        raise source.fault(
            (flow.entity, "credit"), f"{crm} has no fields for it: add {_file(crm, 'credit_position')}"
        )
    fields = compile_object(crm, "credit_position", rules.object(crm, "credit_position"))
    reference = flow.maps[crm].spec.natural_path if crm in flow.maps else None
    if flow.lookup_only and reference is None:
        raise source.fault(
            (flow.entity, "credit"), f'accounts of {crm} are found by "natural" of its account.toml: add it'
        )
    made = Credit(crm, ledger, fields, flow.lookup_only, reference or "", stated.foreign == "write")
    return replace(flow, credit=made)


def _with_items(flow: EntityFlow, ledger: str, source: Source, rules: _Rules) -> EntityFlow:
    """What the flow's prices need of the ledger's own products. Rules of a user's own that say where the
    nominal of a line comes from mean it, unless the flow is told otherwise."""
    pricing, table = flow.pricing, (flow.entity, "pricing")
    if pricing is None:
        return flow
    lines = rules.object(ledger, flow.entity)
    if lines.overrides(("lines", "fields", "nominal")) and not source.overrides((*table, "nominal_from")):
        pricing = replace(pricing, nominal_from="line")
    if pricing.asks_ledger:
        if not rules.exists(ledger, "product"):
            raise source.fault(
                table, f'"ledger" needs the products of {ledger}: add {_file(ledger, "product")}'
            )
        items = compile_object(ledger, "product", rules.object(ledger, "product"))
        pricing = replace(pricing, items=items)
    return replace(flow, pricing=pricing)


def _references_known(entities: Mapping[str, EntityFlow], source: Source) -> None:
    for flow in entities.values():
        if flow.turned_from is not None and flow.turned_from not in entities:
            raise source.fault(
                (flow.entity, "turned_from"),
                f'"{flow.turned_from}" is not in this flow; {choose(flow.turned_from, entities)}',
            )
        for item in flow.references:
            path = (flow.entity, "references", item.name)
            other = entities.get(item.entity)
            if other is None or item.system not in other.maps:
                raise source.fault(
                    (*path, "entity"),
                    f"the flow does not read {item.entity} in {item.system}; "
                    f"add [{item.entity}] with lookup_only = true",
                )
            readable = other.maps[item.system].readable
            if item.by is not None and item.by not in readable:
                raise source.fault(
                    (*path, "by"),
                    f'"{item.by}" is not a readable field of {item.entity} in {item.system}; '
                    f"{choose(item.by, readable)}",
                )


def _links_known(entities: Mapping[str, EntityFlow], source: Source) -> None:
    """A reference by link needs an entity of the flow whose records get links."""
    for flow in entities.values():
        for link in {one for item in flow.maps.values() for one in item.links} if not flow.off else ():
            other = entities.get(link.entity)
            if other is None or other.lookup_only or other.off:
                raise source.fault(
                    (flow.entity,),
                    f'"{link.field}" refers to {link.entity} records, which this flow does not '
                    f"synchronise: switch {link.entity} on, or remove the field on both sides",
                )

"""One entity of a flow: what it refers to, what is required of it, how it is matched and priced.

Everything is checked when the rules are loaded. Which way its fields go: `field_rules`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from shared.entities.registry import kinds
from shared.mapping.field_rules import (
    Systems,
    check_direction,
    check_supplied,
    check_worklist,
    fields_of,
    winner_of,
)
from shared.mapping.joined_rules import deletes_of, joined_of, known_system, numbering_of
from shared.mapping.maps import ObjectMap
from shared.mapping.matching_rules import matching_of, unique_rule
from shared.mapping.model import EntityFlow
from shared.mapping.rules import Figures, Lock, Pricing, Reference, Requirement
from shared.mapping.schema import EntityRules, RequirementLine
from shared.mapping.source import Source, choose
from shared.mapping.watch_rules import watched

_NEEDS_NUMBER = ("max_places", "at_most")


def entity_flow(
    entity: str, systems: Systems, rules: EntityRules, maps: Mapping[str, ObjectMap], source: Source
) -> EntityFlow:
    """Raises RuleInvalid."""
    check_direction(rules.direction, systems, source, (entity, "direction"), "off")
    fields = (
        {}
        if rules.lookup_only or rules.direction == "off"
        else fields_of(entity, systems, rules, maps, source)
    )
    flow = EntityFlow(
        entity=entity,
        direction=rules.direction,
        create_once=rules.create_once,
        fields=fields,
        winner=winner_of(entity, systems, rules, source),
        match=tuple(tuple(keys) for keys in rules.match),
        deletes=rules.deletes if isinstance(rules.deletes, str) else "hold",
        deletes_by=deletes_of(entity, systems, rules, maps, source),
        delete_days=rules.delete_days,
        references=tuple(_references(entity, systems, rules, source)),
        requirements=tuple(_requirements(entity, systems, rules, source)),
        pricing=_pricing(entity, rules, source),
        maps=dict(maps),
        lookup_only=rules.lookup_only,
        taken=rules.taken,
        figures=_figures(entity, systems, rules, source),
        lock=_lock(entity, systems, rules, maps, source),
        watch=watched(entity, rules, source),
        fresh_seconds=rules.fresh_seconds,
        matching=matching_of(rules, maps),
        unique=unique_rule(entity, systems, rules, maps, source),
        joined=joined_of(entity, systems, rules, maps, source),
        numbering=numbering_of(entity, systems, rules, maps, source),
        turned_from=rules.turned_from,
    )
    _match(flow, source)
    if not rules.lookup_only and not flow.off:
        check_supplied(flow, systems, source)
        check_worklist(flow, source)
    return flow


def _match(flow: EntityFlow, source: Source) -> None:
    shared = (
        frozenset.intersection(*(item.readable for item in flow.maps.values())) if flow.maps else frozenset()
    )
    for keys in flow.match:
        for name in keys:
            if name not in shared:
                raise source.fault(
                    (flow.entity, "match"),
                    f'"{name}" cannot be compared: it is not readable on both sides; {choose(name, shared)}',
                )


def _references(entity: str, systems: Systems, rules: EntityRules, source: Source) -> Iterable[Reference]:
    for name, item in rules.references.items():
        path = (entity, "references", name)
        if item.field not in kinds(entity):
            raise source.fault(
                (*path, "field"),
                f'"{item.field}" is not a field of {entity}; {choose(item.field, kinds(entity))}',
            )
        if item.system not in systems:
            raise source.fault(
                (*path, "system"),
                f'"{item.system}" is not a system of this flow; {choose(item.system, systems)}',
            )
        yield Reference(name, item.field, item.entity, item.system, item.by)


def _requirements(entity: str, systems: Systems, rules: EntityRules, source: Source) -> Iterable[Requirement]:
    for name, item in rules.require.items():
        path = (entity, "require", name)
        _known_field(entity, item.field, rules, source, (*path, "field"))
        _requirement_value(entity, item, rules, source, (*path, "value"))
        value = tuple(item.value) if isinstance(item.value, list) else item.value
        value = Decimal(value) if isinstance(value, int) else value
        if item.source is not None and item.source not in systems:
            raise source.fault(
                (*path, "source"),
                f'"{item.source}" is not a system of this flow; {choose(item.source, systems)}',
            )
        yield Requirement(item.rule, item.field, value, item.message, name, item.source, item.hold, item.new)


def _requirement_value(
    entity: str, item: RequirementLine, rules: EntityRules, source: Source, path: tuple[str, ...]
) -> None:
    if item.rule in _NEEDS_NUMBER and not isinstance(item.value, (int, Decimal)):
        raise source.fault(path, f'"{item.rule}" needs a number as its value')
    if item.rule == "one_of" and not isinstance(item.value, list):
        raise source.fault(path, '"one_of" needs a list of texts as its value')
    if item.rule == "within_credit":
        _credit_rule(item, rules, source, path[:-1])
    elif item.rule == "equals":
        if not isinstance(item.value, str):
            raise source.fault(
                path, '"equals" needs the name of another field as its value, such as "customer.currency"'
            )
        _known_field(entity, item.value, rules, source, path)
    elif item.rule not in (*_NEEDS_NUMBER, "one_of") and item.value is not None:
        raise source.fault(path, f'"{item.rule}" takes no value; remove it')


def _credit_rule(item: RequirementLine, rules: EntityRules, source: Source, path: tuple[str, ...]) -> None:
    if item.value not in (None, "no_credit"):
        raise source.fault(
            (*path, "value"), '"within_credit" takes no value, or "no_credit": then a limit of 0 is one'
        )
    if not rules.create_once or item.field.partition(".")[2] != "balance":
        raise source.fault(
            (*path, "field"),
            '"within_credit" needs the balance of a reference as its field, such as "customer.balance", of '
            "an entity with create_once = true",
        )


def _known_field(entity: str, field: str, rules: EntityRules, source: Source, path: tuple[str, ...]) -> None:
    name, dot, rest = field.partition(".")
    if dot and name not in rules.references:
        raise source.fault(path, f'"{name}" is not a reference of {entity}; {choose(name, rules.references)}')
    owner = rules.references[name].entity if dot else entity
    wanted = rest if dot else name
    try:
        known = kinds(owner)
    except KeyError:
        raise source.fault((entity, "references", name, "entity"), f'"{owner}" is not an entity') from None
    if wanted not in known:
        raise source.fault(path, f'"{wanted}" is not a field of {owner}; {choose(wanted, known)}')


def _pricing(entity: str, rules: EntityRules, source: Source) -> Pricing | None:
    stated = rules.pricing
    if stated is None:
        return None
    table = (entity, "pricing")
    tax_from = stated.tax_from
    own_code = stated.tax_code and source.overrides((*table, "tax_code"))
    if own_code and not source.overrides((*table, "tax_from")):
        tax_from = "flow"  # rules of a user's own that give one code for all mean it
    if tax_from == "flow" and not stated.tax_code:
        raise source.fault(
            (*table, "tax_code"), 'tax_from = "flow" needs the ledger\'s tax code here, such as "T1"'
        )
    return Pricing(
        stated.prices,
        stated.tax_code,
        tax_from,
        stated.penny,
        stated.rounding,
        stated.total_check and stated.by == "document",
        stated.nominal_from,
        stated.home,
        by=stated.by,
        discounts_on=tuple(stated.discounts_on),
        both_discounts=stated.both_discounts,
    )


def _figures(entity: str, systems: Systems, rules: EntityRules, source: Source) -> Figures | None:
    stated = rules.figures
    if stated is None:
        return None
    path = (entity, "figures")
    if "lines" not in kinds(entity):
        raise source.fault(path, f"{entity} has no lines, so there is nothing to add up; remove this table")
    if stated.total not in kinds(entity):
        raise source.fault(
            (*path, "total"),
            f'"{stated.total}" is not a field of {entity}; {choose(stated.total, kinds(entity))}',
        )
    for key, system in (("rates", stated.rates), ("items", stated.items)):
        if system is not None:
            known_system(system, systems, source, (*path, key))
    return Figures(
        stated.total,
        stated.rates,
        stated.items,
        stated.penny,
        tuple(stated.codes),
        tuple(stated.tax_codes),
    )


def _lock(
    entity: str, systems: Systems, rules: EntityRules, maps: Mapping[str, ObjectMap], source: Source
) -> Lock | None:
    stated = rules.lock
    if stated is None:
        return None
    path = (entity, "lock")
    known_system(stated.system, systems, source, (*path, "system"))
    readable = maps[stated.system].readable
    if stated.field not in readable:
        what = f'"{stated.field}" is not read from {stated.system}'
        raise source.fault((*path, "field"), f"{what}; {choose(stated.field, readable)}")
    return Lock(stated.system, stated.field, tuple(stated.open))

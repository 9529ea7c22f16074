"""One entity of a flow: which fields can go which way, who wins, what is required. Everything is checked when
the rules are loaded."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from shared.entities.registry import kinds
from shared.mapping.joined_rules import deletes_of, joined_of, numbering_of
from shared.mapping.matching_rules import matching_of, unique_rule
from shared.mapping.model import (
    EntityFlow,
    FieldRule,
    Figures,
    Lock,
    ObjectMap,
    Pricing,
    Reference,
    Requirement,
)
from shared.mapping.schema import EntityRules, FlowField, RequirementLine
from shared.mapping.source import Source, choose
from shared.mapping.watch_rules import watched

Systems = tuple[str, str]
_NEEDS_NUMBER = ("max_places", "at_most")


def entity_flow(
    entity: str, systems: Systems, rules: EntityRules, maps: Mapping[str, ObjectMap], source: Source
) -> EntityFlow:
    """Raises RuleInvalid."""
    _direction(rules.direction, systems, source, (entity, "direction"), "off")
    fields = (
        {} if rules.lookup_only or rules.direction == "off" else _fields(entity, systems, rules, maps, source)
    )
    flow = EntityFlow(
        entity=entity,
        direction=rules.direction,
        create_once=rules.create_once,
        fields=fields,
        winner=_winner(entity, systems, rules, source),
        match=tuple(tuple(keys) for keys in rules.match),
        deletes=rules.deletes if isinstance(rules.deletes, str) else "hold",
        deletes_by=deletes_of(entity, systems, rules, source),
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
    )
    _match(flow, source)
    if not rules.lookup_only and not flow.off:
        _required_given(flow, systems, source)
        _worklist_empties(flow, source)
    return flow


def _direction(value: str, systems: Systems, source: Source, path: tuple[str, ...], *more: str) -> None:
    allowed = ["both", *(f"from {system}" for system in systems), *more]
    if value not in allowed:
        raise source.fault(path, f'"{value}" is not a direction; {choose(value, allowed)}')


def _origins(name: str, systems: Systems, maps: Mapping[str, ObjectMap]) -> set[str]:
    """The systems that this field can come from: readable there, writable on the other side."""
    return {
        here
        for here, there in (systems, systems[::-1])
        if name in maps[here].readable and name in maps[there].writable
    }


def _fields(
    entity: str, systems: Systems, rules: EntityRules, maps: Mapping[str, ObjectMap], source: Source
) -> dict[str, FieldRule]:
    mapped = maps[systems[0]].fields | maps[systems[1]].fields
    for name in rules.fields:
        if name not in mapped:
            raise source.fault(
                (entity, "fields", name), f'"{name}" is mapped on neither side; {choose(name, mapped)}'
            )
    made: dict[str, FieldRule] = {}
    for name in sorted(mapped, key=list(kinds(entity)).index):
        rule = _field(name, entity, systems, rules, maps, source)
        if rule is not None:
            made[name] = rule
    return made


def _field(
    name: str,
    entity: str,
    systems: Systems,
    rules: EntityRules,
    maps: Mapping[str, ObjectMap],
    source: Source,
) -> FieldRule | None:
    stated = rules.fields.get(name)
    path = (entity, "fields", name)
    wanted = stated.direction if stated and stated.direction else None
    if wanted:
        _direction(wanted, systems, source, (*path, "direction"), "off")
    origins = _origins(name, systems, maps)
    asked = wanted or rules.direction
    froms = set(systems) if asked == "both" else {asked.removeprefix("from ")}
    if wanted and wanted != "off" and not froms <= origins:
        raise source.fault((*path, "direction"), _impossible(name, froms - origins, systems))
    left = origins & froms
    if asked == "off" or not left:
        return FieldRule(name, "off") if asked == "off" else None
    direction = "both" if len(left) == 2 else f"from {left.pop()}"
    stated = stated or FlowField()
    if direction == "both" and not stated.once and "accept" not in (stated.lossy, rules.lossy):
        _refuse_lossy(name, systems, maps, source, path)
    return FieldRule(name, direction, stated.conflict, stated.drift, stated.once, stated.emptied)


def _impossible(name: str, froms: set[str], systems: Systems) -> str:
    here = sorted(froms)[0]
    there = systems[1] if here == systems[0] else systems[0]
    return (
        f'"{name}" cannot go from {here} to {there}: it must be readable in {here} and writable in {there} '
        f"(see [fields] of both rule files, one-way transforms included)"
    )


def _refuse_lossy(
    name: str, systems: Systems, maps: Mapping[str, ObjectMap], source: Source, path: tuple[str, ...]
) -> None:
    losses = {system: maps[system].lossy[name] for system in systems if name in maps[system].lossy}
    if len(set(losses.values())) == 1 and len(losses) == 2:
        return
    for system, loss in losses.items():
        raise source.fault(
            path,
            f"it {loss} in {system} but goes both ways, so an edit there would shorten the other "
            "side; "
            f'give it a direction ("from {systems[0]}" or "from {systems[1]}"), or lossy = "accept"',
        )


def _winner(entity: str, systems: Systems, rules: EntityRules, source: Source) -> tuple[str, ...]:
    winner = tuple(rules.winner or systems)
    for name in winner:
        if name not in systems:
            raise source.fault(
                (entity, "winner"), f'"{name}" is not a system of this flow; {choose(name, systems)}'
            )
    if len(set(winner)) != len(winner) or len(winner) != 2:
        raise source.fault(
            (entity, "winner"),
            f"name each system once, the winner first; {list(winner)} does not do that "
            "(with a preference cycle the two sides would never agree)",
        )
    return winner


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
        yield Requirement(item.rule, item.field, value, item.message, name, item.source, item.hold)


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
        stated.total_check,
        stated.nominal_from,
        stated.home,
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
        if system is not None and system not in systems:
            raise source.fault(
                (*path, key), f'"{system}" is not a system of this flow; {choose(system, systems)}'
            )
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
    if stated.system not in systems:
        raise source.fault(
            (*path, "system"),
            f'"{stated.system}" is not a system of this flow; {choose(stated.system, systems)}',
        )
    readable = maps[stated.system].readable
    if stated.field not in readable:
        what = f'"{stated.field}" is not read from {stated.system}'
        raise source.fault((*path, "field"), f"{what}; {choose(stated.field, readable)}")
    return Lock(stated.system, stated.field, tuple(stated.open))


_PRICED = {"lines.tax_code", "lines.tax_rate", "lines.net", "lines.tax"}


def _required_given(flow: EntityFlow, systems: Systems, source: Source) -> None:
    """Whatever a target needs on a create must come from the other side, from pricing or from a default."""
    for here, there in (systems, systems[::-1]):
        if flow.direction not in ("both", f"from {here}"):
            continue
        given = set(flow.maps[here].readable) | (_PRICED if flow.pricing else set())
        for name in sorted(flow.maps[there].required):
            field = name.partition(".")[0]
            if name not in given and ("." not in name or field not in given):
                raise source.fault(
                    (flow.entity,),
                    f'{there} needs "{name}" on every {flow.entity}, but nothing in '
                    f"systems/{here}/{flow.entity}.toml supplies it: add a line for it",
                )


def _worklist_empties(flow: EntityFlow, source: Source) -> None:
    """A record leaves a worklist when the filter no longer finds it, so the flow must fill in a field that
    the filter requires to be blank."""
    for system, item in flow.maps.items():
        if item.spec.poll_mode != "worklist":
            continue
        blank = {condition.field for condition in item.spec.where if condition.op == "blank"}
        written = {
            path
            for name, rule in flow.fields.items()
            if rule.direction not in ("off", f"from {system}") and name in item.writable
            for path in item.native_paths.get(name, ())
        }
        if not blank & written:
            raise source.fault(
                (flow.entity,),
                (
                    f"the worklist of {system} would never become empty: [poll.where] in "
                    f"systems/{system}/{flow.entity}.toml wants "
                    f"{_list(blank)} to be blank, but this flow writes {_list(written)}"
                ),
            )


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"

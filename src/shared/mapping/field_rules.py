"""Which way each field of an entity goes, who wins, and whether what a target or a list needs is written.

Everything is checked when the rules are loaded; every function raises RuleInvalid, with file and line.
"""

from collections.abc import Mapping

from shared.entities.registry import kinds
from shared.mapping.maps import ObjectMap
from shared.mapping.model import EntityFlow
from shared.mapping.rules import FieldRule
from shared.mapping.schema import EntityRules, FlowField
from shared.mapping.source import Source, choose

Systems = tuple[str, str]
_PRICED = {"lines.tax_code", "lines.tax_rate", "lines.net", "lines.tax"}


def check_direction(value: str, systems: Systems, source: Source, path: tuple[str, ...], *more: str) -> None:
    """`more`: values that are allowed beside `both` and `from SYSTEM`."""
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


def fields_of(
    entity: str, systems: Systems, rules: EntityRules, maps: Mapping[str, ObjectMap], source: Source
) -> dict[str, FieldRule]:
    """Name -> rule of every field that goes some way, in the entity's order."""
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
        check_direction(wanted, systems, source, (*path, "direction"), "off")
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
    made_from = _made_from(stated.made_from, direction, systems, source, (*path, "made_from"))
    return FieldRule(name, direction, stated.conflict, stated.drift, stated.once, stated.emptied, made_from)


def _made_from(
    stated: str | None, direction: str, systems: Systems, source: Source, path: tuple[str, ...]
) -> str:
    if stated is None:
        return ""
    if stated not in systems:
        raise source.fault(path, f'"{stated}" is not a system of this flow; {choose(stated, systems)}')
    if direction in ("both", f"from {stated}"):
        raise source.fault(
            path, f'"made_from" needs a direction from the other system, and it is "{direction}"; remove it'
        )
    return stated


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


def winner_of(entity: str, systems: Systems, rules: EntityRules, source: Source) -> tuple[str, ...]:
    """Both systems, the one that wins a conflict first."""
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


def check_supplied(flow: EntityFlow, systems: Systems, source: Source) -> None:
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


def check_worklist(flow: EntityFlow, source: Source) -> None:
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

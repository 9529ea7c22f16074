"""Two kinds of records that refer to each other: a contact needs its account (the right takes none without),
and an account may name its main contact. Names go both ways; references are compared as links, whatever the
ids on each side."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.mapping.faults import LinkMissing
from shared.mapping.links import LinkField
from shared.mapping.maps import ObjectMap
from shared.mapping.model import EntityFlow, Flow
from shared.mapping.rules import FieldRule
from shared.ports import ObjectSpec
from shared.sync.engine import Context, Engine
from shared.systems.memory import MemorySystem
from tests.properties.pair import IN_USE, KEY, STRONG, Deletes
from tests.properties.ports import Ticker
from tests.properties.rig import Rig

LEFT, RIGHT = "left", "right"
ACCOUNT, CONTACT = "account", "contact"
FIELDS = {ACCOUNT: ("name", "main_contact"), CONTACT: ("name", "account")}
REFERS = {ACCOUNT: ("main_contact", CONTACT), CONTACT: ("account", ACCOUNT)}
OBJECTS = {LEFT: {ACCOUNT: "Accounts", CONTACT: "Contacts"}, RIGHT: {ACCOUNT: "customer", CONTACT: "person"}}


def path_of(system: str, name: str) -> str:
    return f"{name}_c" if system == LEFT else f"cust_{name}"


def object_map(system: str, entity: str) -> ObjectMap:
    names, (refers, kind) = FIELDS[entity], REFERS[entity]
    paths = {name: path_of(system, name) for name in names}

    def read(values: Mapping[str, Any], tables: Any) -> dict[str, Any]:
        view: dict[str, Any] = {name: values[path] or None for name, path in paths.items() if path in values}
        if view.get(refers) is not None:
            if view[refers] not in tables[f"link.{kind}"]:
                raise LinkMissing(refers, paths[refers], kind, native=view[refers])
            view[refers] = tables[f"link.{kind}"][view[refers]]
        return view

    def write(
        view: Mapping[str, Any], tables: Any, notes: list[str], creating: bool = False
    ) -> dict[str, Any]:
        values = {paths[name]: value for name, value in view.items() if name in paths}
        if view.get(refers) is not None:
            if view[refers] not in tables[f"native.{kind}"]:
                raise LinkMissing(refers, paths[refers], kind, link=view[refers])
            values[paths[refers]] = tables[f"native.{kind}"][view[refers]]
        return values

    spec = ObjectSpec(
        system,
        entity,
        OBJECTS[system][entity],
        "id",
        None,
        (*paths.values(), KEY),
        poll_mode="cursor",
        key_path=KEY,
        label_paths=(paths["name"],),
        archive={IN_USE: False},
    )
    needed = frozenset({"account"}) if system == RIGHT and entity == CONTACT else frozenset[str]()
    return ObjectMap(
        spec,
        frozenset(names),
        frozenset(names),
        frozenset(names),
        needed,
        {},
        frozenset(),
        {name: (path,) for name, path in paths.items()},
        read,
        write,
        links=(LinkField(kind, refers, paths[refers]),),
    )


def family_flow(deletes: Deletes = "hold", winner: tuple[str, str] = (LEFT, RIGHT)) -> Flow:
    entities = {}
    for entity, names in FIELDS.items():
        rules = {name: FieldRule(name, "both") for name in names}
        maps = {system: object_map(system, entity) for system in (LEFT, RIGHT)}
        entities[entity] = EntityFlow(
            entity, "both", False, rules, winner, (("name",),), deletes, (), (), None, maps, False
        )
    return Flow("family", LEFT, RIGHT, "v1", entities)


def family_rig(make: Callable[[Context], Engine] = Engine, deletes: Deletes = "hold") -> Rig:
    clock = Ticker()
    systems = {name: MemorySystem(name, clock, capabilities=STRONG) for name in (LEFT, RIGHT)}
    return Rig(family_flow(deletes), systems, clock, make)


def put(rig: Rig, system: str, entity: str, record_id: str, **values: Any) -> None:
    """As a person would; a new record has every field, blank where not given."""
    known = record_id in rig.systems[system].objects.get(OBJECTS[system][entity], {})
    made = {} if known else {**{path_of(system, name): None for name in FIELDS[entity]}, IN_USE: True}
    rig.systems[system].put(
        OBJECTS[system][entity],
        record_id,
        {**made, **{path_of(system, name): value for name, value in values.items()}},
    )


def shown(rig: Rig, system: str, entity: str) -> dict[str, dict[str, Any]]:
    """record id -> its fields, references as native ids."""
    return {
        record_id: {name: values.get(path_of(system, name)) for name in FIELDS[entity]}
        for record_id, values in rig.systems[system].objects.get(OBJECTS[system][entity], {}).items()
    }


def links_of(rig: Rig) -> dict[tuple[str, str, str], str]:
    """(system, entity, record id) -> link, for the records that are alive on both sides."""
    found = {}
    for link in rig.links():
        sides = {
            system: side.id
            for system, side in link.sides.items()
            if side.id in shown(rig, system, link.entity)
        }
        if set(sides) == {LEFT, RIGHT}:
            found.update(
                {(system, link.entity, record_id): link.link_id for system, record_id in sides.items()}
            )
    return found


def strayed(rig: Rig) -> list[str]:
    """References of records on both sides that do not lead to counterparts, though one leads to a record that
    has one (S1). What leads to a record that was deleted leads nowhere, and a person has it to correct."""
    known, faults = links_of(rig), []
    for link in rig.links():
        if (
            len(link.sides) < 2
            or any(side.gone for side in link.sides.values())
            or (link.outcome and link.outcome.kind in ("held", "waiting"))
        ):
            continue
        name, kind = REFERS[link.entity]
        led: dict[str, str | None] = {LEFT: None, RIGHT: None}
        dead = False
        for system, side in link.sides.items():
            native = shown(rig, system, link.entity).get(side.id, {}).get(name)
            led[system] = known.get((system, kind, native or ""), native or None)
            dead = dead or (native is not None and native not in shown(rig, system, kind))
        if not dead and led[LEFT] != led[RIGHT] and not {led[LEFT], led[RIGHT]}.isdisjoint(known.values()):
            faults.append(f"{link.entity} {link.link_id[:6]}: {name} {led}")
    return faults

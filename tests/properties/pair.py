"""A two-way flow of six fields between two memory systems, built by hand from the mapping's own facts.

`name` and `email` go both ways (the right side keeps emails in lower case), `notes` from the left only and cut to eight
characters on the right, `limit` from the left, `status` from the right, and a conflict over `terms` is a person's to decide.
"""

from collections.abc import Callable, Mapping
from typing import Any

from shared.mapping.model import EntityFlow, FieldRule, Flow, ObjectMap
from shared.ports import ObjectSpec
from shared.sync.engine import Context, Engine
from shared.systems.memory import MemorySystem
from tests.properties.ports import Ticker
from tests.properties.rig import Rig

LEFT, RIGHT, ENTITY = "left", "right", "account"
FIELDS = ("name", "email", "notes", "limit", "status", "terms")
TWO_WAY = ("name", "email", "terms")
SOURCES = {"notes": LEFT, "limit": LEFT, "status": RIGHT}
OBJECTS = {LEFT: "Accounts", RIGHT: "customer"}
PATHS = {LEFT: {field: f"{field}_c" for field in FIELDS}, RIGHT: {field: f"cust{field.title()}" for field in FIELDS}}
KEY = "tieoutKey"


def shown_as(system: str, field: str, value: Any) -> Any:
    """The normal form of a value on that side."""
    if system == RIGHT and isinstance(value, str):
        return value[:8] if field == "notes" else value.lower() if field == "email" else value
    return value


def object_map(system: str) -> ObjectMap:
    paths = PATHS[system]

    def read(values: Mapping[str, Any], tables: Any) -> dict[str, Any]:
        return {field: values[path] or None for field, path in paths.items() if path in values}

    def write(view: Mapping[str, Any], tables: Any, notes: list[str], creating: bool = False) -> dict[str, Any]:
        return {paths[field]: shown_as(system, field, value) for field, value in view.items() if field in paths}

    spec = ObjectSpec(system, ENTITY, OBJECTS[system], "id", None, (*paths.values(), KEY), poll_mode="cursor",
                      key_path=KEY, label_path=paths["name"])
    lossy = {"notes": "is cut to 8 characters"} if system == RIGHT else {}
    return ObjectMap(spec, frozenset(FIELDS), frozenset(FIELDS), frozenset(FIELDS), frozenset(), lossy, frozenset(),
                     {field: (path,) for field, path in paths.items()}, read, write)


def pair_flow(winner: tuple[str, str] = (LEFT, RIGHT), version: str = "v1") -> Flow:
    rules = {field: FieldRule(field, f"from {SOURCES[field]}" if field in SOURCES else "both",
                              "hold" if field == "terms" else "winner") for field in FIELDS}
    entity = EntityFlow(ENTITY, "both", False, rules, winner, (("name",),), "hold", (), (), None,
                        {system: object_map(system) for system in (LEFT, RIGHT)}, False)
    return Flow("pair", LEFT, RIGHT, version, {ENTITY: entity})


def pair_rig(make: Callable[[Context], Engine] = Engine, winner: tuple[str, str] = (LEFT, RIGHT)) -> Rig:
    clock = Ticker()
    return Rig(pair_flow(winner), {system: MemorySystem(system, clock) for system in (LEFT, RIGHT)}, clock, make)


def edit(rig: Rig, system: str, record_id: str, **values: Any) -> None:
    """As a person would; a new record has every field, blank where not given."""
    known = record_id in rig.systems[system].objects.get(OBJECTS[system], {})
    made = {} if known else dict.fromkeys(PATHS[system].values())
    rig.systems[system].put(OBJECTS[system], record_id, {
        **made, **{PATHS[system][field]: shown_as(system, field, value) for field, value in values.items()}})


def records(rig: Rig, system: str) -> dict[str, dict[str, Any]]:
    """record id -> canonical values."""
    return {record_id: {field: values.get(path) for field, path in PATHS[system].items()}
            for record_id, values in rig.systems[system].objects.get(OBJECTS[system], {}).items()}


def sync(rig: Rig, system: str, *ids: str) -> None:
    """A webhook for each record, delivered."""
    rig.notify(system, ENTITY, *ids)
    rig.drain()

"""A two-way flow of seven fields between two memory systems, built by hand from the mapping's own facts.

`name` and `email` go both ways (the right side keeps emails in lower case), `notes` from the left only and
cut to eight characters on the right, `limit` from the left, `status` from the right, `owner` is handed over
once, and a conflict over `terms` is a person's to decide. What the vendors themselves are like is in
`Vendors`.
"""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.mapping.maps import ObjectMap
from shared.mapping.model import EntityFlow, Flow
from shared.mapping.rules import FieldRule
from shared.ports import Capabilities, ObjectSpec
from shared.sync.engine import Context, Engine
from shared.systems.memory import MemorySystem
from tests.properties.ports import Ticker
from tests.properties.rig import Rig

LEFT, RIGHT, ENTITY = "left", "right", "account"
FIELDS = ("name", "email", "notes", "limit", "status", "terms", "owner")
TWO_WAY = ("name", "email", "terms")
SOURCES = {"notes": LEFT, "limit": LEFT, "status": RIGHT}
ONCE = ("owner",)
OBJECTS = {LEFT: "Accounts", RIGHT: "customer"}
PATHS = {
    LEFT: {field: f"{field}_c" for field in FIELDS},
    RIGHT: {field: f"cust{field.title()}" for field in FIELDS},
}
KEY, IN_USE = "tieoutKey", "inUse"
Deletes = Literal["keep", "archive", "hold"]

STRONG = Capabilities(conditional_write=True, key_search=True, batch_update=50, deletes=True)
IDEMPOTENT = Capabilities(idempotent_create=True, idempotent_seconds=86400)
TRACES = Capabilities(traces=True, deletes=True)


def no_emoji(value: Any) -> Any:
    return "".join(sign for sign in value if ord(sign) < 0x10000) if isinstance(value, str) else value


def plain_text(value: Any) -> Any:
    """As vendors do that take what is typed for HTML, and cut it to what their column holds."""
    return html.unescape(value)[:14] if isinstance(value, str) else value


@dataclass(frozen=True)
class Vendors:
    """`able`: what each side can do. `forms`: what each makes of a field without the map's knowing of it."""

    able: Mapping[str, Capabilities] = field(default_factory=lambda: {LEFT: STRONG, RIGHT: STRONG})
    forms: Mapping[str, Mapping[str, Callable[[Any], Any]]] = field(default_factory=dict)

    def form(self, system: str, name: str, value: Any) -> Any:
        """What that side shows of a value: the declared form, and what nobody declared."""
        changed = self.forms.get(system, {}).get(name, lambda value: value)
        return changed(shown_as(system, name, value))

    def systems(self, clock: Ticker) -> dict[str, MemorySystem]:
        return {
            system: MemorySystem(
                system,
                clock,
                capabilities=able,
                forms={PATHS[system][name]: form for name, form in self.forms.get(system, {}).items()},
            )
            for system, able in self.able.items()
        }


USUAL = Vendors()
WEAK = Vendors({LEFT: TRACES, RIGHT: IDEMPOTENT})
LOSSY = Vendors(
    forms={LEFT: {"email": no_emoji, "notes": no_emoji}, RIGHT: {"name": plain_text, "terms": no_emoji}}
)


def shown_as(system: str, field: str, value: Any) -> Any:
    """The normal form of a value on that side."""
    if system == RIGHT and isinstance(value, str):
        return value[:8] if field == "notes" else value.lower() if field == "email" else value
    return value


def object_map(system: str, able: Capabilities = STRONG) -> ObjectMap:
    paths = PATHS[system]

    def read(values: Mapping[str, Any], tables: Any) -> dict[str, Any]:
        return {field: values[path] or None for field, path in paths.items() if path in values}

    def write(
        view: Mapping[str, Any], tables: Any, notes: list[str], creating: bool = False
    ) -> dict[str, Any]:
        return {
            paths[field]: shown_as(system, field, value) for field, value in view.items() if field in paths
        }

    spec = ObjectSpec(
        system,
        ENTITY,
        OBJECTS[system],
        "id",
        None,
        (*paths.values(), KEY),
        poll_mode="cursor",
        key_path=KEY if able.key_search else None,
        label_paths=(paths["name"],),
        witness=(paths["name"], paths["email"]),
        archive={IN_USE: False},
    )
    lossy = {"notes": "is cut to 8 characters"} if system == RIGHT else {}
    return ObjectMap(
        spec,
        frozenset(FIELDS),
        frozenset(FIELDS),
        frozenset(FIELDS),
        frozenset(),
        lossy,
        frozenset(),
        {field: (path,) for field, path in paths.items()},
        read,
        write,
    )


def pair_flow(
    winner: tuple[str, str] = (LEFT, RIGHT),
    version: str = "v1",
    deletes: Deletes = "hold",
    vendors: Vendors = USUAL,
) -> Flow:
    rules = {
        field: FieldRule(
            field,
            f"from {SOURCES[field]}" if field in SOURCES else "both",
            "hold" if field == "terms" else "winner",
            once=field in ONCE,
        )
        for field in FIELDS
    }
    entity = EntityFlow(
        ENTITY,
        "both",
        False,
        rules,
        winner,
        (("name",),),
        deletes,
        (),
        (),
        None,
        {system: object_map(system, vendors.able[system]) for system in (LEFT, RIGHT)},
        False,
    )
    return Flow("pair", LEFT, RIGHT, version, {ENTITY: entity})


def pair_rig(
    make: Callable[[Context], Engine] = Engine,
    winner: tuple[str, str] = (LEFT, RIGHT),
    deletes: Deletes = "hold",
    vendors: Vendors = USUAL,
) -> Rig:
    clock = Ticker()
    return Rig(pair_flow(winner, "v1", deletes, vendors), vendors.systems(clock), clock, make)


def edit(rig: Rig, system: str, record_id: str, **values: Any) -> None:
    """As a person would; a new record has every field, blank where not given."""
    known = record_id in rig.systems[system].objects.get(OBJECTS[system], {})
    made = {} if known else {**dict.fromkeys(PATHS[system].values()), IN_USE: True}
    rig.systems[system].put(
        OBJECTS[system],
        record_id,
        {**made, **{PATHS[system][field]: shown_as(system, field, value) for field, value in values.items()}},
    )


def records(rig: Rig, system: str) -> dict[str, dict[str, Any]]:
    """record id -> canonical values."""
    return {
        record_id: {field: values.get(path) for field, path in PATHS[system].items()}
        for record_id, values in rig.systems[system].objects.get(OBJECTS[system], {}).items()
    }


def archived(rig: Rig, system: str) -> set[str]:
    return {
        record_id
        for record_id, values in rig.systems[system].objects.get(OBJECTS[system], {}).items()
        if values.get(IN_USE) is False
    }


def sync(rig: Rig, system: str, *ids: str) -> None:
    """A webhook for each record, delivered."""
    rig.notify(system, ENTITY, *ids)
    rig.drain()

"""Who is to be erased: the records of one link, or one record without a link, and what tells who it is."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from shared.domain.erasure import Eraser, Person
from shared.domain.link import ChangeEvent, Link, Side
from shared.domain.record import record
from shared.mapping.maps import ObjectMap
from shared.mapping.model import Flow

PEOPLE = ("account", "contact", "user")
"""Entities that are somebody. A document is the books' own, and stays; it is erased with neither party."""
_TELLING = (
    "name", "full_name", "contact_name", "email", "phone", "phone_2", "mobile", "fax", "reference",
    "vat_number", "street", "notes", "username",
)  # fmt: skip
_SHORTEST = 4


@record
class Subject:
    """The records of one person: system -> id. `link`: None for one that was only ever logged."""

    entity: str
    sides: Mapping[str, str]
    link: Link | None
    eraser: Eraser

    @property
    def digest(self) -> str:
        """From which whoever knows the record can show that it was this one."""
        named = "/".join([self.entity, *(part for side in sorted(self.sides.items()) for part in side)])
        return hashlib.sha256(named.encode()).hexdigest()

    def concerns(self, event: ChangeEvent) -> bool:
        return event.entity == self.entity and self.sides.get(event.system) == event.record_id


def person_of(
    flow: Flow,
    entity: str,
    sides: Mapping[str, str],
    link: Link | None,
    label: str = "",
    also: Iterable[str] = (),
) -> Person:
    """`sides`: system -> record id. `also`: what else tells who it is."""
    maps = flow.entities[entity].maps
    texts = {label, *(one.label for one in link.sides.values())} if link else {label}
    texts |= set(also)
    for system, side in link.sides.items() if link else ():
        texts |= set(_telling(maps[system], side))
    for name in _TELLING:
        base = link.base.get(name) if link else None
        if base is not None and isinstance(base.value, str):
            texts.add(base.value)
    return Person(
        frozenset(one for one in sides.values() if one),
        {maps[system].spec.id_path: _other_ids(flow, entity, system) for system in sides if system in maps},
        frozenset(text.strip() for text in texts if len(text.strip()) >= _SHORTEST),
    )


def _telling(object_map: ObjectMap, side: Side) -> Iterator[str]:
    def seen(name: str) -> str:
        """The field as that side shows it; blank for a field of several parts."""
        paths = object_map.native_paths.get(name, ())
        return str(side.seen.get(paths[0]) or "") if len(paths) == 1 else ""

    yield from filter(None, (seen(name) for name in _TELLING))
    first, last = seen("first_name"), seen("last_name")
    if first and last:
        yield from (f"{first} {last}", f"{last}, {first}", f"{last} {first}")


def _other_ids(flow: Flow, entity: str, system: str) -> frozenset[str]:
    """What names other kinds of records there, where that is another field than our own."""
    found = {
        one.maps[system].spec.id_path
        for name, one in flow.entities.items()
        if name != entity and system in one.maps
    }
    own = flow.entities[entity].maps
    return frozenset(found - {own[system].spec.id_path} if system in own else found)


def references(link: Link | None) -> frozenset[str]:
    """What the ledger calls the customer, beside the id."""
    base = link.base.get("reference") if link else None
    return frozenset({base.value}) if base is not None and isinstance(base.value, str) else frozenset()

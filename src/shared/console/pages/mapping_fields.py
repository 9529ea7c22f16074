"""What the mapping editor knows of the systems' own fields, and what it says to that."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from shared.bootstrap import Services
from shared.console.visit import Visit
from shared.domain.record import record
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.model import Flow
from shared.mapping.one_sided import one_sided
from shared.mapping.shapes import near
from shared.operations.check_sides import sentence
from shared.operations.mapping_rows import Row
from shared.operations.mapping_suggest import suggestions
from shared.operations.read_fields import KnownFields, known_fields
from shared.operations.settings_text import Parts
from shared.ports import FieldInfo

_PATIENCE = 180
"""Seconds in which the page looks for the fields that it was asked to have read."""


@record
class Live:
    """The systems' own field lists of one kind of record, as they were last read."""

    lists: Mapping[str, KnownFields]

    def of(self, system: str) -> tuple[FieldInfo, ...]:
        found = self.lists.get(system)
        return (found.fields or ()) if found is not None else ()

    def field(self, system: str, place: str) -> FieldInfo | None:
        return next((one for one in self.of(system) if one.name == place), None)

    def waiting(self, visit: Visit) -> bool:
        """Whether what a person asked for a moment ago is not there yet."""
        since = visit.query.get("since", "")
        if not since.isdecimal() or len(since) > 12 or visit.now.timestamp() - int(since) > _PATIENCE:
            return False
        asked = datetime.fromtimestamp(int(since), visit.now.tzinfo)
        return not self.lists or any(one.at < asked for one in self.lists.values())


def live(services: Services, entity: str) -> Live:
    found, maps = known_fields(services), services.flow.entities[entity].maps
    kept = {system: found.get((system, one.spec.object)) for system, one in maps.items()}
    return Live({system: one for system, one in kept.items() if one is not None})


def suggested(opened: Row, listed: Sequence[Row], known: Live) -> dict[str, list[FieldInfo]]:
    """system -> its fields that the opened row may mean, where it has none there yet."""
    if opened.in_lines:
        return {}
    made = {}
    for system in known.lists:
        used = {one.sides[system].place for one in listed if system in one.sides}
        if system not in opened.sides:
            made[system] = suggestions(opened.name, opened.kind, known.of(system), used)
    return made


def warned(flow: Flow, parts: Parts, entity: str, listed: Sequence[Row], known: Live) -> list[str]:
    """What is no fault, but carries nothing over or is not there."""
    told = [sentence(one) for one in one_sided(flow, parts.rules) if one.entity == entity]
    return [*told, *_absent(listed, known)]


def _absent(listed: Sequence[Row], known: Live) -> Iterator[str]:
    for one in listed:
        for system, side in one.sides.items():
            names = [field.name for field in known.of(system)]
            for place in side.place.split(", ") if names and side.own and not one.in_lines else ():
                # Fields of related records and custom fields found by their label are no part of it.
                if place and place not in names and not any(mark in place for mark in "./@"):
                    yield (
                        f"{title(system)} has no field “{place}” in its own list, which {words(one.name)} is "
                        f"mapped to{near(place, names)}"
                    )

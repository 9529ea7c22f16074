"""Which record is meant: found in what is stored, else by asking the systems, by id and then by name."""

from collections.abc import Iterator
from contextlib import suppress

from shared.bootstrap import Services
from shared.domain.titles import title
from shared.errors import SyncError
from shared.operations.find_records import Found, find_records
from shared.operations.known_links import Name
from shared.ports import Gone, ObjectSpec


def meant(services: Services, text: str) -> list[Name]:
    """The records that may be meant; one, as a rule. SYSTEM/ENTITY/ID is taken as it is said. Where nothing
    is stored, every list that the flow knows is asked for the id, and then for the name."""
    if text.count("/") == 2:
        system, entity, record_id = text.strip().split("/")
        return [(system, entity, record_id)]
    found = [_first(one) for one in find_records(services.stores, services.flow, text)]
    return found or [*_by_id(services, text)] or [*_by_name(services, text)]


def _first(found: Found) -> Name:
    """Where it came from, as a person knows it."""
    if found.link is not None:
        return found.link.origin_system, found.link.entity, found.link.origin_id
    if found.row is not None:
        return found.row.system, found.row.entity, found.row.record_id
    return min(found.names)


def not_asked(services: Services) -> list[str]:
    """The systems that are not called now, each with why."""
    gates = services.stores.gate.read(sorted(services.integration.connections))
    return [f"{title(system)}: {gate.reason}" for system, gate in gates.items() if gate.state != "ok"]


def _lists(services: Services) -> Iterator[tuple[str, str, ObjectSpec]]:
    gates = services.stores.gate.read(sorted(services.integration.connections))
    for entity, flow in services.flow.entities.items():
        for system, object_map in flow.maps.items():
            if gates[system].state == "ok":
                yield system, entity, object_map.spec


def _by_id(services: Services, text: str) -> Iterator[Name]:
    for system, entity, spec in _lists(services):
        with suppress(SyncError):  # an id of another system's form, or no right: then it is not this one
            reading = services.systems[system].read(spec, [text])[text]
            if not isinstance(reading, Gone):
                yield system, entity, text


def _by_name(services: Services, text: str) -> Iterator[Name]:
    for system, entity, spec in _lists(services):
        paths = [*spec.label_paths[:1], *filter(None, (spec.number_path, spec.natural_path))]
        seen = set[str]()
        for path in dict.fromkeys(paths):
            with suppress(SyncError):
                hits = services.systems[system].find(spec, path, [text])[text]
                seen |= {one.id for one in hits}
        yield from ((system, entity, record_id) for record_id in sorted(seen))

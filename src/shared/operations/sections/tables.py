"""Value tables: which value of a system means which of ours. `[tables.NAME]` of a system's file."""

from collections.abc import Iterable, Iterator, Mapping

from shared.domain.record import record
from shared.domain.titles import title
from shared.errors import RuleInvalid
from shared.operations.mapping_rows import Row, sources_of
from shared.operations.sections.model import Given, Line, Section
from shared.operations.sections.said import Spot, is_own, now_at, with_keys, without_own
from shared.operations.settings_text import Parts


@record
class Users:
    """Fields that go by a table: ours, and where it stands in the system."""

    names: tuple[str, ...]
    places: tuple[str, ...]


def users_of(listed: Iterable[Row], system: str, name: str) -> Users:
    found = [
        (row.name, row.sides[system].place)
        for row in listed
        if system in row.sides and row.sides[system].line.get("table") == name
    ]
    return Users(tuple(one for one, _ in found), tuple(place for _, place in found))


def listed(parts: Parts, entity: str, rows: Iterable[Row]) -> Iterator[Section]:
    """Those that are stated, and those that a field asks for and nobody has written yet."""
    rows = list(rows)
    for system in sources_of(parts, entity):
        stated = now_at(parts, Spot(system, entity, ("tables",)))
        asked = [str(row.sides[system].line.get("table") or "") for row in rows if system in row.sides]
        for name in dict.fromkeys((*stated, *filter(None, asked))):
            spot = spot_of(system, entity, name)
            pairs = now_at(parts, spot)
            yield Section(
                f"table:{system}:{name}",
                "table",
                system,
                name,
                tuple(Line(key, "", (one,)) for key, one in pairs.items() if isinstance(one, str)),
                own=is_own(parts, spot),
                hidden=tuple(key for key, one in pairs.items() if not isinstance(one, str)),
                fields=users_of(rows, system, name).names,
            )


def spot_of(system: str, entity: str, name: str) -> Spot:
    return Spot(system, entity, ("tables", name))


def changed(parts: Parts, entity: str, section: Section, given: Given) -> Parts:
    """A line without one of ours takes the native value out of the table. Raises RuleInvalid."""
    spot, system = spot_of(section.system, entity, section.name), title(section.system)
    wanted, faults = {key: now_at(parts, spot)[key] for key in section.hidden}, []
    for number, line in enumerate(given.lines, 1):
        if not line.name:
            faults.append(f"row {number} of {section.name}: enter the value of {system}, or empty the row")
        elif line.name in wanted and line.values:
            faults.append(
                f"row {number} of {section.name}: {system}’s value “{line.name}” stands there twice"
            )
        elif line.values:
            wanted[line.name] = line.values[0]
    if faults:
        raise RuleInvalid("\n".join(faults))
    return with_keys(parts, spot, wanted)


def as_shipped(parts: Parts, entity: str, section: Section) -> Parts:
    return without_own(parts, spot_of(section.system, entity, section.name))


def missing(section: Section, choices: Mapping[str, str]) -> list[str]:
    """Values that the system offers, and no line has."""
    there = {line.name for line in section.lines}
    return [one for one in choices if one not in there]

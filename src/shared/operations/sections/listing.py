"""All sections of one kind of record, by the names that a form knows them by."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from shared.operations.mapping_rows import Row
from shared.operations.sections import conditions, demands, fixed, prices, tables
from shared.operations.sections.model import Given, Kind, Section
from shared.operations.settings_text import Parts


class _Kind(Protocol):
    """One of the modules beside this one."""

    def changed(self, parts: Parts, entity: str, section: Section, given: Given) -> Parts: ...
    def as_shipped(self, parts: Parts, entity: str, section: Section) -> Parts: ...


_BY_KIND: Mapping[Kind, _Kind] = {
    "table": tables,
    "where": conditions,
    "closed": conditions,
    "line-where": conditions,
    "require": demands,
    "constants": fixed,
    "line-constants": fixed,
    "prices": prices,
}


def sections(parts: Parts, entity: str, rows: Iterable[Row]) -> list[Section]:
    """In the order of the page. Raises RuleInvalid for texts that are not TOML."""
    return [
        *conditions.listed(parts, entity),
        *demands.listed(parts, entity),
        *tables.listed(parts, entity, rows),
        *prices.listed(parts, entity),
        *fixed.listed(parts, entity),
    ]


def section_of(found: Iterable[Section], name: str) -> Section | None:
    """The one with this id; that of a new condition is always there."""
    return demands.new() if name == demands.NEW else next((one for one in found if one.id == name), None)


def with_section(parts: Parts, entity: str, section: Section, given: Given) -> Parts:
    """As a form has it. Raises RuleInvalid, with all faults, a line each."""
    return _BY_KIND[section.kind].changed(parts, entity, section, given)


def as_shipped(parts: Parts, entity: str, section: Section) -> Parts:
    """Without anything that the integration's own rules say of it."""
    return _BY_KIND[section.kind].as_shipped(parts, entity, section)


def switched_off(parts: Parts, entity: str, section: Section) -> Parts:
    """Of a requirement: it is asked no longer. Raises RuleInvalid."""
    return demands.switched_off(parts, entity, section) if section.kind == "require" else parts

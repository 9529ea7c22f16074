"""References between records: natively another record's id, canonically the link that joins that record's
sides.

A link is the same on every side, so references are compared and carried over as links. Before it reads or
writes, the engine loads which records are linked: `tables["link.ENTITY"]` is native id -> link,
`tables["native.ENTITY"]` the way back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.domain.record import record
from shared.mapping.faults import LinkMissing
from shared.mapping.numbers import Convert, Spot
from shared.mapping.texts import plain


def link_reader(spot: Spot) -> Convert:
    entity = spot.entity

    def read(value: Any, table: Mapping[str, str]) -> str | None:
        found = plain(value, spot)
        if found is None:
            return None
        if found not in table:
            raise LinkMissing(spot.field, spot.path, entity, native=found)
        return table[found]

    return read


def link_writer(spot: Spot) -> Convert:
    entity = spot.entity

    def write(value: Any, table: Mapping[str, str]) -> str:
        if value is None:
            return ""
        if value not in table:
            raise LinkMissing(spot.field, spot.path, entity, link=value)
        return table[value]

    return write


@record
class LinkField:
    """A field that refers to `entity`: `field` and `path` are in the record itself, or inside each line if
    `lines` names the list."""

    entity: str
    field: str
    path: str
    lines: str = ""


def native_links(fields: Sequence[LinkField], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(entity, native id) of every reference in these native values."""
    for one in fields:
        for row in _rows(values, one.lines):
            value = row.get(one.path)
            if value not in (None, ""):
                yield one.entity, str(value).strip()


def canonical_links(fields: Sequence[LinkField], view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(entity, link id) of every reference in these canonical values."""
    for one in fields:
        for row in _rows(view, "lines" if one.lines else ""):
            value = row.get(one.field)
            if value is not None:
                yield one.entity, str(value)


def _rows(values: Mapping[str, Any], lines: str) -> Iterable[Mapping[str, Any]]:
    return values.get(lines) or () if lines else (values,)

"""Which native values of a record a link remembers, and whether a reading still shows them.

Mapped values, what the poll filter looks at, whether the record is in use, and the ids of related records:
everything a decision rests on.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.domain.link import Link
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.mapping.maps import ObjectMap


@lru_cache(maxsize=256)
def seen_paths(object_map: ObjectMap) -> frozenset[str]:
    spec = object_map.spec
    mapped = {path for paths in object_map.native_paths.values() for path in paths}
    decided_on = {condition.field for condition in spec.where} | {
        one.id_field for one in spec.related if one.id_field
    }
    return frozenset(mapped | decided_on | set(spec.archive))


def seen_values(object_map: ObjectMap, values: Mapping[str, Any]) -> dict[str, Any]:
    wanted = seen_paths(object_map)
    seen = {path: value for path, value in values.items() if path in wanted}
    lines = object_map.line_map
    if lines is not None and isinstance(rows := seen.get(lines.path), list):
        seen[lines.path] = [_remembered(row, lines.kept) for row in rows]
    return seen


def _remembered(row: Any, kept: frozenset[str]) -> Any:
    """Of a line only what is mapped, and its id: what one side alone knows of it stays there."""
    return {name: value for name, value in row.items() if name in kept} if isinstance(row, Mapping) else row


def same_as_seen(object_map: ObjectMap, link: Link, system: str, values: Mapping[str, Any]) -> bool:
    """Whether this reading shows nothing that the link has not seen on that side."""
    side = link.sides.get(system)
    if side is None:
        return False
    now, told = seen_values(object_map, values), side.seen if side.shown is None else side.shown
    return now == told or _known_without_ids(object_map, now, told)


def _known_without_ids(object_map: ObjectMap, now: dict[str, Any], told: Mapping[str, Any]) -> bool:
    """A link that was stored before lines had ids shows nothing new because they have some now."""
    lines = object_map.line_map
    if lines is None or not lines.id or not isinstance(rows := told.get(lines.path), list):
        return False
    if any(lines.id in row for row in rows) or not isinstance(mine := now.get(lines.path), list):
        return False
    return {**now, lines.path: [_remembered(row, lines.kept - {lines.id}) for row in mine]} == told


def read_seen(
    object_map: ObjectMap, values: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """What was seen long ago, in canonical values. What cannot be read any more is left out, and is then
    compared anew."""
    left = dict(values)
    while left:
        try:
            return object_map.read(left, tables)
        except (FieldUnreadable, LinkMissing) as fault:
            broken = {
                path for part in fault.path.split(", ") for path in (part, part.partition(".")[0])
            } & left.keys()
            broken |= {one.lines for one in object_map.links if one.lines and one.path == fault.path}
            left = (
                {path: value for path, value in left.items() if path not in broken}
                if broken & left.keys()
                else {}
            )
    return {}

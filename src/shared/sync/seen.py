"""Which native values of a record a link remembers, and whether a reading still shows them.

Mapped values, what the poll filter looks at, whether the record is in use, and the ids of related records:
everything a decision rests on.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.domain.link import Link
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.mapping.model import ObjectMap


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
    return {path: value for path, value in values.items() if path in wanted}


def same_as_seen(object_map: ObjectMap, link: Link, system: str, values: Mapping[str, Any]) -> bool:
    """Whether this reading shows nothing that the link has not seen on that side."""
    side = link.sides.get(system)
    if side is None:
        return False
    return seen_values(object_map, values) == (side.seen if side.shown is None else side.shown)


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

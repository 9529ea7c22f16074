"""What people call a record beside its name: the number, reference or code that both systems, or one of them,
show of it."""

from collections.abc import Mapping
from typing import Any

from shared.domain.link import Link
from shared.mapping.model import EntityFlow

NUMBERS = ("number", "reference", "sku")
"""Fields that a person would search by, the one that is shown first."""


def number_of(entity: EntityFlow | None, link: Link) -> str:
    """Blank where nothing says one. As it stands in a system, that of the origin first, else as it was
    agreed on; without any look."""
    for name in NUMBERS:
        for system in sorted(link.sides, key=lambda one: (one != link.origin_system, one)):
            side = link.sides[system]
            value = _native(entity, system, name, side.seen if side.shown is None else side.shown)
            if value:
                return value
        base = link.base.get(name)
        if base is not None and base.value not in (None, ""):
            return str(base.value)
    return ""


def _native(entity: EntityFlow | None, system: str, name: str, values: Mapping[str, Any]) -> str:
    object_map = entity.maps.get(system) if entity is not None else None
    paths = object_map.native_paths.get(name, ()) if object_map is not None else ()
    value = values.get(paths[0]) if len(paths) == 1 else None
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""

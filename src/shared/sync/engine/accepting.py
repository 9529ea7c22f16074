"""Which system's value of a field a person may let stand, and whether it still is what they saw. Pure.

One rule for the page that offers it, the form that asks for it and the engine that does it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from shared.domain.link import Link
from shared.domain.outcomes import accepted
from shared.mapping.model import EntityFlow
from shared.sync.engine.joined import is_joined

Views = Mapping[str, Mapping[str, Any]]
"""system -> canonical values."""
_OF_THE_LINES = ("lines", "net", "tax", "amount", "shipping", "discount")
"""Of a document they belong together: one of them alone would make a total that is not that of its lines."""


def why_not(flow: EntityFlow, link: Link, name: str, system: str, views: Views, *, lost: bool = False) -> str:
    """Why the value of `system` cannot be made to stand, in a sentence; "" where it can. `lost`: it is one
    that no side shows any more, so that both are written."""
    rule = flow.fields.get(name)
    if rule is None or rule.direction == "off" or name == "picture":
        return accepted.not_carried(name)
    if flow.create_once:
        return accepted.made_once(flow.entity)
    if rule.once:
        return accepted.handed_over_once(name)
    if name in _OF_THE_LINES and any(one.line_map is not None for one in flow.maps.values()):
        return accepted.of_the_lines(name, flow.entity)
    others = [one for one in flow.maps if one != system]
    owner = flow.joined.source if flow.joined and is_joined(flow, link) else ""
    only = rule.direction.removeprefix("from ") if rule.direction != "both" else owner
    if only and only != system:
        return accepted.wrong_way(name, only, system)
    for one in (*others, system) if lost else others:
        if why := _unwritable(flow, link, name, one, views):
            return why
    return ""


def _unwritable(flow: EntityFlow, link: Link, name: str, system: str, views: Views) -> str:
    side, lock = link.sides.get(system), flow.lock
    if side is None or not side.id or side.gone:
        return accepted.not_there(system)
    if name not in flow.maps[system].writable:
        return accepted.not_writable(name, system)
    if lock is not None and lock.system == system:
        state = views.get(system, {}).get(lock.field)
        if state not in lock.open:
            return accepted.closed(system, side.label or side.id, state)
    return ""


def revision(link: Link, name: str) -> int:
    """Of the agreed value; -1 where nothing was agreed yet."""
    return link.base[name].rev if name in link.base else -1


def shown_by(flow: EntityFlow, link: Link, name: str) -> dict[str, str]:
    """system -> digest of what its record last showed of the field."""
    return {
        system: digest(flow, name, system, side.seen if side.shown is None else side.shown)
        for system, side in link.sides.items()
        if system in flow.maps
    }


def digest(flow: EntityFlow, name: str, system: str, native: Mapping[str, Any]) -> str:
    """Of the native values that the field is made of."""
    paths = sorted(flow.maps[system].native_paths.get(name, ()))
    told = repr([(path, _plain(native.get(path))) for path in paths])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """The same for a value that was stored in between."""
    if isinstance(value, Mapping):
        return sorted((str(key), repr(_plain(one))) for key, one in value.items())
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value

"""Changes of the log for people: what a field names by our own id is told by its name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from shared.domain.link import LogRow
from shared.domain.record import replace
from shared.ports import Stores
from shared.sync.told import LINKS, NAMELESS, named

_VALUES = ("before", "after", "lost", "drift", "agreed")


def names_of(stores: Stores, rows: Iterable[LogRow]) -> dict[str, str]:
    """Our own id -> what people call its record, of all that the changes name. 1 request for 100."""
    ids = sorted(own_ids(rows))
    loaded = stores.links.load(ids) if ids else {}
    return {
        link_id: next((side.label for side in one.link.sides.values() if side.label), NAMELESS)
        for link_id, one in loaded.items()
        if one.link is not None
    }


def own_ids(rows: Iterable[LogRow]) -> Collection[str]:
    found = set[str]()
    for row in rows:
        for change in row.changes:
            for shown in (change.get(name) for name in _VALUES):
                found |= {shown} if change.get("field") in LINKS and isinstance(shown, str) else set()
                for one in shown if isinstance(shown, list | tuple) else ():
                    parts = one if isinstance(one, Mapping) else {}
                    found |= {parts[name] for name in LINKS if isinstance(parts.get(name), str)}
    return found


def rows_named(rows: Sequence[LogRow], names: Mapping[str, str]) -> list[LogRow]:
    """The rows with names in their changes."""
    return [replace(row, changes=tuple(change_named(one, names) for one in row.changes)) for row in rows]


def change_named(change: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A record whose name is not known is not told by an id that means nothing to anybody."""
    told = {key: named(value, names) if key in _VALUES else value for key, value in change.items()}
    if change.get("field") in LINKS:
        lost = {key for key in _VALUES if isinstance(change.get(key), str) and change[key] not in names}
        told |= dict.fromkeys(lost, "another record")
    return told

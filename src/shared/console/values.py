"""What both systems last showed of a record, field by field and side by side. Calls no vendor: reference
tables are taken as they were last kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.bootstrap import Services
from shared.domain.link import Link
from shared.domain.record import record
from shared.domain.titles import title
from shared.mapping.as_itself import AS_ITSELF
from shared.mapping.model import ObjectMap
from shared.ports import Cache
from shared.settings import ENTITIES
from shared.sync.engine.reference_tables import Tables, tables_needed
from shared.sync.seen import read_seen

_FIRST = (
    "name",
    "number",
    "customer_name",
    "customer_ref",
    "amount",
    "net",
    "tax",
    "currency",
    "date",
    "status",
)


@record
class Field:
    """`values` by system; a system that does not map the field is not among them. `goes`: which way it is
    carried. `differs`: both sides have it, and not alike; `held`: why it is frozen, "" if it is not."""

    name: str
    values: Mapping[str, Any]
    goes: str
    differs: bool
    held: str

    @property
    def blank(self) -> bool:
        return not self.held and all(value in (None, "", [], ()) for value in self.values.values())


class _Kept:
    """The cache, read only: a page leaves nothing behind."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get(self, kind: str, keys: Sequence[str], now: datetime) -> dict[str, dict[str, Any]]:
        return self._cache.get(kind, keys, now)

    def put(self, kind: str, rows: Mapping[str, Mapping[str, Any]], until: datetime) -> None:
        """Nothing is kept."""

    def erase(self, found: Any, change: bool) -> int:
        return 0


class _Silent:
    """In place of a system: what is not kept is not known."""

    def table(self, name: str) -> list[dict[str, Any]]:
        return []


def views_of(services: Services, link: Link) -> dict[str, dict[str, Any]]:
    """system -> canonical values, ids of other records included. 1 request, where the entity needs reference
    tables; nothing while the stored rules are refused, which say what the values mean."""
    flow = services.flow.entities.get(link.entity)
    if flow is None or services.refused:
        return {}
    systems = [
        one for one in (services.flow.crm, services.flow.sage) if one in link.sides and one in flow.maps
    ]
    silent: Any = dict.fromkeys(services.systems, _Silent())
    tables = Tables(silent, tables_needed(services.flow), _Kept(services.stores.cache), services.clock.now)
    views = {}
    for system in systems:
        side = link.sides[system]
        native = side.seen if side.shown is None else side.shown
        known = {**tables.of(system), **{f"link.{entity}": AS_ITSELF for entity in ENTITIES}}
        views[system] = read_seen(flow.maps[system], native, known)
    return views


def fields_of(
    services: Services, link: Link, seen: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Field]:
    """`seen` are the values of `views_of`, where the caller has them already."""
    flow = services.flow.entities.get(link.entity)
    if flow is None:
        return []
    views = {
        system: _without_ids(view, flow.maps[system])
        for system, view in (seen or views_of(services, link)).items()
    }
    named = dict.fromkeys(name for view in views.values() for name in view)
    rules = flow.fields
    return [_field(services, rules.get(name), name, views, link) for name in sorted(named, key=_place)]


def _field(
    services: Services, rule: Any, name: str, views: Mapping[str, Mapping[str, Any]], link: Link
) -> Field:
    values = {system: view[name] for system, view in views.items() if name in view}
    direction = rule.direction if rule else ""
    differs, held = _differ([*values.values()]), link.held.get(name, "")
    return Field(name, values, _goes(services, direction), differs, held)


def _without_ids(view: Mapping[str, Any], object_map: ObjectMap) -> dict[str, Any]:
    """What only names another record by its id says nothing to people."""
    left = {
        name: value for name, value in view.items() if not any(one.field == name for one in object_map.links)
    }
    for one in object_map.links:
        rows = left.get("lines") if one.lines else None
        if isinstance(rows, list | tuple):
            left["lines"] = [{k: v for k, v in row.items() if k != one.field} for row in rows]
    return left


def _differ(values: Sequence[Any]) -> bool:
    """Lines are compared in what both sides have: a ledger knows more of each than an opportunity does."""
    if len(values) < 2 or all(value in (None, "", [], ()) for value in values):
        return False
    one, other = values
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) != len(other) or any(map(_unlike, one, other))
    return bool(one != other)


def _unlike(one: Any, other: Any) -> bool:
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return bool(one != other)
    return any(
        one[name] != other[name] for name in one.keys() & other.keys() if None not in (one[name], other[name])
    )


def _goes(services: Services, direction: str) -> str:
    crm, sage = services.flow.crm, services.flow.sage
    if direction == "both":
        return "both ways"
    if direction == f"from {crm}":
        return f"to {title(sage)}"
    if direction == f"from {sage}":
        return f"to {title(crm)}"
    return ""


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), "~" if name == "lines" else name)

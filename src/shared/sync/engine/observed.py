"""A reading in the form that the pure core takes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.mapping.model import ObjectMap
from shared.ports import Snapshot
from shared.record import replace
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.look import side_of
from shared.sync.observe import Observed
from shared.sync.seen import read_seen, seen_values


def observed_of(ctx: Context, job: Job, system: str, reading: Snapshot) -> Observed:
    """The reading in the form the pure core takes."""
    entity, side = job.event.entity, side_of(job, system)
    object_map, tables = ctx.map(entity, system), ctx.tables_of(system)
    spec = object_map.spec
    fresh = replace(side, id=reading.id, version=reading.version, observed_at=reading.observed_at,
                    label=spec.label(reading.values) or side.label, gone=False)
    return Observed(fresh, job.views[system], seen_values(object_map, reading.values),
                    read_seen(object_map, side.seen, tables), object_map.native_paths,
                    norm_of(object_map, tables), _time(reading.version), _uncompared(object_map, job.views[system], reading))


def _uncompared(object_map: ObjectMap, view: Mapping[str, Any], reading: Snapshot) -> frozenset[str]:
    return frozenset(one.path for one in object_map.links
                     if not one.lines and one.field not in view and reading.values.get(one.path) not in (None, ""))


def norm_of(object_map: ObjectMap, tables: Mapping[str, Mapping[str, Any]]) -> Callable[[str, Any], Any]:
    """The system's form of a value. A value that has none there (a tax it does not know) is its own."""
    links = {one.field for one in object_map.links if not one.lines}
    known: dict[tuple[str, Any], Any] = {}

    def norm(name: str, value: Any) -> Any:
        if name in links:
            return value
        if isinstance(value, list):
            return form(name, value)
        if (name, value) not in known:  # asked of the same value several times in one pass
            known[name, value] = form(name, value)
        return known[name, value]

    def form(name: str, value: Any) -> Any:
        try:
            return object_map.norm(name, value, tables)
        except (FieldUnreadable, LinkMissing):
            return value
    return norm


def _time(version: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(version) if version else None
    except ValueError:
        return None

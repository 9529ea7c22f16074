"""The sides of a link in one job: what each shows, and what it still has to get."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shared.domain.link import Side
from shared.domain.record import replace
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.mapping.maps import ObjectMap
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.engine.unreadable import without_unreadable
from shared.sync.lines import FIELD
from shared.sync.observe import SideReading, behind, delivered
from shared.sync.seen import read_seen, seen_values

PICTURE = "picture"
"""The field that names a record's picture: what is behind it goes apart from the fields (`pictures.py`)."""


def side_of(job: Job, system: str) -> Side:
    return job.link.sides.get(system) or Side(job.event.record_id if system == job.event.system else "")


def target_of(ctx: Context, job: Job) -> str:
    """The system other than the one the record came from."""
    origin = job.link.origin_system
    for system in job.flow.maps:
        if system != origin:
            return system
    raise AssertionError("a flow has two systems")


def target_side(ctx: Context, job: Job) -> str | None:
    target = target_of(ctx, job)
    side = job.link.sides.get(target)
    return target if side is not None and side.id and not side.gone else None


def label_of(ctx: Context, job: Job, system: str) -> str:
    side = job.link.sides.get(system)
    return (side.label or side.id) if side else ""


def due_sides(ctx: Context, job: Job, systems: list[str]) -> dict[str, dict[str, Any]]:
    """What each side still has to get. In a `create_once` flow the target gets nothing more. A missing side
    is due only where the flow may create there."""
    entity, found = job.event.entity, {}
    for system in systems:
        side = job.link.sides.get(system)
        if side is not None and (side.gone or (job.flow.create_once and system != job.link.origin_system)):
            continue
        if side is None and job.flow.direction == f"from {system}":
            continue
        lacking = behind(job.link, system, ctx.map(entity, system).writable, policies_of(ctx, job))
        if side is not None:
            lacking = {name: value for name, value in lacking.items() if not job.flow.fields[name].once}
        lacking.pop(PICTURE, None)
        if lacking:
            found[system] = lacking
    return without_unreadable(ctx, job, found)


def contributes(ctx: Context, job: Job, system: str) -> bool:
    """Whether any field takes this side's value, or what may be written there depends on it: lines go back
    with all that this side alone knows of them."""
    flow, policies = job.flow, policies_of(ctx, job)
    lock, lines = flow.lock, flow.maps[system].line_map
    return (
        (lock is not None and lock.system == system)
        or (lines is not None and FIELD in policies)
        or any(system in policy.sources for policy in policies.values())
    )


def drop_what_is_there(ctx: Context, job: Job) -> None:
    """Takes out of `due` what a side has already: what became agreed only after that side was read."""
    for system, fields in list(job.plan.due.items()):
        values, side = job.found.canonical.get(system, {}), job.link.sides.get(system)
        if side is None:
            continue
        norm = norm_of(ctx.map(job.event.entity, system), ctx.tables_of(system))
        there = {
            name: value
            for name, value in fields.items()
            if name in values and values[name] == norm(name, value)
        }
        if there:
            job.set_sides({system: delivered(side, there, job.link.base)})
            job.plan.due[system] = {name: value for name, value in fields.items() if name not in there}
    job.plan.due = {system: fields for system, fields in job.plan.due.items() if fields}


def side_reading(ctx: Context, job: Job, system: str, reading: Snapshot) -> SideReading:
    """The reading in the form the pure core takes."""
    entity, side = job.event.entity, side_of(job, system)
    object_map, tables = ctx.map(entity, system), ctx.tables_of(system)
    spec = object_map.spec
    fresh = replace(
        side,
        id=reading.id,
        version=reading.version,
        observed_at=reading.observed_at,
        label=spec.label(reading.values) or side.label,
        gone=False,
        gone_at=None,
    )
    return SideReading(
        fresh,
        job.found.canonical[system],
        seen_values(object_map, reading.values),
        read_seen(object_map, side.seen, tables),
        object_map.native_paths,
        norm_of(object_map, tables),
        _time(reading.version),
        _uncompared(object_map, job.found.canonical[system], reading)
        | {
            path
            for name in job.found.unreadable.get(system, ())
            for path in object_map.native_paths.get(name, ())
        },
    )


def _uncompared(object_map: ObjectMap, values: Mapping[str, Any], reading: Snapshot) -> frozenset[str]:
    return frozenset(
        one.path
        for one in object_map.links
        if not one.lines and one.field not in values and reading.values.get(one.path) not in (None, "")
    )


def norm_of(object_map: ObjectMap, tables: Mapping[str, Mapping[str, Any]]) -> Callable[[str, Any], Any]:
    """The system's form of a value. A value that has none there (a tax it does not know) is its own."""
    links = {one.field for one in object_map.links if not one.lines}
    made: dict[tuple[str, Any], Any] = {}

    def norm(name: str, value: Any) -> Any:
        if name in links:
            return value
        if isinstance(value, list):
            return form(name, value)
        if (name, value) not in made:  # asked of the same value several times in one pass
            made[name, value] = form(name, value)
        return made[name, value]

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

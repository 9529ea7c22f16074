"""What each side of a link still has to get, and which side that is."""

from typing import Any

from shared.record import replace
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.observed import norm_of
from shared.sync.observe import behind, delivered


def target_of(ctx: Context, job: Job) -> str:
    """The system other than the one the record came from."""
    return next(system for system in job.flow.maps if system != job.link.origin_system)


def target_side(ctx: Context, job: Job) -> str | None:
    target = target_of(ctx, job)
    side = job.link.sides.get(target)
    return target if side is not None and side.id and not side.gone else None


def label_of(ctx: Context, job: Job, system: str) -> str:
    side = job.link.sides.get(system)
    return (side.label or side.id) if side else ""


def due_sides(ctx: Context, job: Job, systems: list[str]) -> dict[str, dict[str, Any]]:
    """What each side still has to get. In a `create_once` flow the target gets nothing more. A missing side is due only
    where the flow may create there."""
    entity, found = job.event.entity, {}
    for system in systems:
        side = job.link.sides.get(system)
        if side is not None and (side.gone or (job.flow.create_once and system != job.link.origin_system)):
            continue
        if side is None and job.flow.direction == f"from {system}":
            continue
        lacking = behind(job.link, system, ctx.map(entity, system).writable, ctx.policy(entity))
        if side is not None:
            lacking = {name: value for name, value in lacking.items() if not job.flow.fields[name].once}
        if lacking:
            found[system] = lacking
    return found


def leave_shown(ctx: Context, job: Job) -> None:
    """Takes out of `due` what a side shows already: what became agreed only after that side was read."""
    for system, fields in list(job.due.items()):
        view, side = job.views.get(system, {}), job.link.sides.get(system)
        if side is None:
            continue
        norm = norm_of(ctx.map(job.event.entity, system), ctx.tables_of(system))
        shown = {name: value for name, value in fields.items() if name in view and view[name] == norm(name, value)}
        if shown:
            job.link = replace(job.link, sides={**job.link.sides, system: delivered(side, shown, job.link.base)})
            job.due[system] = {name: value for name, value in fields.items() if name not in shown}
    job.due = {system: fields for system, fields in job.due.items() if fields}

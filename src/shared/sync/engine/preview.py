"""A dry run: the same steps as a real batch, up to the moment before anything would be written.

The context it is given must hold stores that forget (see `bootstrap.preview_context`): the steps register
waits as they go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from shared.domain.link import ChangeEvent
from shared.domain.record import record
from shared.domain.titles import title
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.sync.engine.compose import compose
from shared.sync.engine.context import Context
from shared.sync.engine.engine import Engine
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import label_of_source
from shared.sync.engine.result import Deferred, Ended, Failed
from shared.sync.engine.sides import label_of, target_of


@record
class Forecast:
    """`would`: create, update, link, nothing, skip, wait, hold, later or fail. `writes` is system -> native
    values."""

    record_id: str
    label: str
    would: str
    reason: str
    writes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    changes: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


_WOULD = {"skipped": "skip", "waiting": "wait", "held": "hold", "unchanged": "nothing"}


def preview(ctx: Context, events: Sequence[ChangeEvent]) -> list[Forecast]:
    """What handling these events would do, record by record."""
    jobs = Engine(ctx).plan(events)
    return [_forecast(ctx, job) for job in jobs]


def _forecast(ctx: Context, job: Job) -> Forecast:
    label = label_of_source(ctx, job)
    if isinstance(job.result, Ended):
        outcome = job.result.outcome
        return Forecast(
            job.event.record_id,
            label,
            _WOULD.get(outcome.kind, outcome.kind),
            outcome.reason,
            changes=tuple(job.done.changes),
            notes=tuple(job.done.notes),
        )
    if isinstance(job.result, Deferred):
        return Forecast(job.event.record_id, label, "later", job.result.reason)
    if isinstance(job.result, Failed):
        return Forecast(
            job.event.record_id, label, "fail", f"{type(job.result.error).__name__}: {job.result.error}"
        )
    return _writes(ctx, job, label)


def _writes(ctx: Context, job: Job, label: str) -> Forecast:
    target, entity = target_of(ctx, job), job.event.entity
    if job.plan.payload:
        return Forecast(
            job.event.record_id,
            label,
            "create",
            f"a new {entity.replace('_', ' ')} in {title(target)}",
            {target: job.plan.payload},
            tuple(job.done.changes),
            tuple(job.done.notes),
        )
    writes = {}
    for system in (*job.plan.due, *(one for one in job.plan.native if one not in job.plan.due)):
        if system in job.link.sides:
            try:
                writes[system] = {
                    **compose(ctx, job, system, job.plan.due.get(system, {}), creating=False),
                    **job.plan.native.get(system, {}),
                }
            except (RuleRefused, FieldUnreadable, LinkMissing) as no:
                return Forecast(
                    job.event.record_id,
                    label,
                    "skip",
                    str(no),
                    changes=tuple(job.done.changes),
                    notes=tuple(job.done.notes),
                )
    if not writes and job.plan.refusal:
        return Forecast(
            job.event.record_id,
            label,
            "skip",
            job.plan.refusal.reason,
            changes=tuple(job.done.changes),
            notes=tuple(job.done.notes),
        )
    if not writes:
        joined = f"is the same as {title(target)} {label_of(ctx, job, target)}; " if job.done.adopted else ""
        return Forecast(
            job.event.record_id,
            label,
            "link" if job.done.adopted else "nothing",
            f"{joined}both sides agree",
            changes=tuple(job.done.changes),
            notes=tuple(job.done.notes),
        )
    return Forecast(
        job.event.record_id,
        label,
        "update",
        f"changes in {', '.join(sorted(writes))}",
        writes,
        tuple(job.done.changes),
        tuple(job.done.notes),
    )

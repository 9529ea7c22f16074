"""What a write without an answer leaves of a side that is not read before it is written to: what it shows of
those fields is not known any more, so nothing counts as being there because it was there before."""

from collections.abc import Mapping
from typing import Any

from shared.domain.record import replace
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.sides import contributes


def forget_unanswered(ctx: Context, job: Job) -> None:
    """For a job that finds the intent of an update which an earlier worker left behind."""
    intent = job.held.unknown
    if intent is not None and intent.kind == "update":
        forget(ctx, job, intent.system, intent.values)


def forget(ctx: Context, job: Job, system: str, written: Mapping[str, Any]) -> None:
    """A side that contributes is looked at first each time."""
    side = job.link.sides.get(system)
    if side is None or contributes(ctx, job, system) or side.seen.keys().isdisjoint(written):
        return
    seen = {path: value for path, value in side.seen.items() if path not in written}
    job.set_sides({system: replace(side, seen=seen)})

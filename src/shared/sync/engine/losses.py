"""The losers of a conflict go into the log with the intent to overwrite them, in one request: a crash between the write and
the outcome must not make a person's value disappear unrecorded."""

from collections.abc import Mapping
from typing import Any

from shared.names import title
from shared.record import replace
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.row import log_row
from shared.sync.link import LogRow, Outcome


def losses(ctx: Context, job: Job) -> LogRow | None:
    """A row for the values that lost and are not in the log yet, to be saved with the next commit of the link; None when
    nothing lost. Call `told` once it is saved."""
    lost = tuple(row for row in job.changes if "lost" in row)
    if not lost:
        return None
    fields = ", ".join(dict.fromkeys(str(row["field"]) for row in lost))
    outcome = Outcome("updated", _why(ctx, job, fields, lost), rule="conflict", field=fields)
    return replace(log_row(ctx, job, outcome), changes=lost)


def _why(ctx: Context, job: Job, fields: str, lost: tuple[Mapping[str, Any], ...]) -> str:
    policies = ctx.policy(job.event.entity)
    if any(row["system"] in policies[row["field"]].sources for row in lost):
        return f"both sides changed {fields}; the flow's rule chose, and what lost is kept here"
    where = " and ".join(dict.fromkeys(title(row["system"]) for row in lost))
    return f"{fields} changed in {where}, from where the flow does not take it; what it was is kept here"


def told(job: Job) -> None:
    """The losers are in the log: the record's final row need not name them again."""
    job.changes = [row for row in job.changes if "lost" not in row]

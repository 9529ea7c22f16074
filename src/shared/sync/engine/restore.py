"""Puts back, on one record, what a run replaced: as the newest agreed values, to be written by the same steps
as any other.

A field that was edited on any side since then is left alone and named, for an undo must not overwrite what it
never saw.
"""

from collections.abc import Mapping
from typing import Any

from shared.domain.link import Base
from shared.domain.outcomes.written import edited_since_run
from shared.domain.record import replace
from shared.domain.titles import title
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.observe import Observation, SideReading


def restore(ctx: Context, job: Job, readings: Mapping[str, SideReading]) -> None:
    """For links that `ctx.restores` names; nothing for all others."""
    wanted = ctx.restores.get(job.link.link_id)
    if wanted is None or not job.open:
        return
    edited = sorted(name for name in wanted.before if _edited(name, wanted.after.get(name), readings))
    if edited:
        job.plan.verdict = edited_since_run(edited, wanted.run_id)
        return  # the later edit itself still goes its way
    base, changes = dict(job.link.base), list[Mapping[str, Any]]()
    for name, value in wanted.before.items():
        agreed = base.get(name)
        if (
            name not in job.flow.fields
            or name in job.link.held
            or (agreed is not None and agreed.value == value)
        ):
            continue
        base[name] = Base(value, agreed.rev + 1 if agreed else 0, wanted.system)
        changes.append(
            {
                "field": name,
                "system": wanted.system,
                "before": agreed.value if agreed else None,
                "after": value,
                "undo": wanted.run_id,
            }
        )
    job.take_over(Observation(replace(job.link, base=base), tuple(changes)))
    job.done.notes.append(
        f"values from before run {wanted.run_id} put back in {title(wanted.system)} and agreed anew"
    )


def _edited(name: str, after: object, readings: Mapping[str, SideReading]) -> bool:
    """Whether any side shows something else than the run left there."""
    return any(name in one.values and one.values[name] != one.norm(name, after) for one in readings.values())

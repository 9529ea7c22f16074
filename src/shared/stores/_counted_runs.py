"""Runs that nobody opened and nobody closes: what webhooks and retries set off is only counted. Such a run is
over once nothing was counted for as long as any worker may take."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.domain.run_ids import hook_list
from shared.ports import Run
from shared.stores._keys import run_start

CALM = timedelta(minutes=15)
"""Longer than any invocation, and than two machines' clocks differ."""
_HOUR = timedelta(hours=1)


def counted_run(run_id: str, counts: Mapping[str, int], counted_at: datetime | None, now: datetime) -> Run:
    """`counted_at`: when it last counted something. The webhooks of one list that come within an hour are one
    run, which is not over before that hour is."""
    started, hook = run_start(run_id), hook_list(run_id)
    system, entity = hook or ("", "")
    run = Run(run_id, "webhook" if hook else "", entity, system, started, counts=counts)
    last = counted_at or started
    open_until = max(last + CALM, started + _HOUR) if hook else last + CALM
    if now < open_until:
        return run
    return Run(run_id, run.cause, entity, system, started, last, "done", counts=counts)

"""A record that is held, or left out, because of what another one shows is looked at again when that other one changes.

What was asked of a person is usually answered there: the twin is renamed, merged or deleted, the customer's currency is
corrected, and nothing happens to the record that waits for it.
"""

from collections.abc import Iterable

from shared.sync.engine.context import Context
from shared.sync.engine.job import Done, Job
from shared.sync.link import MARK, Wait

_MOST = 20
"""Of more than these, whichever changes, hardly one is the last in the way; the daily comparison looks at them all."""


def watch(ctx: Context, job: Job, others: Iterable[tuple[str, str, str]]) -> None:
    """`others`: (system, entity, record id) of the records whose news matter to this one."""
    for system, entity, record_id in [*others][:_MOST]:
        ctx.stores.waits.add(Wait(system, entity, _key(record_id), job.event))


def watched(job: Job) -> list[tuple[str, str]]:
    """(system, key) for every record of this job that others may be watching. Nothing where nothing is new: two that watch each
    other would wake each other for ever."""
    if not isinstance(job.result, Done) or not (job.news or job.result.outcome.rule in ("deleted", "moved")):
        return []
    ids = {(system, side.id) for system, side in job.link.sides.items() if side.id}
    ids |= {(system, record_id) for system, _, record_id in job.moved} | {(job.source, job.event.record_id)}
    return [(system, _key(record_id)) for system, record_id in sorted(ids)]


def _key(record_id: str) -> str:
    return f"{MARK}twin {record_id}"

"""A record that is held because another one looks the same is looked at again when that other one changes.

What was asked of a person is usually answered there: the other record is renamed, merged or deleted, and nothing happens to
the one that is held.
"""

from collections.abc import Iterable

from shared.sync.engine.context import Context
from shared.sync.engine.job import Done, Job
from shared.sync.link import Wait

_MOST = 20
"""Of more twins than this, whichever changes, hardly one is the last in the way; the daily comparison looks at them all."""


def twin_key(record_id: str) -> str:
    """What is waited for; no record has it as its id."""
    return f"#twin {record_id}"


def await_twins(ctx: Context, job: Job, twins: Iterable[tuple[str, str]]) -> None:
    """`twins`: (system, record id) of the records that are in the way."""
    for system, record_id in [*twins][:_MOST]:
        ctx.stores.waits.add(Wait(system, job.event.entity, twin_key(record_id), job.event))


def twins_of(job: Job) -> list[tuple[str, str]]:
    """(system, key) for every record of this job that others may be held for. Nothing where nothing is new: two that are held
    for each other would wake each other for ever."""
    if not isinstance(job.result, Done) or not (job.news or job.result.outcome.rule in ("deleted", "moved")):
        return []
    ids = {(system, side.id) for system, side in job.link.sides.items() if side.id}
    ids |= {(system, record_id) for system, _, record_id in job.moved} | {(job.source, job.event.record_id)}
    return [(system, twin_key(record_id)) for system, record_id in sorted(ids)]

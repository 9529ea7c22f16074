"""Wakes what waits for a record: its event is queued again, then the wait is forgotten.

In that order: a crash in between queues it twice, which does no harm.
"""

from collections.abc import Iterable

from shared.ports import Stores
from shared.record import replace
from shared.sync.link import ChangeEvent, Wait


def wake(stores: Stores, system: str, entity: str, keys: Iterable[str], run_id: str) -> int:
    """How many records were woken."""
    waits = [wait for key in dict.fromkeys(keys) if key for wait in stores.waits.waiters(system, entity, key)]
    return wake_waits(stores, waits, run_id)


def wake_waits(stores: Stores, waits: list[Wait], run_id: str) -> int:
    if waits:
        stores.queue.send([_again(wait.event, run_id) for wait in waits])
        stores.waits.remove(waits)
    return len(waits)


def _again(event: ChangeEvent, run_id: str) -> ChangeEvent:
    return replace(event, cause="dependency", run_id=run_id, attempt=0, snapshot=None, observed_at=None)

"""What becomes of a message whose record could not be finished: it is sent again soon, or parked until later.

Waiting is not a failure: neither uses up the message's receive count. After five deferrals, or for a wait of
more than fifteen minutes, the record is parked in the table, and the poll queues it when it is due.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.domain.link import ChangeEvent, LogRow
from shared.domain.outcomes import unfinished
from shared.ports import Parked, Stores
from shared.sync.engine.result import Deferred

MOST_DEFERRALS = 5
LONGEST_DELAY = 900
SHORTEST_PARK = 900


def put_off(
    stores: Stores, deferred: Sequence[tuple[ChangeEvent, Deferred]], now: datetime
) -> dict[str, int]:
    """Re-sends or parks every event; returns how many were deferred and parked. Nothing is lost when it
    raises."""
    soon: dict[int, list[ChangeEvent]] = defaultdict(list)
    parked: list[tuple[ChangeEvent, Deferred]] = []
    for event, defer in deferred:
        again = replace(event, attempt=event.attempt + 1) if defer.started else event
        if defer.seconds > LONGEST_DELAY or again.attempt > MOST_DEFERRALS:
            parked.append((event, defer))
        else:
            soon[max(0, round(defer.seconds))].append(again)
    for delay, events in soon.items():
        stores.queue.send(events, delay)
    if parked:
        _park(stores, parked, now)
    return {"deferred": sum(map(len, soon.values())), "parked": len(parked)}


def _park(stores: Stores, parked: Sequence[tuple[ChangeEvent, Deferred]], now: datetime) -> None:
    rows, story = [], []
    for event, defer in parked:
        wake_at = now + timedelta(seconds=max(defer.seconds, SHORTEST_PARK))
        fresh = replace(event, attempt=0, snapshot=None, observed_at=None)
        rows.append(Parked(fresh, wake_at, defer.reason, since=now))
        story.append(
            LogRow(
                now,
                event.run_id,
                event.system,
                event.entity,
                event.record_id,
                event.cause,
                unfinished.parked(defer.reason, wake_at),
                attempt=event.attempt,
            )
        )
    stores.parks.park(rows)
    stores.log.append(story)


def wake_due(stores: Stores, now: datetime, limit: int = 1000) -> int:
    """Queues what is due, then deletes it."""
    return _wake(stores, stores.parks.due(now, limit))


def wake_ahead(stores: Stores, now: datetime) -> int:
    """Queues what was parked by a clock that was ahead and has been put right: it would wake late by as much.
    For whoever has seen that, and for once a day."""
    return _wake(stores, stores.parks.ahead(now))


def wake_all(stores: Stores) -> int:
    """Queues everything that is parked, whenever it would wake."""
    woken = 0
    while some := wake_due(stores, datetime.max.replace(tzinfo=UTC)):
        woken += some
    return woken


def _wake(stores: Stores, found: Sequence[Parked]) -> int:
    if found:
        stores.queue.send([replace(one.event, cause="retry") for one in found])
        stores.parks.remove(found)
    return len(found)

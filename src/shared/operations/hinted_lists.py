"""A webhook that says that something changed, and not what: the list that it names is looked at at once.

However many of them arrive together, and whatever our own writes set off, a list is not read again for a
hint that is older than the last such look.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.bootstrap import Services
from shared.domain.link import ANY, ChangeEvent
from shared.operations.defer import MOST_DEFERRALS, put_off
from shared.sync.engine import Deferred

_KEPT = timedelta(hours=1)
_CACHE = "hinted list"
_BUSY = 10.0


def look_at_lists(services: Services, events: Sequence[ChangeEvent]) -> list[ChangeEvent]:
    """The events that name a record; the others are done with, or sent again where another poll is running.
    Raises what storage raises."""
    hints: dict[tuple[str, str], ChangeEvent] = {}
    for event in events:
        if event.record_id == ANY:
            newest = hints.get((event.entity, event.system), event)
            hints[event.entity, event.system] = max(newest, event, key=lambda one: one.first_seen_at)
    for event in hints.values():
        _look(services, event)
    return [event for event in events if event.record_id != ANY]


def _look(services: Services, event: ChangeEvent) -> None:
    from shared.operations.poll import poll  # only who gets such a hint pays for it at a cold start
    from shared.operations.poll_tasks import PollTask, polled_lists

    if (event.entity, event.system) not in polled_lists(services.flow):
        return
    key, now = f"{event.system}.{event.entity}", services.clock.now()
    looked = services.stores.cache.get(_CACHE, [key], now).get(key)
    if looked and datetime.fromisoformat(looked["at"]) > event.first_seen_at:
        return
    services.stores.cache.put(_CACHE, {key: {"at": now.isoformat()}}, now + _KEPT)
    found = poll(services, PollTask(event.integration, event.entity, event.system, event.cause, event.run_id))
    if found.notes and not (found.queued or found.stopped) and event.attempt < MOST_DEFERRALS:
        put_off(services.stores, [(event, Deferred(_BUSY, found.notes[0], True))], services.clock.now())

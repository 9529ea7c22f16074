"""How often each list is asked, where the settings say so: a tick leaves out those whose interval has not
passed since they were last read.

When that was stands among the small facts that expire, so that a list without an interval costs nothing. What
stopped a poll lets the list be asked again at the next tick. The daily sweep, `tieout sync` and the console
ask whatever the interval.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.settings import EVERY, Integration

if TYPE_CHECKING:
    from shared.bootstrap import Services
    from shared.operations.poll_tasks import PollTask

KIND = "polled"
EARLY = timedelta(minutes=2)
"""A tick may come so much before its time; an interval that is over then counts as passed."""


def interval_of(integration: Integration, entity: str) -> timedelta | None:
    """None: at every tick."""
    minutes = integration.intervals.get(entity, integration.intervals.get(EVERY))
    return timedelta(minutes=minutes) if minutes is not None else None


def due(services: "Services", found: "Sequence[PollTask]") -> "list[PollTask]":
    """Those whose interval has passed. 1 request where any has one, and none otherwise."""
    own = {_key(task) for task in found if interval_of(services.integration, task.entity) is not None}
    if not own:
        return [*found]
    read = services.stores.cache.get(KIND, sorted(own), services.clock.now())
    return [task for task in found if _key(task) not in read]


def was_polled(services: "Services", task: "PollTask") -> None:
    """Begins the list's interval. 1 request where it has one."""
    interval = interval_of(services.integration, task.entity)
    if interval is not None and interval > EARLY:
        now = services.clock.now()
        services.stores.cache.put(KIND, {_key(task): {"at": now.isoformat()}}, now + interval - EARLY)


def expected_within(integration: Integration) -> timedelta:
    """So long after a poll another one of some list has begun, if all is well; zero where some list is polled
    at every tick."""
    shortest = min(integration.intervals.values()) if EVERY in integration.intervals else 0
    return timedelta(minutes=2 * shortest)


def _key(task: "PollTask") -> str:
    return f"{task.system}.{task.entity}"

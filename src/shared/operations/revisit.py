"""New rules may change the outcome of what was skipped, held, waiting or failed: all of it is queued again,
whatever list it belongs to, by whichever list is polled first.

The state keeps, beside the version, how far that is: begun, passed once (and when), or done. So a poll that
is killed half-way has promised nothing, and rules that are taken back meanwhile are new rules again. A second
pass, made when no worker can still be at work under the old rules, finds what these, or a lagging index, hid
from the first.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from shared.bootstrap import Services
from shared.domain.link import REVISITED, ChangeEvent, Link
from shared.domain.spans import SKEW
from shared.domain.wording import counted
from shared.operations.poll_tasks import PollTask

LATE = timedelta(minutes=10)
"""Longer than any worker runs, and shorter than the time to the next poll."""
SPARE = 60.0
"""Seconds of the invocation that are left to the list which is to be polled."""
_LANE, _SOME = "revisit", 100
_BEGUN, _PASSED = " begun", " passed "


def revisit(services: Services, task: PollTask) -> list[str]:
    """What was done, in sentences; nothing while the rules are the same. Raises what storage raises."""
    version, known = services.flow.version, services.state.rules_version
    if known == version:
        return []
    if not known:  # nothing was decided before
        services.change_state(rules_version=version)
        return []
    again = _again_at(known, version)
    if again is not None and services.clock.now() < again <= services.clock.now() + LATE + SKEW:
        return []
    if not services.stores.lanes.acquire(_LANE, services.owner, services.deadline, services.clock.now()):
        return []  # another list's poll is doing it
    try:
        return _pass(services, task, last=again is not None)
    finally:
        services.stores.lanes.release(_LANE, services.owner)


def _again_at(known: str, version: str) -> datetime | None:
    """When the second pass is due; None before the first one is complete."""
    begins = version + _PASSED
    return datetime.fromisoformat(known.removeprefix(begins)) + LATE if known.startswith(begins) else None


def _pass(services: Services, task: PollTask, last: bool) -> list[str]:
    version, sent = services.flow.version, 0
    if not last and not services.change_state(rules_version=version + _BEGUN):
        return []
    stale = _stale(services)
    while some := list(islice(stale, _SOME)):
        services.stores.queue.send([_event(services, task, link) for link in some])
        sent += len(some)
        if services.seconds_left() < SPARE:
            return [f"the rules changed: processing {counted(sent, 'record')} again; the next poll continues"]
    services.change_state(
        rules_version=version if last else f"{version}{_PASSED}{services.clock.now().isoformat()}"
    )
    return [f"the rules changed: processing {counted(sent, 'record')} again"] if sent else []


def _stale(services: Services) -> Iterator[Link]:
    """Parents first, as the flow names its entities."""
    for name, entity in services.flow.entities.items():
        if not entity.off:
            for link in services.stores.links.by_outcome(name, REVISITED):
                if link.rules_version != services.flow.version and link.left_out is None:
                    yield link


def _event(services: Services, task: PollTask, link: Link) -> ChangeEvent:
    return ChangeEvent(
        task.integration,
        link.origin_system,
        link.entity,
        link.origin_id,
        "retry",
        task.run_id,
        services.clock.now(),
    )

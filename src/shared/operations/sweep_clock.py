"""The daily clock tells each integration; each then tells its lists, and a list goes on in messages of its
own until it is read to its end."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from shared.bootstrap import Services
from shared.bootstrap_deployment import Deployment
from shared.domain.record import record
from shared.domain.run_ids import new_run_id
from shared.operations import sweep_place
from shared.operations.poll_tasks import PollTask
from shared.operations.reconcile import begin, one_list
from shared.operations.sweep_one import Part

TRIES = 16
BUSY_SECONDS, OUTAGE_SECONDS = 60, 900


@record
class Sweep:
    """A message: the whole integration, or (with `entity` and `system`) one of its lists. `tries` counts how
    often it was sent again because a vendor was away or somebody of ours was calling there."""

    sweep: str
    integration: str
    sent_at: str
    """When the clock spoke, UTC, ISO 8601."""
    entity: str = ""
    system: str = ""
    tries: str = "0"


def tell(deployment: Deployment, now: datetime, only: str = "") -> int:
    """Returns how many integrations were told. Raises Unavailable when some could not be."""
    names = [only] if only else deployment.integrations.names()
    _send(deployment, [Sweep(new_run_id(now), name, now.isoformat()) for name in names])
    return len(names)


def sweep_of(message: dict[str, Any]) -> Sweep:
    """Raises TypeError for a message of another form."""
    return Sweep(**message)


def take_up(deployment: Deployment, sweep: Sweep) -> str:
    """What was done, for the function's log."""
    services = deployment.services(sweep.integration)
    try:
        if not sweep.entity:
            swept, found = begin(services)
            lists = [replace(sweep, entity=task.entity, system=task.system) for task in found]
            _send(deployment, lists)
            return swept.message()
        return _list(deployment, services, sweep)
    finally:
        services.close()


def _list(deployment: Deployment, services: Services, sweep: Sweep) -> str:
    """One worker at a time: whoever finds another at it leaves it to that one's own message."""
    task = PollTask(sweep.integration, sweep.entity, sweep.system, "reconcile", new_run_id(_now(services)))
    lane, lanes = f"sweep.{task.system}.{task.entity}", services.stores.lanes
    if not lanes.acquire(lane, services.owner, services.deadline, _now(services)):
        return "another worker is at this list"
    try:
        before, last = sweep_place.load(services, task)
        if last is not None and last >= datetime.fromisoformat(sweep.sent_at):
            return "a round over this list was begun since this was sent"
        place = replace(before)
        part = one_list(services, task, place)
    finally:
        lanes.release(lane, services.owner)
    _go_on(deployment, sweep, part)
    return part.message(before)


def _go_on(deployment: Deployment, sweep: Sweep, part: Part) -> None:
    """What did not come to its end is sent again: at once where only the time was up."""
    waits = part.put_off or part.again
    tries = int(sweep.tries) + 1 if waits else 0
    if tries > TRIES or not (waits or (not part.done and not part.stopped)):
        return  # tomorrow's round goes on from here
    seconds = 0 if not waits else BUSY_SECONDS if part.put_off else OUTAGE_SECONDS
    _send(deployment, [replace(sweep, tries=str(tries))], seconds)


def _send(deployment: Deployment, found: list[Sweep], seconds: int = 0) -> None:
    deployment.sweeps.send([(one.integration, asdict(one)) for one in found], seconds)


def _now(services: Services) -> datetime:
    return services.clock.now()

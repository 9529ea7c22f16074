"""Who polls when. Each tick of the clock is fanned out into one message per integration and list, so that a
slow vendor holds up nobody else. A single list is polled at once, so that a quiet tick puts nothing on any
queue."""

from datetime import UTC, datetime
from typing import Literal

from shared.bootstrap import KEPT_ALIVE, Deployment, Services
from shared.domain.run_ids import new_run_id
from shared.domain.wording import fault_text
from shared.errors import Halt, SyncError
from shared.operations.defer import wake_due
from shared.operations.intervals import due
from shared.operations.poll import Polled, poll
from shared.operations.poll_tasks import PollTask, queue_tasks, tasks
from shared.ports import Run


def run_clock(deployment: Deployment, cause: Literal["poll"]) -> list[tuple[PollTask, Polled]]:
    """Wakes what is parked and due, then polls or fans out. Returns what was polled here."""
    found = [task for name in deployment.integrations.names() for task in _due(deployment, name, cause)]
    if len(found) == 1:
        return [(found[0], run_task(deployment, found[0]))]
    if found:
        queue_tasks(deployment.clients.sqs, deployment.env.poll_queue, found)
    return []


def keep_alive(services: Services) -> None:
    """Renews what would expire while nothing is synchronised. What a person must do is in the day's run of
    warnings, and a connection that has expired is paused."""
    now, found = services.clock.now(), list[str]()
    for system in sorted(one for one in services.integration.connections if one in KEPT_ALIVE):
        try:
            findings = services.systems[system].keep_alive()
        except Halt as fault:
            services.stores.gate.pause(system, str(fault))
            found.append(str(fault))
            continue
        except SyncError:
            continue  # not reachable now: the next tick tries again, long before it expires
        for one in findings:
            if one.level == "error":
                services.stores.gate.pause(system, one.message)
            found += [one.message] if one.level != "ok" else []
    if found:
        run_id = f"{now:%Y%m%d}T235959Z-warn"  # one per day, sorted above that day's other runs
        services.stores.log.put_run(Run(run_id, "poll", "", "", now, now, "warning", "; ".join(found)))


def run_task(deployment: Deployment, task: PollTask) -> Polled:
    """One poll."""
    services = deployment.services(task.integration)
    try:
        return poll(services, task)
    finally:
        services.close()


def _due(deployment: Deployment, name: str, cause: Literal["poll"]) -> list[PollTask]:
    """An integration whose rules or settings are broken reports that in its log, and must not stop the
    others."""
    now = datetime.now(UTC)
    try:
        services = deployment.services(name)
    except Exception as fault:
        run = Run(new_run_id(now), cause, "", "", now, now, "stopped", fault_text(fault, SyncError))
        deployment.stores(name).log.put_run(run)
        return []
    try:
        wake_due(services.stores, now)
        keep_alive(services)
        return due(services, tasks(services, cause, new_run_id(now)))
    finally:
        services.close()

"""What one integration does when the clock has told it so: wakes what is parked and due, keeps its sign-ins
alive, and polls its lists one after another."""

from datetime import UTC, datetime, timedelta

from shared.bootstrap import KEPT_ALIVE, Services
from shared.bootstrap_deployment import Deployment
from shared.domain.link import Cause
from shared.domain.run_ids import new_run_id
from shared.domain.wording import fault_text
from shared.errors import Halt, SyncError
from shared.operations.defer import wake_ahead, wake_due
from shared.operations.intervals import due
from shared.operations.poll import Polled, poll
from shared.operations.poll_messages import Tick, send
from shared.operations.poll_tasks import PollTask, tasks
from shared.operations.warnings import warn
from shared.ports import Run

RESERVE = timedelta(seconds=60)
"""While less of the invocation is left, no further list is begun: the rest get a message each."""


def take_up(deployment: Deployment, tick: Tick) -> list[tuple[PollTask, Polled]]:
    """Returns what was polled here: nothing for a message that another has overtaken. A list that meets an
    unexpected fault gets a message of its own, where the fault is seen and counted, and stops no other."""
    now = datetime.now(UTC)
    taken = deployment.integrations.take_tick(tick.integration, tick.tick, tick.sent, now)
    if not taken:
        return []
    with deployment.counting_together(tick.integration):
        return _work_off(deployment, tick, taken == "ahead")


def _work_off(deployment: Deployment, tick: Tick, ahead: bool) -> list[tuple[PollTask, Polled]]:
    found, done, rest = (
        _due(deployment, tick.integration, tick.cause, ahead),
        list[tuple[PollTask, Polled]](),
        [],
    )
    for task in found:
        if datetime.now(UTC) > deployment.deadline - RESERVE:
            rest.append(task)
            continue
        try:
            done.append((task, run_task(deployment, task)))
        except Exception:
            rest.append(task)
    send(deployment.polls, rest)
    return done


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
        warn(services.stores.log, now, "; ".join(found))


def run_task(deployment: Deployment, task: PollTask) -> Polled:
    """One poll."""
    services = deployment.services(task.integration)
    try:
        return poll(services, task)
    finally:
        services.close()


def _due(deployment: Deployment, name: str, cause: Cause, ahead: bool) -> list[PollTask]:
    """An integration whose rules or settings are broken reports that in its log, and must not stop the
    others. `ahead`: the clock was, at the tick before."""
    now = datetime.now(UTC)
    try:
        services = deployment.services(name)
    except Exception as fault:
        run = Run(new_run_id(now), cause, "", "", now, now, "stopped", fault_text(fault, SyncError))
        deployment.stores(name).log.put_run(run)
        return []
    try:
        wake_due(services.stores, now)
        if ahead:
            wake_ahead(services.stores, now)
        keep_alive(services)
        return due(services, tasks(services, cause, new_run_id(now)))
    finally:
        services.close()

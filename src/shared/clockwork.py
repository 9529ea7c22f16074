"""Who polls when: the clock's tick is fanned out, one message per integration and list, so that a slow vendor starves
nobody. A single list is polled at once: a quiet tick then puts nothing on any queue."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from shared.bootstrap import KEPT_ALIVE, Services, open_services
from shared.delivery import wake_due
from shared.errors import Halt, SyncError
from shared.lists import PollTask, queue_tasks, tasks
from shared.polling import Polled, poll
from shared.ports import IntegrationStore, Run
from shared.runs import new_run_id
from shared.settings import Environment
from shared.stores.aws import integration_store, open_stores
from shared.stores.aws_clients import Clients

SPARE = timedelta(seconds=10)


@dataclass
class Desk:
    """The stack as one invocation of a scheduled function sees it."""

    env: Environment
    clients: Clients
    integrations: IntegrationStore
    owner: str
    deadline: datetime

    @classmethod
    def open(cls, env: Environment, clients: Clients, context: Any) -> "Desk":
        left = timedelta(milliseconds=context.get_remaining_time_in_millis())
        return cls(env, clients, integration_store(env, clients), f"{context.aws_request_id}-{uuid.uuid4().hex[:6]}",
                   datetime.now(UTC) + left - SPARE)

    def services(self, integration: str) -> Services:
        return open_services(integration, stores=open_stores(self.env, integration, self.clients),
                             integrations=self.integrations, environment=self.env, owner=self.owner,
                             deadline=self.deadline)


def run_clock(desk: Desk, cause: Literal["poll"]) -> list[tuple[PollTask, Polled]]:
    """Wakes what is parked and due, then polls or fans out. Returns what was polled here."""
    found = [task for name in desk.integrations.names() for task in _due(desk, name, cause)]
    if len(found) == 1:
        return [(found[0], run_task(desk, found[0]))]
    if found:
        queue_tasks(desk.clients.sqs, desk.env.poll_queue, found)
    return []


def keep_alive(services: Services) -> None:
    """Renews what would run out while nothing is synchronised. What a person must do stands in the day's run of warnings,
    and a connection that has ended is paused."""
    now, found = services.clock.now(), list[str]()
    for system in sorted(KEPT_ALIVE & services.integration.connections.keys()):
        try:
            findings = services.systems[system].keep_alive()
        except Halt as fault:
            services.stores.gate.pause(system, str(fault))
            found.append(str(fault))
            continue
        except SyncError:
            continue  # not reachable now: the next tick tries again, long before the end
        for one in findings:
            if one.level == "error":
                services.stores.gate.pause(system, one.message)
            found += [one.message] if one.level != "ok" else []
    if found:
        run_id = f"{now:%Y%m%d}T235959Z-warn"  # one a day, above that day's other runs
        services.stores.log.put_run(Run(run_id, "poll", "", "", now, now, "warning", "; ".join(found)))


def run_task(desk: Desk, task: PollTask) -> Polled:
    """One poll."""
    services = desk.services(task.integration)
    try:
        return poll(services, task)
    finally:
        services.close()


def _due(desk: Desk, name: str, cause: Literal["poll"]) -> list[PollTask]:
    """An integration whose rules or settings are broken says so in its log, and must not stop the others."""
    now = datetime.now(UTC)
    try:
        services = desk.services(name)
    except Exception as fault:
        run = Run(new_run_id(now), cause, "", "", now, now, "stopped", f"{type(fault).__name__}: {fault}")
        open_stores(desk.env, name, desk.clients).log.put_run(run)
        return []
    try:
        wake_due(services.stores, now)
        keep_alive(services)
        return tasks(services, cause, new_run_id(now))
    finally:
        services.close()

"""Asks the stack to poll; `wait_for` then waits until everything the poll found has been handled."""

from datetime import UTC, datetime

from local.cli._app import Usage
from local.cli._waiting import wait_for as wait_for
from local.stack.target import Target
from shared.domain.run_ids import new_run_id
from shared.mapping.compile import compile_flow


def queue_polls(target: Target, integration: str, entity: str | None) -> list[str]:
    """Returns the run ids, one for each list. Raises Usage for an entity that the flow does not poll."""
    from shared.operations.poll_messages import send
    from shared.operations.poll_tasks import PollTask, polled_lists

    stored = target.integrations().load(integration)
    flow = compile_flow(stored.flow, stored.rules, stored.directions)
    lists = polled_lists(flow)
    wanted = [(name, system) for name, system in lists if entity in (None, name)]
    off = flow.entities.get(entity or "")
    if off is not None and off.off:
        raise Usage(
            f"“{entity}” is switched off in the integration {integration}: give it a direction in the "
            "settings first."
        )
    if not wanted:
        raise Usage(
            f"Unknown entity “{entity}”; choose one of {', '.join(sorted({name for name, _ in lists}))}."
        )
    tasks = [
        PollTask(integration, name, system, "manual", new_run_id(datetime.now(UTC)))
        for name, system in wanted
    ]
    send(target.polls(), tasks)
    return [task.run_id for task in tasks]

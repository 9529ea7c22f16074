"""Which lists are polled, and the tasks that tell a function to poll one."""

from typing import TYPE_CHECKING

from shared.domain.link import Cause
from shared.domain.record import record
from shared.domain.run_ids import new_run_id
from shared.mapping.model import EntityFlow, Flow
from shared.mapping.rules import Credit
from shared.sync.engine.watch import coming_back

if TYPE_CHECKING:
    from shared.bootstrap import Services

CREDIT = "credit_position"
"""What the polls and runs of the customers' credit positions are called, in place of an entity."""


@record
class PollTask:
    integration: str
    entity: str
    system: str
    cause: Cause
    run_id: str


def tasks(services: "Services", cause: Cause, run_id: str) -> list[PollTask]:
    """Every list that this integration polls. Each is a run of its own; the first takes `run_id`."""
    lists = polled_lists(services.flow)
    runs = [run_id, *(new_run_id(services.clock.now()) for _ in lists[1:])]
    return [
        PollTask(services.integration.name, entity, system, cause, run)
        for (entity, system), run in zip(lists, runs, strict=False)
    ]


def polled_lists(flow: Flow) -> list[tuple[str, str]]:
    """(entity, system) of every list that the flow polls."""
    credit = credit_of(flow)
    balances = [(CREDIT, credit.ledger)] if credit is not None else []
    return [
        (entity.entity, system)
        for entity in flow.entities.values()
        if not entity.lookup_only and not entity.off
        for system, object_map in entity.maps.items()
        if object_map.spec.poll_mode != "none"
        and (entity.direction in ("both", f"from {system}") or _comes_back(entity, system))
    ] + balances


def credit_of(flow: Flow) -> Credit | None:
    """What the flow says of the credit position of customers; None where it is switched off."""
    account = flow.entities.get("account")
    return None if account is None or account.off else account.credit


def _comes_back(entity: EntityFlow, system: str) -> bool:
    """Whether some value flows back from the side where the record is made, such as the amount paid. Of what
    is made once, something that is known only later."""
    if entity.create_once:
        return bool(coming_back(entity, system))
    return any(rule.direction == f"from {system}" for rule in entity.fields.values())

"""The systems' own field lists, read by the function that may call them."""

from shared.console.visit import Done, Visit
from shared.domain.run_ids import new_run_id
from shared.operations.read_fields import ask_for_fields


def read_fields(visit: Visit) -> Done:
    name, entity = visit.services.integration.name, visit.request.said("entity")
    if entity not in visit.services.flow.entities:
        return Done("no-list", "mapping")
    ask_for_fields(visit.deployment.polls, name, new_run_id(visit.now))
    return Done("reading-fields", "mapping", {"entity": entity, "since": str(int(visit.now.timestamp()))})

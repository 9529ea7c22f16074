"""Entities that an integration polls and whose queue nothing reads: their switch is off in the stack."""

from contextlib import suppress
from typing import Any

from local.stack.target import Target
from shared.domain.wording import words
from shared.settings import ENTITIES, Integration

_READS = ("Enabled", "Enabling", "Creating", "Updating")


def unread(target: Target, integration: Integration) -> list[str]:
    """A sentence for each. Nothing where the caller may not look at the functions' triggers."""
    return [*unread_lists(target, integration).values()]


def unread_lists(target: Target, integration: Integration) -> dict[str, str]:
    """Entity -> the sentence."""
    from botocore.exceptions import ClientError

    with suppress(ClientError):
        read = _read(target.client("lambda"))
        deaf = [one for one in ENTITIES if target.queue(one).rpartition("/")[2] not in read]
        polled = _polled(integration) if deaf else ()
        return {one: _told(one) for one in polled if one in deaf}
    return {}


def _polled(integration: Integration) -> list[str]:
    """Compiles the flow, which a stack that reads all queues need not wait for."""
    from shared.mapping.compile import compile_flow
    from shared.operations.poll_tasks import CREDIT, polled_lists

    flow = compile_flow(integration.flow, integration.rules, integration.directions)
    return list(dict.fromkeys(entity for entity, _ in polled_lists(flow) if entity != CREDIT))


def _read(client: Any) -> set[str]:
    """Names of the queues that a function reads."""
    found, asked = set[str](), dict[str, str]()
    while True:
        page = client.list_event_source_mappings(**asked)
        found |= {
            one["EventSourceArn"].rpartition(":")[2]
            for one in page["EventSourceMappings"]
            if one.get("State") in _READS
        }
        if not page.get("NextMarker"):
            return found
        asked = {"Marker": page["NextMarker"]}


def _told(entity: str) -> str:
    name = "".join(part.capitalize() for part in entity.split("_"))
    return (
        f"no function reads the queue of {words(entity)} records, and this integration polls them: deploy "
        f"the stack with Sync{name}=yes, or switch them off in the settings (directions)"
    )

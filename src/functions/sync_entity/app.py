"""The handler of one entity's queue, deployed once per entity: change events in, a partial batch response
out."""

import os
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from functions import kept_small
from shared.bootstrap import Services, open_services
from shared.domain import codec
from shared.operations.handle_batch import Handled, Message, handle
from shared.settings import read_environment
from shared.stores.aws import integration_store, open_stores
from shared.stores.aws_clients import Clients

MAX_RECEIVES = 4
"""As `maxReceiveCount` in template.yaml: the try after which SQS moves a message to the dead-letter queue."""
SPARE = timedelta(seconds=8)
"""Kept back from the invocation's time, to put off what was not begun."""

logger = Logger()
metrics = Metrics(namespace="Tieout", service=os.environ.get("POWERTOOLS_SERVICE_NAME", "tieout"))
_clients = Clients()


@kept_small
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS batch. Only messages that met an unexpected fault are named in `batchItemFailures`."""
    env = read_environment()
    deadline = datetime.now(UTC) + timedelta(milliseconds=context.get_remaining_time_in_millis()) - SPARE
    integrations = integration_store(env, _clients)

    def services_for(name: str) -> Services:
        return open_services(
            name,
            stores=open_stores(env, name, _clients),
            integrations=integrations,
            environment=env,
            owner=f"{context.aws_request_id}-{uuid.uuid4().hex[:6]}",
            deadline=deadline,
        )

    messages, unreadable = _messages(event.get("Records", []))
    handled = handle(messages, services_for)
    handled.failed += unreadable
    _report(env.entity, handled)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in handled.failed]}


def _messages(records: list[dict[str, Any]]) -> tuple[list[Message], list[str]]:
    """A body that cannot be read is kept for a person: it fails, and ends in the dead-letter queue."""
    messages, unreadable = [], []
    for record in records:
        last = int(record.get("attributes", {}).get("ApproximateReceiveCount", "1")) >= MAX_RECEIVES
        try:
            messages.append(Message(record["messageId"], codec.event_in(record["body"]), last))
        except Exception as fault:  # whatever is wrong with one message is no fault of its neighbours
            logger.error(
                "unreadable message", extra={"message_id": record.get("messageId"), "fault": str(fault)}
            )
            unreadable.append(record["messageId"])
    return messages, unreadable


def _report(entity: str, handled: Handled) -> None:
    metrics.add_dimension("entity", entity or "unknown")
    for kind, count in handled.counts.items():
        metrics.add_metric(kind, MetricUnit.Count, count)
    for event, error in handled.errors:
        logger.error(
            "record failed",
            exc_info=error,
            extra={
                "correlation_id": event.run_id,
                "integration": event.integration,
                "record": "/".join(event.subject),
            },
        )
    logger.info(
        "batch",
        extra={
            "correlation_id": ",".join(sorted(handled.runs)),
            "entity": entity,
            "counts": dict(handled.counts),
            "failed": len(handled.failed),
        },
    )

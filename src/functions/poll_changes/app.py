"""The 15-minute clock and the poll queue: finds what changed and puts it onto the entity queues."""

import json
import os
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from shared.bootstrap import Deployment
from shared.operations.poll import Polled
from shared.operations.poll_tasks import PollTask
from shared.operations.schedule import run_clock, run_task
from shared.settings import read_environment
from shared.stores.aws_clients import Clients

logger = Logger()
metrics = Metrics(namespace="Tieout", service=os.environ.get("POWERTOOLS_SERVICE_NAME", "tieout"))
_clients = Clients()


@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A schedule event, or a batch of one message from the poll queue ({integration, entity, system, cause,
    run_id})."""
    deployment = Deployment.open(read_environment(), _clients, context)
    if "Records" not in event:
        return _reported(run_clock(deployment, "poll"))
    failed = []
    for record in event["Records"]:
        try:
            _reported([(task := PollTask(**json.loads(record["body"])), run_task(deployment, task))])
        except Exception:
            logger.exception("poll failed", extra={"message_id": record["messageId"]})
            failed.append(record["messageId"])
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _reported(done: list[tuple[PollTask, Polled]]) -> dict[str, Any]:
    for task, polled in done:
        logger.info(
            "poll",
            extra={
                "correlation_id": task.run_id,
                "integration": task.integration,
                "entity": task.entity,
                "system": task.system,
                "read": polled.read,
                "queued": polled.queued,
                "stopped": polled.stopped,
            },
        )
    metrics.add_metric("polled", MetricUnit.Count, len(done))
    metrics.add_metric(
        "poll_stopped",
        MetricUnit.Count,
        sum(1 for _, polled in done if polled.asks or (polled.stopped and not polled.preview)),
    )
    return {"polled": len(done)}

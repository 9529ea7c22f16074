"""The 15-minute clock and the poll queue: the clock tells every integration, and each finds what changed and
puts it onto the entity queues."""

import json
import os
from datetime import UTC, datetime
from typing import Any, assert_never

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from functions import kept_small
from shared.bootstrap_deployment import Deployment
from shared.operations.poll import Polled
from shared.operations.poll_messages import (
    ConnectionTask,
    FieldTask,
    PollMessage,
    PreviewTask,
    Tick,
    message_of,
)
from shared.operations.poll_tasks import PollTask
from shared.operations.schedule import run_task, take_up
from shared.operations.tick import tell
from shared.settings import read_environment
from shared.stores.aws_clients import Clients

logger = Logger()
metrics = Metrics(namespace="Tieout", service=os.environ.get("POWERTOOLS_SERVICE_NAME", "tieout"))
_clients = Clients()


@kept_small
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A schedule event, or a batch of one message from the poll queue: a `PollMessage`."""
    deployment = Deployment.open(read_environment(), _clients, context)
    if "Records" not in event:
        return {"told": tell(deployment, datetime.now(UTC))}
    failed = _work_off(event["Records"], deployment)
    metrics.flush_metrics()
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _work_off(records: list[dict[str, Any]], deployment: Deployment) -> list[str]:
    """The ids of the messages that failed."""
    failed = []
    for record in records:
        try:
            _reported(_polled(deployment, message_of(json.loads(record["body"]))))
        except Exception:
            logger.exception("poll failed", extra={"message_id": record["messageId"]})
            failed.append(record["messageId"])
    return failed


def _polled(deployment: Deployment, message: PollMessage) -> list[tuple[PollTask, Polled]]:
    """What a person asked for loads what no poll needs."""
    match message:
        case Tick():
            return take_up(deployment, message)
        case PollTask():
            return [(message, run_task(deployment, message))]
        case ConnectionTask():
            from shared.operations.connect_asked import run_asked

            run_asked(deployment, message)
        case PreviewTask():
            from shared.operations.preview_run import run_preview_task

            run_preview_task(deployment, message)
        case FieldTask():
            from shared.operations.read_fields import run_field_task

            run_field_task(deployment, message)
        case _:
            assert_never(message)
    return []


def _reported(done: list[tuple[PollTask, Polled]]) -> None:
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
        sum(
            1
            for _, polled in done
            if polled.asks or (polled.stopped and not (polled.preview or polled.limited))
        ),
    )

"""The daily sweep: finds what a lost notice or a lost table left behind, and drives every waiting record once
more."""

import json
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.logging import Logger

from functions import kept_small
from shared.bootstrap_deployment import Deployment
from shared.operations.sweep_clock import sweep_of, take_up, tell
from shared.settings import read_environment
from shared.stores.aws_clients import Clients

logger = Logger()
_clients = Clients()


@kept_small
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A schedule event, {"integration": NAME} for one integration, or one message of the sweep queue."""
    deployment = Deployment.open(read_environment(), _clients, context)
    if "Records" not in event:
        return {"told": tell(deployment, datetime.now(UTC), str(event.get("integration") or ""))}
    failed = []
    for message in event["Records"]:
        try:
            sweep = sweep_of(json.loads(message["body"]))
            where = {"integration": sweep.integration, "entity": sweep.entity, "system": sweep.system}
            logger.info("swept", extra={**where, "result": take_up(deployment, sweep)})
        except Exception:
            logger.exception("sweep failed", extra={"message_id": message["messageId"]})
            failed.append(message["messageId"])
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

"""The console: the sync log as pages, "Sync now" and "Retry"."""

from typing import Any

from aws_lambda_powertools.logging import Logger

from functions import kept_small
from shared.bootstrap_deployment import Deployment
from shared.console.request import may_be_packed
from shared.console.router import route
from shared.settings import read_environment
from shared.stores.aws_clients import Clients

logger = Logger()
_clients = Clients()


@kept_small
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Function URL payload, version 2.0."""
    reply = route(event, Deployment.open(read_environment(), _clients, context))
    logger.info("console", extra={"status": reply.status, "path": event.get("rawPath", "")[:100]})
    return reply.payload(packed=may_be_packed(event))

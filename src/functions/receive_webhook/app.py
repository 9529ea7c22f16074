"""Webhook endpoint: a hint comes in, an event goes onto its entity's queue, and only then the vendor gets its
2xx."""

from typing import Any

from aws_lambda_powertools.logging import Logger

from functions import kept_small
from shared.operations.receive_webhook import Answer, receive
from shared.settings import read_environment
from shared.stores.aws import event_queue, integration_store
from shared.stores.aws_clients import Clients

logger = Logger()
_clients = Clients()


@kept_small
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Function URL payload, version 2.0. The address (which holds the token) is never logged."""
    env = read_environment()
    answer = receive(event, integration_store(env, _clients), event_queue(env, _clients))
    logger.info(
        "webhook",
        extra={"status": answer.status, "integration": answer.integration, "result": answer.message},
    )
    return _reply(answer)


def _reply(answer: Answer) -> dict[str, Any]:
    return {
        "statusCode": answer.status,
        "headers": {"Content-Type": "text/plain; charset=utf-8"},
        "body": answer.message,
    }

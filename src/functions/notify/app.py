"""Tells people: the daily digest by mail and chat, and each alarm by chat."""

import json
import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.logging import Logger

from functions import kept_small
from functions.notify.chat import post
from shared.bootstrap_deployment import Deployment
from shared.operations.digest import digest
from shared.settings import read_environment
from shared.stores.aws_clients import Clients

logger = Logger()
_clients = Clients()


@kept_small
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A schedule event, or alarms that the topic hands on. Raises what a failed post raises: Lambda tries
    again, and an alarm tells by mail."""
    records = event.get("Records", [])
    if not records:
        return {"told": _digests(context)}
    address = _address()
    for one in records if address else ():
        post(address, _alarm(one["Sns"]), local=_local())
    return {"told": len(records) if address else 0}


def _digests(context: Any) -> int:
    deployment = Deployment.open(read_environment(), _clients, context)
    names, address = deployment.integrations.names(), _address()
    for name in names:
        found = digest(name, deployment.integrations, deployment.stores(name), datetime.now(UTC))
        _clients.sns.publish(TopicArn=os.environ["DIGEST_TOPIC"], Subject=found.subject, Message=found.text)
        if address:
            post(address, found.text, local=_local())
        logger.info("digest", extra={"integration": name, "needs": len(found.needs)})
    return len(names)


def _alarm(told: dict[str, Any]) -> str:
    """One line of what CloudWatch sends as JSON; anything else as it is."""
    try:
        alarm = json.loads(told["Message"])
        state = {"ALARM": "Alarm", "OK": "All well again"}.get(alarm["NewStateValue"], alarm["NewStateValue"])
        return f"{state}: {alarm.get('AlarmDescription') or alarm['AlarmName']} ({alarm['AlarmName']})"
    except (ValueError, KeyError, TypeError):
        return str(told.get("Message", ""))[:4_000]


def _address() -> str:
    """Of the chat; "" for none. Kept in Secrets Manager, because whoever knows it may post there."""
    name = os.environ.get("CHAT_SECRET", "")
    if not name:
        return ""
    return str(_clients.secretsmanager.get_secret_value(SecretId=name)["SecretString"])


def _local() -> bool:
    return os.environ.get("ALLOW_LOCAL") == "yes"

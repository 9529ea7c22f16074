"""The daily sweep: finds what a lost notice or a lost table left behind, and drives every waiting record once
more."""

from typing import Any

from aws_lambda_powertools.logging import Logger

from shared.bootstrap import Deployment
from shared.operations.reconcile import reconcile
from shared.settings import read_environment
from shared.stores.aws_clients import Clients

logger = Logger()
_clients = Clients()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A schedule event, or {"integration": NAME} for one integration. A failing one does not stop the
    others."""
    deployment = Deployment.open(read_environment(), _clients, context)
    names = [event["integration"]] if event.get("integration") else deployment.integrations.names()
    failed = []
    for name in names:
        try:
            swept = reconcile(deployment, name)
            logger.info("reconciled", extra={"integration": name, "result": swept.message()})
        except Exception:
            logger.exception("reconcile failed", extra={"integration": name})
            failed.append(name)
    if failed:
        raise RuntimeError(f"reconcile failed for {', '.join(failed)}")
    return {"reconciled": len(names)}

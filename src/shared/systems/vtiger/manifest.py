"""Vtiger CRM: your own server, or an instance of Vtiger's cloud."""

from typing import TYPE_CHECKING

from shared.systems._manifest import Manifest
from shared.systems._options import Option

if TYPE_CHECKING:
    from shared.ports import System, Webhook
    from shared.systems._parts import ConnectorParts


def _make(parts: "ConnectorParts") -> "System":
    from shared.systems.vtiger.system import Vtiger

    return Vtiger(parts.http, parts.options, parts.secret, parts.clock, parts.binding, parts.stores.cache)


def _webhook() -> "Webhook":
    from shared.systems.vtiger.webhook import VtigerWebhook

    return VtigerWebhook()


MANIFEST = Manifest(
    "Vtiger",
    _make,
    options=(
        # webservice.php of your own server, or the cloud's REST interface
        Option("api", "choice", choices=("webservice", "cloud"), default="webservice"),
        Option(
            "user",
            required=True,
            secret=True,
            shown=True,
            label="User name",
            help="Of a Vtiger user of its own for Tieout.",
        ),
        Option(
            "access_key",
            required=True,
            secret=True,
            label="Access key",
            help="In Vtiger under My Preferences of that user, at the bottom of the page. Not the password.",
        ),
        Option("owner"),
        Option("tax"),
        Option("line_writes", "choice", choices=("auto", "yes", "no")),
        Option("sync", "choice", choices=("auto", "no")),
        Option("fresh_seconds", "number", least=0, most=300),
    ),
    webhook=_webhook,
)

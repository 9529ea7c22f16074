"""SugarCRM and SuiteCRM."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shared.systems._manifest import Manifest
from shared.systems._options import CURRENCY, Option

if TYPE_CHECKING:
    from shared.ports import Finding, System, Webhook
    from shared.systems._parts import ConnectorParts


def _make(parts: "ConnectorParts") -> "System":
    from shared.systems.sugarcrm.system import make_sugarcrm

    return make_sugarcrm(parts.http, parts.options, parts.secret, parts.clock, parts.binding)


def _webhook() -> "Webhook":
    from shared.systems.sugarcrm.webhook import SugarWebhook

    return SugarWebhook()


def _hooks(
    system: "System", address_for: Callable[[str, str], str], objects: Sequence[str], prefix: str
) -> "list[Finding]":
    from shared.systems.sugarcrm.hooks import register_hooks
    from shared.systems.sugarcrm.rest import SugarV11

    return register_hooks(system, address_for, objects, prefix) if isinstance(system, SugarV11) else []


MANIFEST = Manifest(
    "SugarCRM",
    _make,
    options=(
        Option("api", "choice", choices=("v11", "v4_1"), default="v11"),  # the REST API, or the legacy one
        Option(
            "user",
            required=True,
            secret=True,
            shown=True,
            label="User name",
            help="Of a SugarCRM user of its own for Tieout, with API access.",
        ),
        Option("password", required=True, secret=True, label="Password", help="Of that user."),
        Option(
            "client_secret",
            blank=True,
            secret=True,
            label="Client secret",
            help="Of the OAuth key in Admin, only where one was made; SugarCRM's own key has none.",
        ),
        Option("api_version", blank=True),
        Option("platform", blank=True),
        Option("client_id", blank=True),
        Option("page_size", "number", least=1, most=1000),
        Option("paging", "choice", choices=("keyset", "offset")),
        Option("encryption", "choice", choices=("PLAIN",)),
        Option("rest_path", blank=True),
        Option("base_currency", pattern=CURRENCY),
    ),
    webhook=_webhook,
    hooks=_hooks,
)

"""Sage Sales Management, a CRM in Sage's cloud."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shared.systems._manifest import Manifest
from shared.systems._options import CURRENCY, Option

if TYPE_CHECKING:
    from shared.ports import Finding, System, Webhook
    from shared.systems._parts import ConnectorParts


def _make(parts: "ConnectorParts") -> "System":
    from shared.systems.sage_sales_management.system import SageSalesManagement

    return SageSalesManagement(
        parts.http,
        parts.options,
        parts.secret,
        parts.clock,
        binding=parts.binding,
        cache=parts.stores.cache,
        open=parts.open,
    )


def _webhook() -> "Webhook":
    from shared.systems.sage_sales_management.webhook import SalesWebhook

    return SalesWebhook()


def _hooks(
    system: "System", address_for: Callable[[str, str], str], objects: Sequence[str], prefix: str
) -> "list[Finding]":
    from shared.systems.sage_sales_management.hooks import register_hooks
    from shared.systems.sage_sales_management.system import SageSalesManagement

    assert isinstance(system, SageSalesManagement)
    return register_hooks(system.api, address_for, objects, prefix)


MANIFEST = Manifest(
    "Sage Sales Management",
    _make,
    options=(
        Option("url", "address", default="https://api.forcemanager.com"),
        Option(
            "public_key",
            required=True,
            secret=True,
            shown=True,
            label="Public key",
            help="In Sage Sales Management under Settings, Integrations, API key management.",
        ),
        Option("private_key", required=True, secret=True, label="Private key", help="Beside it."),
        Option("owner"),
        Option("branch"),
        Option("base_currency", pattern=CURRENCY),
        Option("picture_hosts"),
        Option("fresh_seconds", "number", least=0, most=300),
    ),
    webhook=_webhook,
    hooks=_hooks,
)

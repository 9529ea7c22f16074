"""A customers' card index."""

from typing import TYPE_CHECKING

from shared.systems._manifest import Manifest
from shared.systems._options import Option

if TYPE_CHECKING:
    from shared.ports import System, Webhook
    from shared.systems._parts import ConnectorParts


def _make(parts: "ConnectorParts") -> "System":
    from shared.systems.cards.system import Cards

    return Cards(parts.options, parts.secret, parts.clock)


def _webhook() -> "Webhook":
    from shared.systems.cards.webhook import CardsWebhook

    return CardsWebhook()


MANIFEST = Manifest(
    "Card Index",
    _make,
    options=(
        Option("url", "address", default="https://cards.example"),
        Option("drawer", "choice", choices=("top", "bottom"), default="top"),
        Option("most_cards", "number", least=1, most=500),
        Option("pin", required=True, secret=True),
    ),
    webhook=_webhook,
    kept_alive=True,
)

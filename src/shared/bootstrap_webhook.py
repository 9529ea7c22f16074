"""The webhook function's own wiring, apart from `bootstrap` because that function must start fast."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shared.systems.registry import FromManifests

if TYPE_CHECKING:
    from shared.ports import Webhook

PARSERS: Mapping[str, Callable[[], "Webhook"]] = FromManifests(lambda manifest: manifest.webhook)
"""system name -> what reads its webhooks."""

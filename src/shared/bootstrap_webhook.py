"""The webhook function's own wiring, apart from `bootstrap` because that function must start fast."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.ports import Webhook


def _sugarcrm() -> "Webhook":
    from shared.systems.sugarcrm.webhook import SugarWebhook

    return SugarWebhook()


def _vtiger() -> "Webhook":
    from shared.systems.vtiger.webhook import VtigerWebhook

    return VtigerWebhook()


PARSERS: Mapping[str, Callable[[], "Webhook"]] = {"sugarcrm": _sugarcrm, "vtiger": _vtiger}
"""system name -> what reads its webhooks."""

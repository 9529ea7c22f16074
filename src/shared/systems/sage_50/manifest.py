"""Sage 50 through HyperAccounts, or a service that answers the same routes."""

from typing import TYPE_CHECKING

from shared.systems._manifest import Manifest
from shared.systems._options import CURRENCY, EMAIL, Option

if TYPE_CHECKING:
    from shared.ports import System
    from shared.systems._parts import ConnectorParts


def _make(parts: "ConnectorParts") -> "System":
    from shared.systems.sage_50.system import Sage50

    return Sage50(parts.http, parts.options, parts.secret, parts.clock, parts.lanes, parts.stores.cache)


MANIFEST = Manifest(
    "Sage 50",
    _make,
    options=(
        Option(
            "token",
            required=True,
            secret=True,
            label="AuthToken",
            help="Of HyperAccounts on the Sage server; Hyperext gives it out.",
        ),
        Option("date_format", blank=True),
        Option("price_methods", blank=True),
        Option("expected_company", blank=True),
        Option("search_in", "choice", choices=("yes", "no")),
        Option("sage_version", "number", least=20, most=99),
        Option("base_currency", pattern=CURRENCY),
        Option("contact_test"),
        Option("price_test"),
        Option("potential_status", pattern=r"^[1-9][0-9]{0,2} +\S.*$"),
        Option("users", "table", pattern=EMAIL),
        Option("base_currency_number", "number", least=1, most=99),
    ),
)

"""Sage Business Accounting. A person signs in with the browser and chooses the business: `tieout connect
sage_accounting`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared.systems._browser import BrowserSignIn, SignInAttempt, Way
from shared.systems._manifest import Manifest
from shared.systems._options import Option

if TYPE_CHECKING:
    from shared.ports import System
    from shared.systems._parts import ConnectorParts


def _make(parts: "ConnectorParts") -> "System":
    from shared.systems.sage_accounting.system import SageAccounting

    return SageAccounting(
        parts.http,
        parts.options,
        parts.secret,
        parts.clock,
        binding=parts.binding,
        cache=parts.stores.cache,
        lanes=parts.lanes,
        open=parts.open,
    )


def _begin(parts: "ConnectorParts") -> SignInAttempt:
    from shared.systems.sage_accounting.browser import SageBrowser

    return SageBrowser(parts)


def _page(options: Mapping[str, str], way: Way) -> str:
    from shared.systems.sage_accounting.browser import page_of

    return page_of(options, way)


def _businesses(system: "System") -> Sequence[Mapping[str, Any]]:
    from shared.systems.sage_accounting.system import SageAccounting

    assert isinstance(system, SageAccounting)
    return system.businesses()


MANIFEST = Manifest(
    "Sage Accounting",
    _make,
    options=(
        Option("url", "address", default="https://api.accounting.sage.com"),
        Option(
            "client_id",
            required=True,
            secret=True,
            shown=True,
            label="Client id",
            help="Of the app that you made in Sage's developer portal.",
        ),
        Option("client_secret", required=True, secret=True, label="Client secret", help="Of the same app."),
        Option("refresh_token", blank=True, secret=True, asked=False),
        Option("token_url", "address"),
        Option("authorize_url", "address"),
        Option("country", pattern=r"^[a-z]{2}$"),
        Option("business"),
        Option("fresh_seconds", "number", least=0, most=300),
        Option("page_size", "number", least=1, most=200),
        Option("zero_rate"),
        Option("new_products", "choice", choices=("products", "stock_items")),
        Option("sales_account"),
        Option("service_account"),
        Option("purchase_account"),
        Option("payment_lists", "choice", choices=("off", "on")),
        Option("rate_direction", "choice", choices=("base_per_foreign", "foreign_per_base")),
    ),
    sign_in=BrowserSignIn(
        "Sage",
        _begin,
        "refresh_token",
        "business",
        _businesses,
        _page,
        countries=(("gb", "United Kingdom"), ("ie", "Ireland"), ("ca", "Canada")),
    ),
    kept_alive=True,
)

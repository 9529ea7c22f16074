"""The ledger account for a posting: the item's own, otherwise the setting, otherwise the business's
default."""

from collections.abc import Mapping
from urllib.parse import quote

from shared.errors import RecordRejected
from shared.systems.sage_accounting.context import SageContext

_SALES = ("sales_account", ("product_sales_ledger_account", "sales_ledger_account"))
_SERVICE = ("service_account", ("service_sales_ledger_account", "sales_ledger_account"))
_PURCHASE = ("purchase_account", ("product_purchase_ledger_account", "purchase_ledger_account"))
_STOCK = (
    "purchase_account",
    ("stock_purchase_ledger_account", "product_purchase_ledger_account", "purchase_ledger_account"),
)
SALES_OF: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "products": _SALES,
    "stock_items": _SALES,
    "services": _SERVICE,
}
PURCHASES_OF: Mapping[str, tuple[str, tuple[str, ...]]] = {"products": _PURCHASE, "stock_items": _STOCK}


def sales(context: SageContext, kind: str) -> str:
    """Raises RecordRejected when neither the settings nor Sage name one."""
    return _account(context, *SALES_OF[kind])


def purchases(context: SageContext, kind: str) -> str:
    return _account(context, *PURCHASES_OF[kind])


def of_line(context: SageContext, product: str, service: str) -> str:
    """The sales account of an invoice line. Stock items are found under /products too."""
    found = ""
    if product:
        found = context.facts.ledger_of("/products", quote(product, safe=""))
    elif service:
        found = context.facts.ledger_of("/services", quote(service, safe=""))
    return found or sales(context, "services" if service else "products")


def _account(context: SageContext, option: str, names: tuple[str, ...]) -> str:
    defaults = context.options.get(option) or ""
    if not defaults:
        known = context.facts.ledger_defaults()
        defaults = next((known[name] for name in names if name in known), "")
    if not defaults:
        raise RecordRejected(
            "Sage has no default ledger account for this: set one in Sage's business settings, or put its "
            f"id into the setting {option}"
        )
    return defaults

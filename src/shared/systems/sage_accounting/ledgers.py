"""Which ledger account something is booked to: the item's own, else the setting, else the business's
default."""

from collections.abc import Mapping
from urllib.parse import quote

from shared.errors import RecordRejected
from shared.systems.sage_accounting.desk import Desk

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


def sales(desk: Desk, kind: str) -> str:
    """Raises RecordRejected when neither the settings nor Sage name one."""
    return _account(desk, *SALES_OF[kind])


def purchases(desk: Desk, kind: str) -> str:
    return _account(desk, *PURCHASES_OF[kind])


def of_line(desk: Desk, product: str, service: str) -> str:
    """The sales account of an invoice line. Stock items are found under /products too."""
    found = ""
    if product:
        found = desk.facts.ledger_of("/products", quote(product, safe=""))
    elif service:
        found = desk.facts.ledger_of("/services", quote(service, safe=""))
    return found or sales(desk, "services" if service else "products")


def _account(desk: Desk, option: str, names: tuple[str, ...]) -> str:
    defaults = desk.options.get(option) or ""
    if not defaults:
        known = desk.facts.ledger_defaults()
        defaults = next((known[name] for name in names if name in known), "")
    if not defaults:
        raise RecordRejected(
            f"Sage has no default ledger account for this: set one in Sage's business settings, or name its "
            f"id in the setting {option}"
        )
    return defaults

"""Names of what is sold: products, stock items and services."""

from collections.abc import Mapping

from shared.systems.sage_accounting.fields import Kind

_ITEM: Mapping[str, int | None] = {
    "item_code": 255,
    "description": 255,
    "notes": 500,
    "sales_ledger_account_id": None,
    "purchase_ledger_account_id": None,
    "sales_tax_rate_id": None,
    "purchase_tax_rate_id": None,
    "usual_supplier_id": None,
    "cost_price": None,
    "source_guid": 255,
    "purchase_description": 250,
    "active": None,
}
_STOCK: Mapping[str, int | None] = {
    "reorder_level": None,
    "reorder_quantity": None,
    "location": None,
    "barcode": None,
    "supplier_part_number": None,
    "weight": None,
    "measurement_unit": None,
}
_OF_ITEM = ("deletable", "deactivatable", "used_on_recurring_invoice")
_IN_STOCK = ("quantity_in_stock", "last_cost_price", "average_cost_price", "cost_price_last_updated")
_ACCOUNTS = (
    "sales_ledger_account",
    "purchase_ledger_account",
    "sales_tax_rate",
    "purchase_tax_rate",
    "usual_supplier",
)
PRODUCT = Kind(
    "products",
    "product",
    "product",
    {**_ITEM, "sales_price": None},
    (*_OF_ITEM, *_IN_STOCK, *_STOCK, "catalog_item_type_id"),
    (*_ACCOUNTS, "catalog_item_type"),
    virtual=("price_includes_tax",),
    required=("description",),
)
STOCK_ITEM = Kind(
    "stock_items",
    "stock_item",
    "stock item",
    {**_ITEM, **_STOCK, "item_code": 30, "sales_price": None},
    (*_OF_ITEM, *_IN_STOCK, "catalog_item_type_id"),
    _ACCOUNTS,
    virtual=("price_includes_tax",),
    required=("item_code", "description"),
)
SERVICE = Kind(
    "services",
    "service",
    "service",
    {**_ITEM, "oss_service": None, "sales_rate": None},
    _OF_ITEM,
    _ACCOUNTS,
    virtual=("price_includes_tax",),
    required=("description",),
)

"""The native field names of the records that Tieout knows, as Sage publishes them, flattened: which of them
can be written, and how long they may be.

A reference `x` is named `x_id`; fields of an embedded address or person are `main_address/city`. `virtual`
names are ours: the connector adds them, and can write some of them.
"""

from collections.abc import Mapping
from dataclasses import field

from shared.domain.record import record


@record
class Kind:
    """One resource: its path, the wrapper of its bodies, its names. `writable` is name -> greatest length,
    None: unknown."""

    object: str
    wrapper: str
    label: str
    writable: Mapping[str, int | None]
    readable: tuple[str, ...]
    references: tuple[str, ...]
    nested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    virtual: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    """Stamps that all other kinds have."""
    required: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every native name of a snapshot."""
        return frozenset((*self.writable, *self.readable, *self.virtual, *_STAMPS)) - self.lacks


_STAMPS = ("id", "displayed_as", "created_at", "updated_at", "deleted_at")
ADDRESS: Mapping[str, int | None] = {
    "address_line_1": 50,
    "address_line_2": 50,
    "city": 50,
    "region": 50,
    "postal_code": 10,
    "country_id": None,
    "country_group_id": None,
}
_PERSON: Mapping[str, int | None] = {
    "name": 50,
    "job_title": 50,
    "telephone": 50,
    "mobile": 50,
    "email": 100,
    "fax": 50,
}


def _under(prefix: str, names: Mapping[str, int | None]) -> dict[str, int | None]:
    return {f"{prefix}/{name}": length for name, length in names.items()}


def _ids(prefix: str) -> tuple[str, ...]:
    return (f"{prefix}/id", f"{prefix}/updated_at")


CONTACT = Kind(
    "contacts",
    "contact",
    "customer",
    {
        "name": 100,
        "reference": 10,
        "tax_number": None,
        "notes": 4000,
        "locale": 10,
        "credit_limit": None,
        "credit_days": None,
        "credit_terms": None,
        "credit_terms_and_conditions": 2000,
        "source_guid": 255,
        "currency_id": None,
        "default_sales_ledger_account_id": None,
        "default_sales_tax_rate_id": None,
        "default_purchase_ledger_account_id": None,
        "product_sales_price_type_id": None,
        "aux_reference": None,
        "registered_number": None,
        "auxiliary_account": None,
        "tax_calculation": None,
        "destination_vat_blocking": None,
        **_under("main_address", {"name": 50, **ADDRESS}),
        **_under("delivery_address", {"name": 50, **ADDRESS}),
        **_under("main_contact_person", _PERSON),
    },
    (
        *_ids("main_address"),
        *_ids("delivery_address"),
        *_ids("main_contact_person"),
        "email",
        "balance",
        "deletable",
        "system",
        "is_active",
        "gdpr_obfuscated",
        "cis_registered",
        "ni_based",
        "gb_based",
        "has_unfinished_recurring_invoices",
    ),
    (
        "default_sales_ledger_account",
        "default_sales_tax_rate",
        "default_purchase_ledger_account",
        "product_sales_price_type",
        "currency",
    ),
    {
        "main_address": tuple(ADDRESS),
        "delivery_address": tuple(ADDRESS),
        "main_contact_person": tuple(_PERSON),
    },
    virtual=("contact_type_id", "price_type"),
    required=("name",),
)

PERSON = Kind(
    "contact_persons",
    "contact_person",
    "contact person",
    {**_PERSON, "contact_id": None, "is_preferred_contact": None},
    ("is_main_contact", "address_id"),
    ("address",),
    required=("name", "contact_id"),
)

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

LINE_NAMES = (
    "product_id",
    "service_id",
    "description",
    "quantity",
    "unit_price",
    "discount_amount",
    "tax_rate_id",
    "tax_amount",
)

INVOICE = Kind(
    "sales_invoices",
    "sales_invoice",
    "invoice",
    {
        "contact_id": None,
        "date": None,
        "due_date": None,
        "reference": 25,
        "notes": 2000,
        "terms_and_conditions": 2000,
        "contact_name": 255,
        "contact_reference": None,
        "shipping_net_amount": None,
        "shipping_tax_rate_id": None,
        "shipping_tax_amount": None,
        "currency_id": None,
        "exchange_rate": None,
        "status_id": None,
        "invoice_lines": None,
        **_under("main_address", ADDRESS),
        **_under("delivery_address", ADDRESS),
    },
    (
        "invoice_number_prefix",
        "invoice_number",
        "net_amount",
        "tax_amount",
        "total_amount",
        "total_quantity",
        "total_discount_amount",
        "total_paid",
        "outstanding_amount",
        "payments_allocations_total_amount",
        "shipping_total_amount",
        "inverse_exchange_rate",
        "base_currency_net_amount",
        "base_currency_tax_amount",
        "base_currency_total_amount",
        "base_currency_outstanding_amount",
        "sent",
        "editable",
        "tax_reconciled",
        "migrated",
        "void_reason",
        "last_paid",
        "transaction_id",
    ),
    ("contact", "shipping_tax_rate", "currency", "status", "transaction"),
    {"main_address": tuple(ADDRESS), "delivery_address": tuple(ADDRESS)},
    virtual=("number", "received", "credited", "discounted", "settled_otherwise", "settled_by"),
    required=("contact_id", "date", "invoice_lines"),
)

QUOTATION = Kind(
    "sales_quotes",
    "sales_quote",
    "quote",
    {
        "contact_id": None,
        "date": None,
        "expiry_date": None,
        "reference": 25,
        "notes": 2000,
        "terms_and_conditions": 2000,
        "contact_name": 255,
        "contact_reference": 255,
        "shipping_net_amount": None,
        "shipping_tax_rate_id": None,
        "currency_id": None,
        "exchange_rate": None,
        "quote_lines": None,
        **_under("main_address", ADDRESS),
        **_under("delivery_address", ADDRESS),
    },
    (
        "quote_number_prefix",
        "quote_number",
        "status_id",
        "net_amount",
        "tax_amount",
        "total_amount",
        "total_quantity",
        "total_discount_amount",
        "shipping_tax_amount",
        "shipping_total_amount",
        "inverse_exchange_rate",
        "invoice_id",
        "sent",
        "editable",
    ),
    ("contact", "shipping_tax_rate", "currency", "status", "invoice"),
    {"main_address": tuple(ADDRESS), "delivery_address": tuple(ADDRESS)},
    virtual=("number", "invoice_number", "state"),
    lacks=frozenset({"deleted_at"}),
    required=("contact_id", "date", "quote_lines"),
)

KINDS = {kind.object: kind for kind in (CONTACT, PERSON, PRODUCT, SERVICE, INVOICE, QUOTATION)}
"""object of a rule file -> kind. Stock items are read and written as products."""

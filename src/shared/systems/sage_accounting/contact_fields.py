"""Names of customers and their people."""

from collections.abc import Mapping

from shared.systems.sage_accounting.fields import ADDRESS, Kind, under

_PERSON: Mapping[str, int | None] = {
    "name": 50,
    "job_title": 50,
    "telephone": 50,
    "mobile": 50,
    "email": 100,
    "fax": 50,
}


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
        **under("main_address", {"name": 50, **ADDRESS}),
        **under("delivery_address", {"name": 50, **ADDRESS}),
        **under("main_contact_person", _PERSON),
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

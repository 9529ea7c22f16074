"""The business, its login and its settings; and what a new set of books contains."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting import seed, tax_rates, unused
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.clock import Clock
from local.vendors.sage_accounting.errors import not_found
from local.vendors.sage_accounting.options import Business, SageAccountingOptions

_STARTED = "2024-01-02T09:00:00Z"
_OPEN = {"created_at": _STARTED, "updated_at": _STARTED, "deleted_at": None}


def open_books(options: SageAccountingOptions, business: Business, clock: Clock) -> Books:
    """Books with everything Sage gives a new British business."""
    books = Books(options, business, clock)
    for name, display, percentage in seed.TAX_RATES:
        shown = f"{display} {Decimal(percentage):.2f}%"
        _put(
            books,
            "tax_rates",
            {"id": name, "displayed_as": shown, "name": display, "percentage": Decimal(percentage)},
        )
    for code, name, kind in seed.ACCOUNTS:
        _put(books, "ledger_accounts", seed.ledger_account(business.id, code, name, kind))
    for resource, names in (
        ("product_sales_price_types", seed.PRICE_TYPES),
        ("service_rate_types", seed.RATE_TYPES),
    ):
        for name in names:
            key = seed.key(business.id, resource, name)
            _put(books, resource, {"id": key, "displayed_as": name, "name": name, "active": True})
    _put(
        books,
        "bank_accounts",
        {"id": seed.key(business.id, "bank_accounts", 1200), "displayed_as": "Current Account (1200)"},
    )
    _put_system_contact(books)
    return books


def _put(books: Books, resource: str, values: Record) -> None:
    books.table(resource)[values["id"]] = {**_OPEN, **values}


def _put_system_contact(books: Books) -> None:
    business = books.business
    ids = {name: seed.key(business.id, name, "HMRC") for name in ("contacts", "addresses", "contact_persons")}
    _put(
        books,
        "addresses",
        {
            "id": ids["addresses"],
            "displayed_as": "Main Address",
            "name": "Main Address",
            "address_type_id": "ACCOUNTS",
            "contact_id": ids["contacts"],
            "country_id": "GB",
            "is_main_address": True,
        },
    )
    _put(
        books,
        "contact_persons",
        {
            "id": ids["contact_persons"],
            "displayed_as": "Main Contact",
            "name": "Main Contact",
            "contact_person_type_ids": ["ACCOUNTS"],
            "address_id": ids["addresses"],
            "is_main_contact": True,
        },
    )
    _put(
        books,
        "contacts",
        {
            "id": ids["contacts"],
            "displayed_as": "HMRC Payments",
            "name": "HMRC Payments",
            "contact_type_ids": ["VENDOR"],
            "reference": "",
            "currency_id": books.options.base_currency,
            "credit_limit": Decimal(0),
            "credit_days": 0,
            "system": True,
            "main_address_id": ids["addresses"],
            "main_person_id": ids["contact_persons"],
        },
    )


# ---------------------------------------------------------------- shapes


def shape_business(options: SageAccountingOptions, business: Business) -> Record:
    subscription = {
        "id": seed.key(business.id, "subscription"),
        "displayed_as": f"Accounting {options.plan}",
        "active": options.subscription_active,
        "status": "ACTIVE" if options.subscription_active else "CANCELLED",
        "accountant_pays": False,
        "created_at": _STARTED,
        "updated_at": _STARTED,
    }
    return {
        "id": business.id,
        "displayed_as": business.name,
        "$path": f"/businesses/{business.id}",
        "name": business.name,
        "address_line_1": "1 High Street",
        "address_line_2": "",
        "city": business.city,
        "postal_code": business.postal_code,
        "region": "",
        "country": {
            "id": business.country,
            "displayed_as": seed.static_text("countries", business.country),
            "$path": f"/countries/{business.country}",
        },
        "telephone": "",
        "mobile": "",
        "website": "",
        "is_demo": True,
        "ni_based": False,
        "subscriptions": [subscription],
        "created_at": _STARTED,
        "updated_at": _STARTED,
    }


def shape_user() -> Record:
    return {
        "id": seed.key("user"),
        "displayed_as": "Sam Taylor",
        "first_name": "Sam",
        "last_name": "Taylor",
        "initials": "ST",
        "email": "sam.taylor@example.com",
        "locale": "en-GB",
        "created_at": _STARTED,
        "updated_at": _STARTED,
    }


def shape_named_type(resource: str, record: Record) -> Record:
    names = ("id", "displayed_as", "created_at", "updated_at", "name", "active")
    return {**{name: record[name] for name in names}, "$path": f"/{resource}/{record['id']}"}


def shape_tax_rate(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    percentage = f"{tax_rates.percentage_on(books, record, tax_rates.day_of(books, query)):.1f}"
    return {
        **{name: record[name] for name in ("id", "displayed_as", "name", "created_at", "updated_at")},
        "$path": f"/tax_rates/{record['id']}",
        "agency": None,
        "percentage": percentage,
        "percentages": tax_rates.listed(books, record, query),
        "is_visible": True,
        "retailer": False,
        "editable": False,
        "deletable": False,
        "is_combined_rate": False,
        "component_tax_rates": [],
    }


def shape_ledger_account(books: Books, record: Record, query: Mapping[str, str]) -> Record:
    names = (
        "id",
        "displayed_as",
        "created_at",
        "updated_at",
        "name",
        "display_name",
        "nominal_code",
        "visible_scopes",
        "is_control_account",
        "included_in_chart",
    )
    return {
        **{name: record[name] for name in names},
        "$path": f"/ledger_accounts/{record['id']}",
        "ledger_account_type": books.reference("ledger_account_types", record["ledger_account_type_id"]),
        "tax_rate": books.reference("tax_rates", record["tax_rate_id"]),
        **unused.LEDGER_ACCOUNT,
        "display_formatted": record["displayed_as"],
        **{f"visible_in_{scope}": scope in record["visible_scopes"] for scope in seed.SCOPES},
    }


def settings(books: Books, name: str) -> Record:
    """One of the singletons. Raises Refused for another name."""
    if name not in _SETTINGS:
        raise not_found()
    return {"$path": f"/{name}", **_SETTINGS[name](books)}


def _invoice_settings(books: Books) -> Record:
    return {**unused.INVOICE_SETTINGS, **books.invoice_settings, "updated_at": _STARTED}


def _business_settings(books: Books) -> Record:
    accounts = {
        name: books.reference("ledger_accounts", seed.account_id(books.business.id, code))
        for name, code in seed.DEFAULT_ACCOUNTS.items()
    }
    country = books.business.country
    return {
        "default_ledger_accounts": {**unused.DEFAULT_ACCOUNTS, **accounts},
        "wizard_complete": True,
        "updated_at": _STARTED,
        "business_created_at": _STARTED,
        "country_of_registration": books.reference("countries", country),
        "business_type": {
            "id": "LIMITED_COMPANY",
            "displayed_as": "Limited Company",
            "$path": "/business_types/LIMITED_COMPANY",
        },
    }


def _financial_settings(books: Books) -> Record:
    scheme = {"id": "STANDARD", "displayed_as": "Standard", "$path": "/tax_schemes/STANDARD"}
    return {
        **unused.FINANCIAL_SETTINGS,
        **books.financial_dates,
        "year_end_date": "2026-03-31",
        "accounting_type": "ACCRUAL",
        "base_currency": books.reference("currencies", books.options.base_currency),
        "multi_currency_enabled": books.multi_currency,
        "use_live_exchange_rates": books.options.use_live_exchange_rates,
        "tax_scheme": scheme,
        "sales_tax_calculation": "invoice",
        "purchase_tax_calculation": "invoice",
        "updated_at": _STARTED,
    }


_SETTINGS = {
    "business_settings": _business_settings,
    "financial_settings": _financial_settings,
    "invoice_settings": _invoice_settings,
}


def change_settings(books: Books, name: str, given: Any) -> None:
    """Numbers, dates and texts that exist; everything else is ignored as Sage does with unknown
    parameters."""
    target = {"invoice_settings": books.invoice_settings, "financial_settings": books.financial_dates}.get(
        name
    )
    if target is not None and isinstance(given, Mapping):
        books.set(target, {key: value for key, value in given.items() if key in target})

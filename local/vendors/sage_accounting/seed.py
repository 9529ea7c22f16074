"""What every business starts with: Sage's fixed lists, a British chart of accounts, and its settings."""

from hashlib import md5
from typing import Any

import pycountry

STATIC: dict[str, dict[str, str]] = {
    "contact_types": {"CUSTOMER": "Customer", "VENDOR": "Supplier"},
    "contact_person_types": {"ACCOUNTS": "Accounts", "SALES": "Sales", "PURCHASING": "Purchasing"},
    "address_types": {
        "DELIVERY": "Delivery",
        "ACCOUNTS": "Accounts",
        "SALES": "Sales",
        "PURCHASING": "Purchasing",
    },
    "artefact_statuses": {
        "DRAFT": "Draft",
        "PRO_FORMA": "Pro Forma",
        "UNPAID": "Unpaid",
        "PART_PAID": "Part Paid",
        "PAID": "Paid",
        "VOID": "Void",
        "DISPUTED": "Disputed",
        "DECLINED": "Declined",
    },
    "countries": {one.alpha_2: getattr(one, "common_name", one.name) for one in pycountry.countries},
    "country_groups": {
        "GBIE": "United Kingdom & Ireland",
        "EU": "European Union",
        "US": "United States",
        "CA": "Canada",
        "ALL": "Rest of World",
    },
    "currencies": {
        "GBP": "Pound Sterling",
        "EUR": "Euro",
        "USD": "US Dollar",
        "AUD": "Australian Dollar",
        "CAD": "Canadian Dollar",
        "CHF": "Swiss Franc",
        "DKK": "Danish Krone",
        "JPY": "Japanese Yen",
        "NOK": "Norwegian Krone",
        "NZD": "New Zealand Dollar",
        "PLN": "Polish Zloty",
        "SEK": "Swedish Krona",
        "ZAR": "South African Rand",
    },
    "eu_goods_services_types": {"GOODS": "Goods", "SERVICES": "Services"},
    "eu_sales_descriptions": {"STANDARD": "Standard", "TRIANGULATION": "Triangulation"},
    "analysis_type_categories": {"NORTH": "North", "SOUTH": "South", "EVENTS": "Events"},
    "payment_methods": {
        "CASH": "Cash",
        "CHECK": "Cheque",
        "CREDIT_DEBIT": "Credit/Debit",
        "ELECTRONIC": "Electronic",
        "UNKNOWN": "Unknown",
    },
    "transaction_types": {
        "SALES_INVOICE": "Sales Invoice",
        "SALES_CREDIT_NOTE": "Sales Credit Note",
        "CUSTOMER_RECEIPT": "Customer Receipt",
        "CUSTOMER_REFUND": "Customer Refund",
        "CUSTOMER_ALLOCATION": "Customer Allocation",
        "VENDOR_PAYMENT": "Supplier Payment",
        "VENDOR_REFUND": "Supplier Refund",
    },
    "ledger_account_types": {
        "SALES": "Sales",
        "OTHER_INCOME": "Other Income",
        "DIRECT_EXPENSES": "Direct Expenses",
        "OVERHEADS": "Overheads",
        "CURRENT_ASSETS": "Current Assets",
        "BANK": "Bank",
        "CURRENT_LIABILITY": "Current Liability",
    },
}
WITH_CODE = ("countries", "currencies")
"""Lists whose display text ends in the id."""

TAX_RATES = (
    ("GB_STANDARD", "Standard", "20.0"),
    ("GB_LOWER", "Lower Rate", "5.0"),
    ("GB_ZERO", "Zero Rated", "0.0"),
    ("GB_EXEMPT", "Exempt", "0.0"),
    ("GB_NO_TAX", "No VAT", "0.0"),
)
ACCOUNTS = (
    (4000, "Sales - Products", "SALES"),
    (4010, "Sales - Services", "SALES"),
    (4009, "Discounts Allowed", "SALES"),
    (4900, "Other Income", "OTHER_INCOME"),
    (4020, "Bad Debts Written Off", "SALES"),
    (4910, "Carriage on Sales", "OTHER_INCOME"),
    (5000, "Cost of Sales - Goods", "DIRECT_EXPENSES"),
    (5010, "Cost of Sales - Stock", "DIRECT_EXPENSES"),
    (5020, "Cost of Sales - Services", "DIRECT_EXPENSES"),
    (7900, "Exchange Rate Gains and Losses", "OVERHEADS"),
    (1100, "Trade Debtors", "CURRENT_ASSETS"),
    (1200, "Current Account", "BANK"),
    (2200, "VAT on Sales", "CURRENT_LIABILITY"),
)
PRICE_TYPES = ("Sales Price", "Trade", "Wholesale")
RATE_TYPES = ("Rate",)
SCOPES = ("banking", "expenses", "journals", "other_payments", "other_receipts", "reporting", "sales")
_SEEN_IN = {
    "SALES": ("sales", "other_receipts", "journals", "reporting"),
    "OTHER_INCOME": ("sales", "other_receipts", "journals", "reporting"),
    "DIRECT_EXPENSES": ("expenses", "other_payments", "journals", "reporting"),
    "OVERHEADS": ("expenses", "other_payments", "journals", "reporting"),
    "BANK": ("banking", "reporting"),
}
DEFAULT_ACCOUNTS = {
    "sales_ledger_account": 4000,
    "product_sales_ledger_account": 4000,
    "service_sales_ledger_account": 4010,
    "sales_discount_ledger_account": 4009,
    "carriage_ledger_account": 4910,
    "other_receipt_ledger_account": 4900,
    "purchase_ledger_account": 5000,
    "product_purchase_ledger_account": 5000,
    "stock_purchase_ledger_account": 5010,
    "service_purchase_ledger_account": 5020,
    "exchange_rate_gains_ledger_account": 7900,
    "exchange_rate_losses_ledger_account": 7900,
}


def key(business: str, *words: object) -> str:
    """The same id at every start, so that a demonstration can name it."""
    return md5(repr((business, *words)).encode(), usedforsecurity=False).hexdigest()


def static_text(resource: str, key: str) -> str:
    name = STATIC[resource][key]
    return f"{name} ({key})" if resource in WITH_CODE else name


def account_id(business: str, code: int) -> str:
    return key(business, "ledger_accounts", code)


def ledger_account(business: str, code: int, name: str, kind: str) -> dict[str, Any]:
    seen = _SEEN_IN.get(kind, ("journals", "reporting"))
    tax = "GB_STANDARD" if kind in ("SALES", "OTHER_INCOME", "DIRECT_EXPENSES") else "GB_NO_TAX"
    return {
        "id": account_id(business, code),
        "displayed_as": f"{name} ({code})",
        "name": name,
        "display_name": name,
        "nominal_code": code,
        "ledger_account_type_id": kind,
        "tax_rate_id": tax,
        "visible_scopes": list(seen),
        "is_control_account": code in (1100, 2200),
        "included_in_chart": True,
    }


def invoice_settings() -> dict[str, Any]:
    return {
        "next_invoice_number": 1,
        "next_credit_note_number": 1,
        "separate_invoice_credit_note_numbering": True,
        "sales_invoice_number_prefix": "SI-",
        "sales_credit_note_number_prefix": "SCN-",
        "invoice_terms_and_conditions": "",
        "default_note_on_invoice": "",
        "next_quote_number": 1,
        "quote_number_prefix": "SQ-",
        "estimate_number_prefix": "SE-",
        "quote_default_days_to_expiry": 30,
        "estimate_default_days_to_expiry": 30,
        "quote_terms_and_conditions": "",
        "customer_credit_days": 30,
        "vendor_credit_days": 30,
        "customer_credit_terms": "date_from_invoice",
        "vendor_credit_terms": "date_from_payment",
    }

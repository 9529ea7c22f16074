"""Fields that Sage sends although a British company without these schemes never fills them."""

from typing import Any

_INVOICE = (
    "cis_applicable_amount",
    "base_currency_cis_applicable_amount",
    "total_after_cis_deduction",
    "base_currency_total_after_cis_deduction",
    "withholding_tax_rate",
    "withholding_tax_amount",
    "base_currency_withholding_tax_amount",
    "tax_address_region",
    "tax_calculation_method",
)
_INVOICE_FLAGS = (
    "is_cis",
    "has_cis_labour",
    "has_cis_materials",
    "destination_vat_rates_in_use",
    "migrated",
    "sent_by_email",
)
INVOICE: dict[str, Any] = {**dict.fromkeys(_INVOICE), **dict.fromkeys(_INVOICE_FLAGS, False)}

_QUOTE = tuple(name for name in _INVOICE if "cis" not in name)
_PAID = ("payments_allocations_total_amount", "payments_allocations_total_discount", "total_paid")
QUOTE: dict[str, Any] = {
    **dict.fromkeys((*_QUOTE, "detailed_tax_analysis", "profit_analysis")),
    **dict.fromkeys(("destination_vat_rates_in_use", "sent_by_email", "tax_reconciled"), False),
    **dict.fromkeys(_PAID, "0.0"),
}

LEDGER_ACCOUNT: dict[str, Any] = {
    **dict.fromkeys(
        (
            "control_name",
            "ledger_account_classification",
            "ledger_account_group",
            "recoverable_percentage",
            "non_recoverable_ledger_account",
        )
    ),
    **dict.fromkeys(("fixed_tax_rate", "cis_labour", "cis_materials", "tax_recoverable"), False),
}

PAYMENT: dict[str, Any] = dict.fromkeys(("base_currency_currency_charge", "tax_rate", "transaction"))

FINANCIAL_SETTINGS: dict[str, Any] = {
    **dict.fromkeys(("flat_rate_tax_percentage", "recoverable_percentage", "mtd_authenticated_date")),
    "destination_vat": False,
    "postponed_accounting": False,
    "mtd_connected": False,
    "mtd_activation_status": "inactive",
    "tax_number": "",
    "tax_return_frequency": {
        "id": "QUARTERLY",
        "displayed_as": "Quarterly",
        "$path": "/tax_return_frequencies/QUARTERLY",
    },
}

INVOICE_SETTINGS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "default_note_on_credit_note",
            "default_note_on_estimate",
            "default_note_on_quote",
            "delivery_note_terms_and_conditions",
            "estimate_terms_and_conditions",
        ),
        "",
    ),
    **dict.fromkeys(
        (
            "delivery_note_show_contact_details",
            "delivery_note_show_notes",
            "delivery_note_show_picked",
            "delivery_note_show_signature",
        ),
        True,
    ),
    **dict.fromkeys(
        (
            "document_headings",
            "footer_details",
            "line_item_titles",
            "print_contact_details",
            "print_statements",
        )
    ),
    "quick_entry_prefix": "QE-",
}

DEFAULT_ACCOUNTS: dict[str, Any] = dict.fromkeys(
    (
        "bank_charges_ledger_account",
        "bank_interest_charges_paid_ledger_account",
        "bank_interest_received_ledger_account",
        "customer_receipt_discount_ledger_account",
        "other_payment_ledger_account",
        "purchase_discount_ledger_account",
        "vendor_payment_discount_ledger_account",
    )
)

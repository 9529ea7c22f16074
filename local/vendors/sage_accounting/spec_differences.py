"""Where Sage's live service is known to differ from Sage's swagger: the one place that says what the check
allows.

The sources are sections of this project's fact sheet about the API, which names Sage's guides and the samples
behind it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """`names`: the fields, parameters or addresses that it concerns, as `Definition.field` where a definition
    has them."""

    sentence: str
    source: str
    names: tuple[str, ...] = ()


DIFFERENCES: dict[str, Difference] = {
    "envelope": Difference(
        "A list answers $total, $page, $next, $back, $itemsPerPage and $items; the swagger has an array.",
        "2.1 Paging",
        ("$total", "$page", "$next", "$back", "$itemsPerPage", "$items"),
    ),
    "businesses_envelope": Difference(
        "/businesses spells the page size $items_per_page.", "2.1 live sample", ("$items_per_page",)
    ),
    "decimals": Difference(
        "Numbers of format double are sent as text with a decimal point, and taken as text or number.",
        "2.5 Formats",
    ),
    "empty": Difference("Any field of an answer may be null; a text or date may be empty.", "2.5 Formats"),
    "clearing": Difference(
        "A field of a request that is not required may be null or empty, which clears it.", "2.6 Writing"
    ),
    "day_or_moment": Difference("A date-time filter takes a plain date, too.", "2.3 Change feeds"),
    "moment_dates": Difference(
        "These dates are sent as a moment at midnight with milliseconds.",
        "2.5 live samples",
        ("StockMovement.date", "StockItem.cost_price_last_updated"),
    ),
    "idempotency": Difference(
        "Each resource object of a request may hold idempotency_id.",
        "2.7 Idempotency guide",
        ("idempotency_id",),
    ),
    "line_ids": Difference(
        "Lines may be named by the id that they have in answers.",
        "3.8 Invoicing guide",
        ("invoice_lines.id",),
    ),
    "void_body": Difference(
        "A void may give its reason in a body, too.", "3.8 Invoicing guide", ("void_reason",)
    ),
    "errors": Difference(
        "Refusals have statuses that the swagger does not list, and an array of $severity, $dataCode, "
        "$message and $source.",
        "2.9 Errors",
        ("$severity", "$dataCode", "$message", "$source"),
    ),
    "nested": Difference(
        "With nested_attributes=all the references of the first level are whole records.",
        "2.2 Attributes guide",
    ),
    "pdf": Difference("A document is a PDF when that is what the caller accepts.", "3.8"),
    "unlisted": Difference(
        "Fields that live answers have and the swagger lacks.",
        "3.1, 2.2",
        ("Business.$path", "Subscription.accountant_pays", "Country.$path"),
    ),
    "headers": Difference(
        "Answers name the business in X-Business (not /businesses and /user) and the call in x_request_id.",
        "1.4 Request headers",
        ("X-Business", "x_request_id"),
    ),
    "by_country": Difference(
        "Fields of other countries' bookkeeping are left out of a British business's answers.",
        "3.2, 3.8, 3.12 name the British ones",
        (
            "LedgerAccount.gifi_code",
            "LedgerAccount.tax_instalment",
            "FinancialSettings.tax_office",
            "FinancialSettings.default_irpf_rate",
            "FinancialSettings.general_tax_number",
            "BusinessSettings.siret",
            "BusinessSettings.rcs_number",
            "BusinessSettings.share_capital",
            "BusinessSettings.management_centre_member",
            "BusinessSettings.legal_form_type",
            "BusinessSettings.business_activity_type",
            "BusinessSettings.auxiliary_accounts_visible",
            "InvoiceSettings.show_auto_entrepreneur",
            "InvoiceSettings.show_insurance",
            "InvoiceSettings.insurer",
            "InvoiceSettings.insurance_area",
            "InvoiceSettings.insurance_type",
            "InvoiceSettings.insurance_text",
            "InvoiceSettings.late_payment_percentage",
            "InvoiceSettings.prompt_payment_percentage",
            "InvoiceSettings.payment_bank_account",
            "InvoiceSettings.sales_corrective_invoice_number_prefix",
            "InvoiceSettings.next_sales_corrective_invoice_number",
        ),
    ),
    "on_request": Difference(
        "Fields that are sent only when a parameter asks for them.",
        "3.2, 3.7, 3.8",
        (
            "Contact.balance",
            "Contact.has_unfinished_recurring_invoices",
            "LedgerAccount.balance_details",
            "SalesInvoice.payments_allocations",
            "SalesInvoice.corrections",
            "SalesInvoice.recurring_invoice",
            "SalesInvoiceLineItem.analysis_type_categories",
            "SalesCreditNote.payments_allocations",
            "SalesCreditNoteLineItem.analysis_type_categories",
        ),
    ),
}


def names(key: str) -> frozenset[str]:
    return frozenset(DIFFERENCES[key].names)

"""The writable fields of each resource, with lengths and what is required, as Sage's swagger has them."""

from local.vendors.sage_accounting.fields import Field, amounts, flags, ref, text

CREDIT_TERMS = (
    "month_end_invoice",
    "date_from_invoice",
    "immediate_invoice",
    "month_end_payment",
    "date_from_payment",
    "immediate_payment",
)

ADDRESS_LINES = (
    text("address_line_1", 50, empty=""),
    text("address_line_2", 50, empty=""),
    text("city", 50, empty=""),
    text("postal_code", 10, empty=""),
    text("region", 50, empty=""),
    ref("country_id", "countries"),
    ref("country_group_id", "country_groups"),
)
ADDRESS = (
    ref("address_type_id", "address_types", required=True),
    text("name", 50, required=True),
    Field("is_main_address", "flag", required=True, empty=False),
    *ADDRESS_LINES,
    ref("contact_id", "contacts"),
    ref("bank_account_id", "bank_accounts"),
)

PERSON = (
    ref("address_id", "addresses", required=True),
    text("name", 50, required=True),
    Field("contact_person_type_ids", "refs", of="contact_person_types", required=True),
    text("job_title", 50, empty=""),
    text("telephone", 50, empty=""),
    text("mobile", 50, empty=""),
    text("email", 100, empty=""),
    text("fax", 50, empty=""),
    *flags("is_main_contact", "is_preferred_contact"),
)

TAX_TREATMENT = flags(
    "home_tax", "eu_tax_registered", "eu_not_tax_registered", "rest_of_world_tax", "is_importer"
)
BANK_DETAILS = tuple(
    text(name, 255) for name in ("account_name", "account_number", "sort_code", "bic", "iban")
)

CONTACT = (
    text("name", 100, required=True),
    Field("contact_type_ids", "refs", of="contact_types", required=True),
    text("reference", 10, empty=""),
    ref("default_sales_ledger_account_id", "ledger_accounts"),
    ref("default_sales_tax_rate_id", "tax_rates"),
    ref("default_purchase_ledger_account_id", "ledger_accounts"),
    text("tax_number", 255, empty=""),
    text("notes", 4000, empty=""),
    text("locale", 10),
    Field("credit_limit", "amount"),
    Field("credit_days", "whole"),
    Field("credit_terms", "choice", choices=CREDIT_TERMS),
    text("credit_terms_and_conditions", 2000),
    ref("product_sales_price_type_id", "product_sales_price_types"),
    text("source_guid", 255),
    ref("currency_id", "currencies"),
    text("aux_reference", 4),
    text("registered_number", 25),
    text("tax_calculation"),
    text("auxiliary_account", 25),
    *flags("destination_vat_blocking"),
    Field("tax_treatment", "part", parts=TAX_TREATMENT),
    Field("bank_account_details", "part", parts=BANK_DETAILS),
)
CONTACT_PARTS = (
    Field("main_address", "raw"),
    Field("delivery_address", "raw"),
    Field("main_contact_person", "raw"),
)

_ITEM = (
    text("notes", 500, empty=""),
    ref("sales_tax_rate_id", "tax_rates"),
    ref("purchase_tax_rate_id", "tax_rates"),
    ref("usual_supplier_id", "contacts"),
    *amounts("cost_price"),
    text("source_guid", 255),
    text("purchase_description", 250),
    Field("active", "flag", empty=True),
)
_ACCOUNTS = (
    text("description", 255, required=True),
    ref("sales_ledger_account_id", "ledger_accounts", required=True),
)
PRODUCT = (
    *_ACCOUNTS,
    ref("purchase_ledger_account_id", "ledger_accounts", required=True),
    text("item_code", 255, empty=""),
    *_ITEM,
    ref("catalog_item_type_id", "catalog_item_types"),
)
SERVICE = (
    *_ACCOUNTS,
    ref("purchase_ledger_account_id", "ledger_accounts"),
    text("item_code", 255, empty=""),
    *_ITEM,
    *flags("oss_service"),
)
STOCK_ITEM = (
    text("item_code", 30, required=True),
    *_ACCOUNTS,
    ref("purchase_ledger_account_id", "ledger_accounts", required=True),
    *_ITEM,
    Field("reorder_level", "number"),
    Field("reorder_quantity", "number"),
    text("location"),
    text("barcode"),
    text("supplier_part_number"),
    Field("weight", "number"),
    text("measurement_unit"),
)
PRICE = (
    ref("product_sales_price_type_id", "product_sales_price_types", required=True),
    text("price_name", 255),
    *amounts("price"),
    *flags("price_includes_tax"),
)
RATE = (
    ref("service_rate_type_id", "service_rate_types", required=True),
    text("rate_name", 255),
    *amounts("rate"),
    *flags("rate_includes_tax"),
)
NAMED_TYPE = (text("name", 255, required=True), Field("active", "flag", required=True, empty=False))

MOVEMENT = (
    ref("stock_item_id", "stock_items", required=True),
    Field("date", "day", required=True),
    Field("quantity", "number", required=True),
    Field("cost_price", "amount", required=True),
    text("details", 50, required=True),
    text("reference", 31),
)

ARTEFACT_ADDRESS = (*ADDRESS_LINES, ref("address_type_id", "address_types"))
LINE = (
    text("description", 2000, required=True),
    ref("ledger_account_id", "ledger_accounts", required=True),
    Field("unit_price", "amount", required=True),
    ref("product_id", "products"),
    ref("service_id", "services"),
    Field("quantity", "number"),
    ref("tax_rate_id", "tax_rates"),
    *flags("unit_price_includes_tax", "trade_of_asset"),
    *amounts("net_amount", "tax_amount", "total_amount", "discount_amount"),
    Field("discount_percentage", "number"),
    ref("eu_goods_services_type_id", "eu_goods_services_types"),
    ref("eu_sales_description_id", "eu_sales_descriptions"),
    Field("analysis_type_categories", "raw"),
)
DOCUMENT = (
    ref("contact_id", "contacts", required=True),
    Field("date", "day", required=True),
    text("contact_name", 255),
    text("contact_reference", 255),
    text("reference", 25, empty=""),
    text("notes", 2000, empty=""),
    text("terms_and_conditions", 2000, empty=""),
    Field("main_address", "part", parts=ARTEFACT_ADDRESS),
    Field("delivery_address", "part", parts=ARTEFACT_ADDRESS),
    *amounts("shipping_net_amount"),
    ref("shipping_tax_rate_id", "tax_rates"),
    ref("currency_id", "currencies"),
    Field("exchange_rate", "number"),
    Field("inverse_exchange_rate", "number"),
)
INVOICE = (
    *DOCUMENT,
    Field("due_date", "day"),
    text("invoice_number_prefix", 6),
    text("invoice_number"),
    ref("status_id", "artefact_statuses"),
    *flags("sent", "vat_reverse_charge", "destination_consignment"),
    text("original_quote_estimate_id"),
    text("delivery_performance_date", 40),
)

QUOTE = (
    *DOCUMENT,
    Field("expiry_date", "day", required=True),
    text("quote_number_prefix", 6),
    text("quote_number"),
    *flags("sent", "vat_reverse_charge", "destination_consignment"),
    text("invoice_id"),
)

CREDIT_NOTE = (
    *DOCUMENT,
    text("credit_note_number_prefix", 6),
    text("credit_note_number"),
    Field("original_invoice_date", "day"),
    ref("status_id", "artefact_statuses"),
    *flags("sent", "vat_reverse_charge", "destination_consignment"),
)

PAYMENT = (
    ref("transaction_type_id", "transaction_types", required=True),
    ref("contact_id", "contacts", required=True),
    ref("bank_account_id", "bank_accounts", required=True),
    Field("date", "day", required=True),
    Field("total_amount", "amount", required=True),
    ref("payment_method_id", "payment_methods"),
    text("reference", 25),
    ref("currency_id", "currencies"),
    Field("exchange_rate", "number"),
)
ALLOCATED = (text("artefact_id", required=True), Field("amount", "amount", required=True))
ALLOCATION = (*ALLOCATED, *amounts("discount"))
CONTACT_ALLOCATION = (
    ref("transaction_type_id", "transaction_types", required=True),
    ref("contact_id", "contacts", required=True),
    Field("date", "day"),
)
EXCHANGE_RATE = (
    ref("currency_id", "currencies", required=True),
    Field("rate", "number", required=True),
    Field("inverse_rate", "number"),
    ref("base_currency_id", "currencies"),
)

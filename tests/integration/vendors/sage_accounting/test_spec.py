"""The checker: a good life of records keeps to Sage's swagger, and what does not is said in a sentence."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def spec(sage: Any) -> None:
    if sage.service.check is None:
        pytest.skip("Sage's swagger files are not at hand: see the references of the shared folder.")


def test_a_full_round_has_no_violation(sage: Any) -> None:
    contact = sage.contact(
        reference="ACME01",
        currency_id="GBP",
        idempotency_id="d" * 32,
        main_address={"address_type_id": "ACCOUNTS", "name": "Main Address", "city": "Leeds"},
        main_contact_person={"contact_person_type_ids": ["ACCOUNTS"], "name": "Jo"},
    )
    sage.change(f"contacts/{contact['id']}", "contact", notes=None, credit_limit="10")
    price = sage.get("product_sales_price_types", attributes="all")["$items"][0]["id"]
    product = sage.product(sales_prices=[{"product_sales_price_type_id": price, "price": "9.99"}])
    stock = sage.stock_item(quantity="9")
    made = sage.invoice(contact["id"], sage.line(product_id=product["id"]), sage.line(product_id=stock["id"]))
    credited = sage.invoice(contact["id"])["id"]
    sage.admin(f"sales_invoices/{credited}/credit", {"amount": "1.00"})
    sage.admin(f"sales_invoices/{credited}/pay", {"amount": "2.00", "on_account": "3.00"})
    line = made["invoice_lines"][0]["id"]
    sage.change(f"sales_invoices/{made['id']}", "sales_invoice", invoice_lines=[{"id": line, "quantity": 1}])
    sage.call("DELETE", f"sales_invoices/{made['id']}", {"void_reason": "x"}, 200, void_reason="x")
    lists = (
        "contacts",
        "addresses",
        "contact_persons",
        "products",
        "services",
        "stock_items",
        "stock_movements",
        "sales_invoices",
        "sales_credit_notes",
        "contact_payments",
        "contact_allocations",
        "tax_rates",
        "ledger_accounts",
        "currencies",
        "countries",
        "exchange_rates",
        "live_exchange_rates",
        "business_exchange_rates",
        "service_rate_types",
    )
    for name in lists:
        page = sage.get(name, attributes="all", items_per_page=200)
        for one in page["$items"]:
            sage.call("GET", one["$path"].lstrip("/"), status=200)
    for name in (
        "business_settings",
        "financial_settings",
        "invoice_settings",
        "businesses",
        "businesses/lead",
        "user",
    ):
        sage.get(name)
    nested = (
        "contacts",
        "addresses",
        "contact_persons",
        "sales_invoices",
        "sales_credit_notes",
        "ledger_accounts",
    )
    for resource in nested:
        key = sage.get(resource)["$items"][0]["id"]
        sage.get(f"{resource}/{key}", nested_attributes="all")
    assert sage.service.violations == []


@pytest.mark.parametrize(
    ("method", "path", "body", "sentence"),
    [
        ("GET", "nothing", None, "Request GET /v3.1/nothing: there is no such address."),
        ("POST", "currencies", {}, "Request POST /currencies: there is no such method."),
        ("GET", "products?sort=date", None, "Request GET /products: there is no parameter sort."),
        ("GET", "products?active=1", None, "Request GET /products: the parameter active cannot be '1'."),
        (
            "GET",
            "products?items_per_page=500",
            None,
            "Request GET /products: the parameter items_per_page cannot be '500'.",
        ),
        (
            "GET",
            "products?updated_or_created_since=now",
            None,
            "Request GET /products: the parameter updated_or_created_since cannot be 'now'.",
        ),
        (
            "GET",
            "ledger_accounts?visible_in=shops",
            None,
            "Request GET /ledger_accounts: the parameter visible_in cannot be 'shops'.",
        ),
        (
            "POST",
            "contacts",
            {"contact": {"name": "A", "contact_type_ids": ["CUSTOMER"], "telephone": "1"}},
            "Request POST /contacts: contact has no field telephone.",
        ),
        (
            "POST",
            "contacts",
            {"contact": {"name": "A"}},
            "Request POST /contacts: contact must have contact_type_ids.",
        ),
        ("POST", "contacts", {"name": "A"}, "Request POST /contacts: the body must have contact."),
        (
            "POST",
            "contacts",
            {"contact": {"name": "A", "contact_type_ids": ["CUSTOMER"], "credit_terms": "never"}},
            "Request POST /contacts: contact.credit_terms must be one of month_end_invoice, "
            "date_from_invoice, immediate_invoice, "
            "month_end_payment, date_from_payment, immediate_payment, not 'never'.",
        ),
        (
            "POST",
            "products",
            {
                "product": {
                    "description": 5,
                    "sales_ledger_account_id": "a",
                    "purchase_ledger_account_id": "a",
                    "cost_price": "dear",
                }
            },
            "Request POST /products: product.cost_price must be a number, not 'dear'.",
        ),
        (
            "POST",
            "sales_invoices",
            {"sales_invoice": {"contact_id": "a", "date": "today", "invoice_lines": [{"id": "a"}]}},
            "Request POST /sales_invoices: sales_invoice.invoice_lines must have unit_price.",
        ),
        ("DELETE", "products/a", {"reason": "x"}, "Request DELETE /products/{key}: there is no body."),
    ],
)
def test_bad_requests_are_said(sage: Any, method: str, path: str, body: Any, sentence: str) -> None:
    sage.call(method, path, body)
    assert sentence in sage.service.violations


def test_bad_answers_are_said(sage: Any) -> None:
    key = sage.contact()["id"]
    sage.service.lead.table("contacts")[key].update(
        locale=5, credit_days="many", name="x" * 101, created_at="today"
    )
    sage.get(f"contacts/{key}")
    said = [one.removeprefix("Answer to GET /contacts/{key}: ") for one in sage.service.violations]
    assert said == [
        "created_at must be a moment in UTC with whole seconds, not 'today'.",
        f"name must be at most 100 characters, not '{'x' * 101}'.",
        "locale must be text, not 5.",
        "credit_days must be a whole number, not 'many'.",
    ]
    sage.service.violations.clear()

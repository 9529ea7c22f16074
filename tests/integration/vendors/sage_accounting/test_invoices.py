"""Sales invoices: what they come to, their numbers, and the ways they go from draft to paid or void."""

from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture
def contact(sage: Any) -> str:
    return str(
        sage.contact(
            reference="ACME01",
            credit_days=14,
            main_address={
                "name": "Office",
                "address_line_1": "1 High St",
                "city": "Leeds",
                "postal_code": "LS1 1AA",
                "country_id": "GB",
            },
        )["id"]
    )


def draft(sage: Any, contact: str, **fields: Any) -> Any:
    return sage.invoice(contact, status_id="DRAFT", **fields)


def statuses(invoice: Any) -> tuple[str, str, bool]:
    return invoice["status"]["id"], invoice["displayed_as"], invoice["editable"]


def test_an_invoice_is_filled_in_from_its_contact(sage: Any, contact: str) -> None:
    made = sage.invoice(contact, reference="SO-1001")
    assert statuses(made) == ("UNPAID", "SI-1", True)
    assert (made["date"], made["due_date"]) == ("2025-06-01", "2025-06-15")
    assert (made["net_amount"], made["tax_amount"], made["total_amount"]) == ("19.98", "4.0", "23.98")
    assert (made["outstanding_amount"], made["total_paid"], made["total_quantity"]) == ("23.98", "0.0", "2.0")
    assert made["main_address_free_form"] == "1 High St\nLeeds\nLS1 1AA" == made["delivery_address_free_form"]
    assert made["main_address"]["$path"] == f"/contacts/{contact}"
    assert (made["contact_name"], made["contact_reference"]) == ("Acme Ltd", "ACME01")
    assert made["transaction"]["$path"].startswith("/transactions/")
    assert made["tax_analysis"][0]["tax_rate"]["id"] == "GB_STANDARD"
    assert sage.invoice(contact)["displayed_as"] == "SI-2"


def test_tax_that_is_not_sent_is_nothing(sage: Any, contact: str) -> None:
    line = sage.line()
    del line["tax_amount"]
    made = sage.invoice(contact, line)
    assert (made["tax_amount"], made["invoice_lines"][0]["tax_amount"], made["total_amount"]) == (
        "0.0",
        "0.0",
        "19.98",
    )


def test_prices_are_rounded_to_pennies_before_they_count(sage: Any, contact: str) -> None:
    line = sage.line(unit_price="0.3333", quantity="100", tax_amount="6.666")
    made = sage.invoice(contact, line, line)["invoice_lines"][0]
    assert (made["unit_price"], made["net_amount"], made["tax_amount"]) == ("0.33", "33.0", "6.67")
    sage.options.change({"accept_line_net": True})
    sent = sage.invoice(contact, {**line, "net_amount": "33.33"})
    assert (sent["net_amount"], sent["tax_amount"], sent["total_amount"]) == ("33.33", "6.67", "40.0")


def test_discounts_tax_included_and_shipping(sage: Any, contact: str) -> None:
    made = sage.invoice(
        contact,
        sage.line(unit_price="100", quantity="1", discount_percentage="10", tax_amount="18"),
        sage.line(unit_price="12", quantity="1", unit_price_includes_tax=True, tax_amount="2"),
        sage.line(unit_price="20", quantity="1", discount_amount="5", tax_amount="3"),
        shipping_net_amount="5",
        shipping_tax_rate_id="GB_STANDARD",
        shipping_tax_amount="99",
    )
    assert [one["net_amount"] for one in made["invoice_lines"]] == ["90.0", "10.0", "15.0"]
    assert made["shipping_tax_amount"] == "1.0", "Sage works out the tax of shipping itself"
    assert (made["net_amount"], made["tax_amount"], made["total_amount"]) == ("120.0", "24.0", "144.0")
    assert made["total_discount_amount"] == "15.0"


def test_currencies(sage: Any, contact: str) -> None:
    euro = sage.contact("Beispiel", currency_id="EUR")["id"]
    made = sage.invoice(euro, exchange_rate="0.85")
    assert (made["currency"]["id"], made["exchange_rate"], made["base_currency_total_amount"]) == (
        "EUR",
        "0.85",
        "20.38",
    )
    assert sage.invoice(euro)["exchange_rate"] == "0.86"
    assert sage.invoice(euro, inverse_exchange_rate="1.25")["exchange_rate"] == "0.8"
    body = {"contact_id": contact, "date": "2025-06-01", "currency_id": "EUR", "invoice_lines": [sage.line()]}
    assert sage.refused("POST", "sales_invoices", {"sales_invoice": body})[0][1] == "currency_id"
    sage.options.change({"rate_direction": "foreign_per_base"})
    other = sage.invoice(euro, exchange_rate="1.25")
    assert Decimal(other["base_currency_net_amount"]) == Decimal("15.98")


def test_what_a_line_needs(sage: Any, contact: str) -> None:
    def refusal(**line: Any) -> list[tuple[str, str]]:
        body = {"contact_id": contact, "date": "2025-06-01", "invoice_lines": [line]}
        return sage.refused("POST", "sales_invoices", {"sales_invoice": body})

    assert [source for _, source in refusal()] == [
        "line_items.description",
        "line_items.ledger_account_id",
        "line_items.unit_price",
    ]
    bare = {"description": "x", "ledger_account_id": sage.account(), "unit_price": "1"}
    assert [source for _, source in refusal(**bare)] == ["line_items.quantity", "line_items.tax_rate_id"]
    purchases = sage.account("purchase_ledger_account")
    assert refusal(**{**sage.line(), "ledger_account_id": purchases})[0][1] == "line_items.ledger_account_id"
    none = {"sales_invoice": {"contact_id": contact, "date": "2025-06-01", "invoice_lines": []}}
    assert sage.refused("POST", "sales_invoices", none) == [("This field is required.", "line_items")]
    sage.options.change({"line_needs_quantity_and_tax": False})
    assert sage.invoice(contact, bare)["total_amount"] == "1.0"


def test_only_customers_are_invoiced(sage: Any) -> None:
    vendor = sage.contact("Maker", contact_type_ids=["VENDOR"])["id"]
    body = {"contact_id": vendor, "date": "2025-06-01", "invoice_lines": [sage.line()]}
    assert sage.refused("POST", "sales_invoices", {"sales_invoice": body}) == [
        ("Couldn't find Customer.", "")
    ]


def test_dates_lie_in_the_open_years(sage: Any, contact: str) -> None:
    sage.change("financial_settings", "financial_settings", year_end_lockdown_date="2025-03-31")
    for day in ("2019-12-31", "2025-03-31"):
        body = {"contact_id": contact, "date": day, "invoice_lines": [sage.line()]}
        assert sage.refused("POST", "sales_invoices", {"sales_invoice": body})[0][1] == "date"
    sage.invoice(contact, date="2025-04-01")


def test_from_draft_to_issued(sage: Any, contact: str) -> None:
    made = draft(sage, contact)
    assert statuses(made) == ("DRAFT", "SI-DRAFT", True) and made["transaction"] is None
    assert sage.invoice(contact, status_id="PRO_FORMA")["status"]["id"] == "PRO_FORMA"
    assert sage.invoice(contact)["displayed_as"] == "SI-1", "drafts take no number"
    released = sage.call("POST", f"sales_invoices/{made['id']}/release", status=201)
    assert statuses(released) == ("UNPAID", "SI-2", True)
    sage.refused("POST", f"sales_invoices/{made['id']}/release")
    other = draft(sage, contact)["id"]
    assert (
        sage.change(f"sales_invoices/{other}", "sales_invoice", status_id="UNPAID")["displayed_as"] == "SI-3"
    )
    body = {"sales_invoice": {"status_id": "PAID"}}
    assert sage.refused("PUT", f"sales_invoices/{other}", body)[0][1] == "status_id"


def test_own_numbers_leave_gaps_and_are_unique(sage: Any, contact: str) -> None:
    assert sage.invoice(contact, invoice_number="7")["displayed_as"] == "SI-7"
    assert sage.invoice(contact)["displayed_as"] == "SI-8"
    body = {
        "contact_id": contact,
        "date": "2025-06-01",
        "invoice_lines": [sage.line()],
        "invoice_number": "7",
    }
    assert sage.refused("POST", "sales_invoices", {"sales_invoice": body})[0][1] == "invoice_number"
    assert sage.invoice(contact, invoice_number_prefix="WEB-", invoice_number="7")["displayed_as"] == "WEB-7"


def test_payments_decide_the_status(sage: Any, contact: str) -> None:
    sage.admin("clock", {"freeze": "2026-05-01T10:00:00Z"})
    path = f"sales_invoices/{sage.invoice(contact)['id']}"
    sage.admin("clock", {"freeze": "2026-05-01T11:00:00Z"})
    sage.admin(f"{path}/pay", {"amount": "20.00", "date": "2025-06-10"})
    part = sage.get(path, mark_as_sent="false", show_payments_allocations="true")
    assert (
        part["status"]["id"],
        part["total_paid"],
        part["outstanding_amount"],
        part["last_paid"],
        part["editable"],
    ) == ("PART_PAID", "20.0", "3.98", "2025-06-10", False)
    assert (
        part["updated_at"] == "2026-05-01T11:00:00Z" and part["payments_allocations"][0]["amount"] == "20.0"
    )
    sage.refused("PUT", path, {"sales_invoice": {"reference": "late"}})
    assert sage.refused("DELETE", f"{path}?void_reason=no")[0][0].startswith(
        "You cannot void an invoice with payments"
    )
    sage.admin(f"{path}/pay")
    paid = sage.get(path, mark_as_sent="false")
    assert (paid["status"]["id"], paid["outstanding_amount"]) == ("PAID", "0.0")
    assert sage.get("sales_invoices", status_id="PAID")["$total"] == 1
    payment = sage.get("contact_payments", contact_id=contact, attributes="all")["$items"][1]
    assert (
        payment["total_amount"] == "3.98"
        and payment["allocated_artefacts"][0]["artefact"]["displayed_as"] == "SI-1"
    )
    sage.call("DELETE", f"contact_payments/{payment['id']}", status=204)
    assert sage.get(path, mark_as_sent="false")["status"]["id"] == "PART_PAID"


def test_a_payment_may_leave_the_stamp(sage: Any, contact: str) -> None:
    sage.options.change({"payment_touch": False})
    sage.admin("clock", {"freeze": "2026-05-01T10:00:00Z"})
    path = f"sales_invoices/{sage.invoice(contact)['id']}"
    sage.admin("clock", {"freeze": "2026-05-01T11:00:00Z"})
    sage.admin(f"{path}/pay")
    assert sage.get(path, mark_as_sent="false")["updated_at"] == "2026-05-01T10:00:00Z"


def test_payments_through_the_api(sage: Any, contact: str) -> None:
    invoice = sage.invoice(contact)["id"]
    account = next(iter(sage.service.lead.table("bank_accounts")))
    fields = {
        "transaction_type_id": "CUSTOMER_RECEIPT",
        "contact_id": contact,
        "bank_account_id": account,
        "date": "2025-06-10",
        "total_amount": "50",
        "allocated_artefacts": [{"artefact_id": invoice, "amount": "23.98"}],
    }
    assert (
        sage.make("contact_payments", "contact_payment", **fields)["allocated_artefacts"][0]["amount"]
        == "23.98"
    )
    assert sage.refused("POST", "contact_payments", {"contact_payment": fields}) == [
        ("You can only pay unpaid or part-paid invoices.", "")
    ]


@pytest.mark.parametrize("where", ["query", "body"])
def test_a_void_needs_its_reason(sage: Any, contact: str, where: str) -> None:
    path = f"sales_invoices/{sage.invoice(contact)['id']}"
    assert sage.refused("DELETE", path) == [("This field is required.", "void_reason")]
    sage.options.change({"void_reason_in": "body" if where == "query" else "query"})
    query, body = ({"void_reason": "Wrong"}, None) if where == "query" else ({}, {"void_reason": "Wrong"})
    sage.call("DELETE", path, body, 422, **query)
    sage.options.change({"void_reason_in": "either"})
    gone = sage.call("DELETE", path, body, 200, **query)
    assert (statuses(gone), gone["void_reason"], gone["outstanding_amount"]) == (
        ("VOID", "SI-1", False),
        "Wrong",
        "0.0",
    )
    sage.refused("DELETE", f"{path}?void_reason=again")
    sage.refused("PUT", path, {"sales_invoice": {"reference": "late"}})


def test_a_draft_is_removed_instead(sage: Any, contact: str) -> None:
    path = f"sales_invoices/{draft(sage, contact)['id']}"
    assert sage.call("DELETE", path, status=200)["deleted_at"]
    sage.call("GET", path, status=404)
    assert sage.get("sales_invoices", deleted_since="2020-01-01")["$total"] == 1


def test_edits_keep_replace_or_merge_the_lines(sage: Any, contact: str) -> None:
    made = sage.invoice(contact, sage.line(), sage.line(description="Second"))
    path, first = f"sales_invoices/{made['id']}", made["invoice_lines"][0]["id"]
    assert len(sage.change(path, "sales_invoice", reference="New")["invoice_lines"]) == 2
    kept = sage.change(
        path, "sales_invoice", invoice_lines=[{"id": first, "quantity": "3"}, sage.line(description="Third")]
    )
    assert [(one["id"] == first, one["description"], one["quantity"]) for one in kept["invoice_lines"]] == [
        (True, "Widget blue", "3.0"),
        (False, "Third", "2.0"),
    ]
    assert kept["total_amount"] == "57.95" and kept["displayed_as"] == "SI-1"
    sage.options.change({"line_arrays": "merge"})
    merged = sage.change(path, "sales_invoice", invoice_lines=[sage.line(description="Fourth")])
    assert [one["description"] for one in merged["invoice_lines"]] == ["Widget blue", "Third", "Fourth"]


def test_reconciled_invoices_are_not_edited(sage: Any, contact: str) -> None:
    key = sage.invoice(contact)["id"]
    sage.admin("sales_invoices", {"id": key, "tax_reconciled": True})
    assert sage.get(f"sales_invoices/{key}", mark_as_sent="false")["editable"] is False
    assert sage.refused("PUT", f"sales_invoices/{key}", {"sales_invoice": {"reference": "x"}}) == [
        ("You cannot edit VAT reconciled transactions.", "")
    ]


def test_a_mere_read_marks_an_invoice_as_sent(sage: Any, contact: str) -> None:
    path = f"sales_invoices/{sage.invoice(contact)['id']}"
    assert sage.get("sales_invoices", attributes="sent")["$items"][0]["sent"] is False
    assert sage.get(path, mark_as_sent="false")["sent"] is False
    sage.options.change({"mark_as_sent_on": "pdf"})
    assert sage.get(path)["sent"] is False
    sage.options.change({"mark_as_sent_on": "all"})
    assert sage.get(path)["sent"] is True
    pdf = sage.http.get(f"/v3.1/{path}", headers={"Accept": "application/pdf"})
    assert pdf.headers["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")


def test_filters_search_and_sort(sage: Any, contact: str) -> None:
    other = sage.contact("Bolt plc")["id"]
    for who, day, reference in (
        (contact, "2025-06-03", "SO-1"),
        (other, "2025-06-01", "SO-2"),
        (contact, "2025-06-02", "X"),
    ):
        sage.invoice(who, date=day, reference=reference)

    def named(**query: Any) -> list[str]:
        return [one["displayed_as"] for one in sage.get("sales_invoices", **query)["$items"]]

    assert named(contact_id=contact) == ["SI-1", "SI-3"] == named(from_date="2025-06-02")
    assert named(search="so-") == ["SI-1", "SI-2"] and named(search="bolt") == ["SI-2"]
    assert named(sort="date") == ["SI-2", "SI-3", "SI-1"] == named(sort="date:asc")
    assert named(sort="date:desc") == ["SI-1", "SI-3", "SI-2"]
    assert named(to_date="2025-06-01") == ["SI-2"]
    sage.refused("GET", "sales_invoices?sort=total_amount")

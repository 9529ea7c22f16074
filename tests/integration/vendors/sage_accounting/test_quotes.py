"""Quotes of the emulated Sage: numbered at once, posted nowhere, invoiced once, and gone without a trace."""

from typing import Any


def quote(sage: Any, contact: str, **fields: Any) -> Any:
    given = {"date": "2025-06-01", "expiry_date": "2025-07-01", "quote_lines": [sage.line()], **fields}
    return sage.make("sales_quotes", "sales_quote", contact_id=contact, **given)


def test_a_quote_is_numbered_at_once_and_keeps_to_the_swagger(sage: Any) -> None:
    made = quote(sage, sage.contact()["id"], reference="PO 7")
    second = quote(sage, made["contact"]["id"])
    assert [made["displayed_as"], second["displayed_as"]] == ["SQ-1", "SQ-2"]
    assert made["status"]["id"] == "EXPIRED" and made["invoice"] is None and made["total_amount"] == "23.98"
    changed = sage.change(
        f"sales_quotes/{made['id']}",
        "sales_quote",
        quote_lines=[sage.line(quantity="1", tax_amount="2.00")],
        expiry_date="2099-01-01",
    )
    assert (changed["total_amount"], changed["status"]["id"]) == ("11.99", "PENDING")
    page = sage.get("sales_quotes", attributes="all", search="po 7")
    assert [one["id"] for one in page["$items"]] == [made["id"]]
    assert sage.service.violations == []


def test_a_quote_needs_its_expiry_date_and_lines(sage: Any) -> None:
    body = {"sales_quote": {"contact_id": sage.contact()["id"], "date": "2025-06-01", "quote_lines": []}}
    assert {source for _, source in sage.refused("POST", "sales_quotes", body)} == {"expiry_date"}
    body["sales_quote"] |= {"expiry_date": "2025-05-01", "quote_lines": [sage.line()]}
    assert sage.refused("POST", "sales_quotes", body)[0][1] == "expiry_date"


def test_an_invoiced_quote_names_its_invoice_and_the_invoice_names_the_quote(sage: Any) -> None:
    made = quote(sage, sage.contact()["id"])
    invoice = sage.admin(f"sales_quotes/{made['id']}/invoice", {"date": "2025-06-02", "draft": True})
    shown = sage.get(f"sales_quotes/{made['id']}")
    assert shown["invoice"]["displayed_as"] == "SI-DRAFT" and not shown["editable"]
    assert shown["updated_at"] == made["updated_at"]
    assert sage.get(f"sales_invoices/{invoice['id']}")["original_quote_estimate"]["id"] == made["id"]
    sage.admin(f"sales_invoices/{invoice['id']}/release")
    assert sage.get(f"sales_quotes/{made['id']}")["invoice"]["displayed_as"] == "SI-1"
    assert invoice["total_amount"] == made["total_amount"]
    sage.refused("PUT", f"sales_quotes/{made['id']}", {"sales_quote": {"reference": "late"}})


def test_a_deleted_quote_is_in_no_list(sage: Any) -> None:
    made = quote(sage, sage.contact()["id"])
    sage.call("DELETE", f"sales_quotes/{made['id']}", status=204)
    sage.call("GET", f"sales_quotes/{made['id']}", status=404)
    assert sage.get("sales_quotes")["$total"] == 0

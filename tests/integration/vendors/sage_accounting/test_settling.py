"""Credit notes, payments on account, allocations and refunds, by Sage's own names and rules."""

from typing import Any

import pytest


def settled(sage: Any, key: str) -> tuple[str, str, str]:
    found = sage.get(f"sales_invoices/{key}", mark_as_sent="false")
    return found["status"]["id"], found["total_paid"], found["outstanding_amount"]


def rows(sage: Any, key: str, resource: str = "sales_invoices") -> list[dict[str, Any]]:
    path = f"{resource}/{key}"
    return list(
        sage.get(path, mark_as_sent="false", show_payments_allocations="true")["payments_allocations"]
    )


def credit_note(sage: Any, contact: str, **fields: Any) -> Any:
    return sage.make(
        "sales_credit_notes",
        "sales_credit_note",
        **{"contact_id": contact, "date": "2025-06-02", "credit_note_lines": [sage.line()], **fields},
    )


def payment(
    sage: Any, contact: str, total: str, *artefacts: tuple[str, str], **fields: Any
) -> dict[str, Any]:
    bank = next(iter(sage.service.lead.table("bank_accounts")))
    return {
        "transaction_type_id": "CUSTOMER_RECEIPT",
        "contact_id": contact,
        "bank_account_id": bank,
        "date": "2025-06-10",
        "total_amount": total,
        "allocated_artefacts": [{"artefact_id": key, "amount": amount} for key, amount in artefacts],
        **fields,
    }


def allocation(contact: str, *artefacts: tuple[str, str], **fields: Any) -> dict[str, Any]:
    return {
        "transaction_type_id": "CUSTOMER_ALLOCATION",
        "contact_id": contact,
        "allocated_artefacts": [{"artefact_id": key, "amount": amount} for key, amount in artefacts],
        **fields,
    }


@pytest.fixture
def contact(sage: Any) -> str:
    return str(sage.contact()["id"])


def test_a_credit_note_has_its_own_number_and_a_total_above_zero(sage: Any, contact: str) -> None:
    made = credit_note(sage, contact)
    assert (made["displayed_as"], made["status"]["id"], made["total_amount"]) == ("SCN-1", "UNPAID", "23.98")
    assert made["outstanding_amount"] == "23.98" and made["credit_note_lines"][0]["ledger_account"]["id"]
    draft = credit_note(sage, contact, status_id="DRAFT")
    assert draft["displayed_as"] == "SCN-DRAFT"
    released = sage.call("POST", f"sales_credit_notes/{draft['id']}/release", None, 201)
    assert released["displayed_as"] == "SCN-2"
    for quantity in ("-1", "0"):
        body = {"contact_id": contact, "date": "2025-06-02"}
        lines = [sage.line(quantity=quantity, tax_amount="0")]
        refused = sage.refused(
            "POST", "sales_credit_notes", {"sales_credit_note": {**body, "credit_note_lines": lines}}
        )
        assert [source for _, source in refused] == ["total_amount"]


def test_an_allocation_sets_a_credit_note_against_invoices(sage: Any, contact: str) -> None:
    invoice, note = sage.invoice(contact)["id"], credit_note(sage, contact)["id"]
    body = allocation(contact, (invoice, "20.00"), (note, "-20.00"))
    made = sage.make("contact_allocations", "contact_allocation", **body)
    assert [(one["artefact"]["$path"], one["amount"]) for one in made["allocated_artefacts"]] == [
        (f"/sales_invoices/{invoice}", "20.0"),
        (f"/sales_credit_notes/{note}", "-20.0"),
    ]
    assert settled(sage, invoice) == ("PART_PAID", "20.0", "3.98")
    (row,) = rows(sage, invoice)
    assert (row["contact_payment"], row["contact_allocation"]["id"], row["amount"]) == (
        None,
        made["id"],
        "20.0",
    )
    assert rows(sage, note, "sales_credit_notes")[0]["amount"] == "20.0"
    for path in (f"sales_invoices/{invoice}", f"sales_credit_notes/{note}"):
        assert "Delete these first" in sage.refused("DELETE", f"{path}?void_reason=x")[0][0]
    sage.call("DELETE", f"contact_allocations/{made['id']}", status=204)
    assert settled(sage, invoice) == ("UNPAID", "0.0", "23.98")
    assert sage.get("contact_allocations", deleted_since="2020-01-01")["$total"] == 1
    gone = sage.call("DELETE", f"sales_credit_notes/{note}", status=200, void_reason="Wrong")
    assert gone["status"]["id"] == "VOID"


def test_what_does_not_add_up_or_belong_together_is_not_allocated(sage: Any, contact: str) -> None:
    invoice, note = sage.invoice(contact)["id"], credit_note(sage, contact)["id"]
    other = sage.contact("Bolt plc")["id"]
    foreign = credit_note(sage, other)["id"]

    def refused(*artefacts: tuple[str, str], **fields: Any) -> str:
        body = {"contact_allocation": allocation(contact, *artefacts, **fields)}
        return str(sage.refused("POST", "contact_allocations", body)[0][0])

    assert refused((invoice, "5"), (note, "-4")) == "The allocated amounts must add up to zero."
    assert refused((invoice, "5"), (foreign, "-5")) == "Couldn't find Customer."
    assert refused((invoice, "-5"), (note, "5")).startswith("The amount of an invoice must be above zero")
    assert refused((invoice, "24"), (note, "-24")) == "The amount is more than the outstanding amount."
    assert refused((invoice, "5"), (note, "-5"), transaction_type_id="CUSTOMER_RECEIPT").startswith("This tr")
    assert sage.refused("POST", "contact_allocations", {"contact_allocation": {"contact_id": contact}}) == [
        ("This field is required.", "transaction_type_id")
    ]
    assert settled(sage, invoice) == ("UNPAID", "0.0", "23.98")


def test_what_a_receipt_leaves_over_is_allocated_later_and_then_kept(sage: Any, contact: str) -> None:
    first, second = sage.invoice(contact)["id"], sage.invoice(contact)["id"]
    made = sage.make("contact_payments", "contact_payment", **payment(sage, contact, "30", (first, "23.98")))
    kept = made["payment_on_account"]
    assert (kept["total_amount"], kept["outstanding_amount"], kept["status"]["id"]) == (
        "6.02",
        "6.02",
        "UNPAID",
    )
    sage.make(
        "contact_allocations",
        "contact_allocation",
        **allocation(contact, (second, "6.02"), (kept["id"], "-6.02")),
    )
    assert settled(sage, second) == ("PART_PAID", "6.02", "17.96")
    assert "allocated or refunded" in sage.refused("DELETE", f"contact_payments/{made['id']}")[0][0]
    assert sage.get(f"contact_payments/{made['id']}")["payment_on_account"]["outstanding_amount"] == "0.0"
    sage.options.change({"plan": "Start"})
    body = {"contact_payment": payment(sage, contact, "30")}
    assert sage.refused("POST", "contact_payments", body)[0][0] == "Payments on account are not available."


def test_a_refund_opens_an_invoice_and_uses_up_a_credit_note(sage: Any, contact: str) -> None:
    invoice, note = sage.invoice(contact)["id"], credit_note(sage, contact)["id"]
    sage.admin(f"sales_invoices/{invoice}/pay", {"amount": "20.00", "discount": "3.98"})
    assert settled(sage, invoice) == ("PAID", "23.98", "0.0")
    refund = payment(sage, contact, "5", (invoice, "5"), transaction_type_id="CUSTOMER_REFUND")
    sage.make("contact_payments", "contact_payment", **refund)
    assert settled(sage, invoice) == ("PART_PAID", "18.98", "5.0")
    assert [(row["negative_payment"], row["amount"], row["discount"]) for row in rows(sage, invoice)] == [
        (False, "20.0", "3.98"),
        (True, "-5.0", "0.0"),
    ]
    again = payment(sage, contact, "16", (invoice, "16"), transaction_type_id="CUSTOMER_REFUND")
    assert "more than was paid" in sage.refused("POST", "contact_payments", {"contact_payment": again})[0][0]
    paid_back = payment(sage, contact, "23.98", (note, "23.98"), transaction_type_id="CUSTOMER_REFUND")
    sage.make("contact_payments", "contact_payment", **paid_back)
    assert sage.get(f"sales_credit_notes/{note}", mark_as_sent="false")["status"]["id"] == "PAID"


@pytest.mark.parametrize("total", ["0", "-5"])
def test_no_payment_is_of_nothing(sage: Any, contact: str, total: str) -> None:
    body = {"contact_payment": payment(sage, contact, total)}
    assert sage.refused("POST", "contact_payments", body) == [
        ("The amount must be more than zero.", "total_amount")
    ]


def test_a_credit_lowers_what_the_customer_owes(sage: Any, contact: str) -> None:
    sage.invoice(contact)
    credit_note(sage, contact, credit_note_lines=[sage.line(quantity="1", tax_amount="2.00")])
    assert sage.get(f"contacts/{contact}", show_balance="true")["balance"] == "11.99"


def test_a_person_settles_at_the_press_of_a_button(sage: Any, contact: str) -> None:
    path = f"sales_invoices/{sage.invoice(contact)['id']}"
    sage.admin(f"{path}/credit", {"amount": "3.98", "account": 4020})
    line = sage.admin("sales_credit_notes", method="GET")[0]["credit_note_lines"][0]
    assert line["ledger_account"]["displayed_as"] == "Bad Debts Written Off (4020)"
    sage.admin(f"{path}/pay", {"on_account": "10.00"})
    sage.admin(f"{path}/refund", {"amount": "1.00"})
    kept = sage.admin("contact_payments", method="GET")[0]["payment_on_account"]["id"]
    sage.admin(f"{path}/allocate", {"from": kept})
    assert settled(sage, path.split("/")[1]) == ("PAID", "23.98", "0.0")
    assert sage.http.post(f"/_admin/{path}/forgive").status_code == 400

"""What differs is told in names and figures: no id of ours, no value of the program's, and never alike."""

import pytest

from shared.operations.compare import compare
from tests.stories.customers import SAGE, VTIGER
from tests.stories.test_vat_invoices import Invoices

HOLD = '[invoice.fields]\naccount = {conflict = "hold"}\nlines = {conflict = "hold"}\n'
DRAFT, ISSUED = "Created", "Approved"


def agreed_on(state: str, rules: str = "") -> Invoices:
    """An invoice of Acme's, and two other customers to whom it could go."""
    here = Invoices(rules)
    here.item("BOLT", "GB_STANDARD")
    for name in ("beta", "gamma"):
        here.rig.systems[SAGE].put(
            "contacts",
            name,
            {"name": f"{name.title()} Ltd", "contact_type_id": "CUSTOMER", "currency_id": "GBP"},
        )
    here.sync()
    here.wait(minutes=3)
    here.invoice(here.line("BOLT", "20"), invoicestatus=state)
    here.sync()
    here.wait(minutes=3)
    here.forget()
    return here


def reported(here: Invoices, field: str) -> set[tuple[str, str]]:
    """What `reconcile --report` shows of the field: there, and as agreed."""
    return {(one.shown, one.agreed) for one in compare(here.rig.services()) if one.field == field}


def test_a_released_invoice_names_both_customers() -> None:
    here = agreed_on(ISSUED)
    beta = here.id_of(VTIGER, "beta", "account")
    here.invoice(here.line("BOLT", "20"), invoicestatus=ISSUED, account_id=beta)
    here.sync()
    here.says("skipped", "account stays “Acme Ltd” there, “Beta Ltd” here", rule="released")
    assert reported(here, "account") == {("Acme Ltd", "Beta Ltd")}


@pytest.mark.parametrize(
    ("tax", "price", "here_now"),
    [
        ("0", "10.00", "10.00 net (line 1 “BOLT”: tax rate 0 %)"),
        ("20", "30.00", "30.00 net (line 1 “BOLT”: unit price 30.00)"),
    ],
)
def test_lines_of_a_released_invoice_are_told_by_what_differs(tax: str, price: str, here_now: str) -> None:
    here = agreed_on(ISSUED)
    here.invoice(here.line("BOLT", tax, price=price), invoicestatus=ISSUED)
    here.sync()
    there = "10.00 net (line 1 “BOLT”: " + ("tax rate 20 %)" if tax == "0" else "unit price 10.00)")
    here.says("skipped", f"lines stay {there} there, {here_now} here", rule="released")
    assert reported(here, "lines") == {(there, here_now)}


def test_a_held_conflict_names_both_customers() -> None:
    here = agreed_on(DRAFT, HOLD)
    (number,) = here.native(SAGE)
    here.rig.systems[SAGE].put("sales_invoices", number, {"contact_id": "gamma"})
    beta = here.id_of(VTIGER, "beta", "account")
    here.invoice(here.line("BOLT", "20"), invoicestatus=DRAFT, account_id=beta)
    here.sync()
    here.says("held", "account: Sage Accounting has “Gamma Ltd”; Vtiger has “Beta Ltd”", rule="conflict")


def test_customers_of_one_name_are_told_apart_by_where_they_stand() -> None:
    here = agreed_on(ISSUED)
    here.rig.systems[SAGE].put("contacts", "beta", {"name": "Acme Ltd", "reference": "B1"})
    here.sync()
    here.wait(minutes=3)
    beta = here.id_of(VTIGER, "beta", "account")
    here.invoice(here.line("BOLT", "20"), invoicestatus=ISSUED, account_id=beta)
    here.sync()
    here.says(
        "skipped", "stays “Acme Ltd (Sage Accounting acme)” there, “Acme Ltd (Sage Accounting beta)” here"
    )

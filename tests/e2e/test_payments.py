"""What was paid in Sage and how, as Vtiger's people see it: from the first pound to the last, and back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.pair_world import PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


def sent(here: PairWorld, status: str = "Sent") -> tuple[str, str]:
    """An invoice of 30.00 that was sent: its ids in Vtiger and Sage."""
    organisation, product = here.sales.organisation(), here.sales.product()
    invoice = here.sales.invoice(organisation, here.sales.line(product), invoicestatus=status)
    here.settle()
    return invoice, str(here.books.invoices()[0]["id"])


def does(here: PairWorld, key: str, action: str, **body: Any) -> None:
    here.books.desk.post(f"/sales_invoices/{key}/{action}", body)
    here.settle()


def shows(here: PairWorld, invoice: str) -> tuple[str, float, float]:
    found = here.sales.one(invoice)
    return found["invoicestatus"], float(found["received"]), float(found["balance"])


def said(here: PairWorld, key: str) -> str:
    return " ".join(here.outcome("invoice", key).notes)


def test_a8_payments_are_deleted_and_sent_is_sent_again(here: PairWorld) -> None:
    invoice, key = sent(here)
    does(here, key, "pay", amount="10")
    assert shows(here, invoice) == ("Sent", 10, 20)
    does(here, key, "pay")
    assert shows(here, invoice) == ("Paid", 30, 0)
    for payment in here.books.all("contact_payments"):
        here.books.delete("contact_payments", payment["id"])
    here.settle()
    assert shows(here, invoice) == ("Sent", 0, 30)
    assert "of 30.00, 0.00 received, 30.00 outstanding" in said(here, key)
    here.quiet(1)


def test_c5_an_invoice_settled_by_a_credit_note_is_credited_and_no_cash(here: PairWorld) -> None:
    invoice, key = sent(here)
    does(here, key, "credit", account=4020)
    assert shows(here, invoice) == ("Credit Invoice", 0, 0)
    assert (
        "0.00 received, 30.00 credited, 0.00 outstanding (SCN-1 (Bad Debts Written Off (4020)) 30.00)"
        in said(here, key)
    )
    here.quiet(1)
    allocation = here.books.all("contact_allocations")[0]["id"]
    here.books.delete("contact_allocations", allocation)
    here.settle()
    assert shows(here, invoice) == ("Sent", 0, 30)


def test_part_credit_part_discount_and_the_rest_from_a_payment_on_account(here: PairWorld) -> None:
    invoice, key = sent(here, "Approved")
    does(here, key, "credit", amount="12")
    does(here, key, "pay", amount="5", discount="1", on_account="12")
    assert shows(here, invoice) == ("Approved", 5, 12)
    payment = here.books.all("contact_payments")[0]["payment_on_account"]["id"]
    does(here, key, "allocate", **{"from": payment})
    assert shows(here, invoice) == ("Paid", 17, 0)
    assert "of 30.00, 17.00 received, 12.00 credited, 1.00 discounted, 0.00 outstanding" in said(here, key)
    does(here, key, "refund", amount="5")
    assert shows(here, invoice) == ("Approved", 12, 5)


def test_an_invoice_paid_in_sage_before_vtiger_had_it_says_how(here: PairWorld) -> None:
    customer, item = here.books.customer(), here.books.product()
    key = here.books.invoice(customer, here.books.line(product_id=item))
    here.books.release(key)
    does(here, key, "credit", amount="3.98")
    (invoice,) = (row["id"] for row in here.sales.all("Invoice"))
    assert shows(here, invoice) == ("Approved", 0, 20)
    assert "0.00 received, 3.98 credited, 20.00 outstanding" in said(here, key)

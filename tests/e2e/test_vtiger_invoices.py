"""Invoices once they are released, paid or void, and on a Vtiger that cannot write lines."""

from collections.abc import Iterator

import pytest

from tests.e2e.pair_equal import mended, told, unequal
from tests.e2e.pair_world import PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


def test_a_released_invoice_is_not_patched_and_what_is_paid_flows_to_vtiger(here: PairWorld) -> None:
    organisation, product = here.sales.organisation(), here.sales.product()
    invoice = here.sales.invoice(organisation, here.sales.line(product))
    here.settle()
    sage = here.books.invoices()[0]["id"]
    here.books.release(sage)
    mended(here)
    shown = here.sales.one(invoice)
    assert (shown["cf_858"], shown["invoicestatus"]) == ("SI-1", "Approved")
    here.sales.edit(invoice, duedate="2026-12-24")
    here.settle()
    told(
        here,
        "invoice",
        invoice,
        "skipped",
        "released",
        "due_date",
        "SI-1 is issued and is no longer changed",
        "due date stays “2026-11-30” there, “2026-12-24” here",
    )
    here.books.pay(sage, "10")
    here.settle()
    assert unequal(here, invoice, sage) == []
    shown = here.sales.one(invoice)
    assert (float(shown["received"]), float(shown["balance"]), shown["duedate"]) == (10, 20, "2026-12-24")
    here.books.pay(sage)
    here.settle()
    shown = here.sales.one(invoice)
    assert (float(shown["received"]), float(shown["balance"]), shown["invoicestatus"]) == (30, 0, "Paid")
    assert here.books.one("sales_invoices", sage)["due_date"] == "2026-11-30"
    here.quiet(1)
    here.sales.edit(invoice, duedate="2026-11-30")
    mended(here)


def test_an_invoice_deleted_and_entered_again_is_one_invoice_and_two_equal_ones_are_two(
    here: PairWorld,
) -> None:
    """Vtiger tells of a deletion once a day at best: what is entered again meanwhile must not become a second
    invoice."""
    organisation, product = here.sales.organisation(), here.sales.product()
    first = here.sales.invoice(organisation, here.sales.line(product), customerno="PO 7")
    here.settle()
    here.sales.delete(first)
    again = here.sales.invoice(organisation, here.sales.line(product), customerno="PO 7")
    mended(here)
    assert len(here.books.invoices()) == 1 and here.outcome("invoice", again).kind == "updated", here.tell()
    here.reconcile()
    mended(here)
    equal = here.sales.invoice(organisation, here.sales.line(product), customerno="PO 7")
    mended(here)
    assert len(here.books.invoices()) == 2 and here.outcome("invoice", equal).kind == "created", here.tell()


def test_an_invoice_approved_in_vtiger_is_released_in_sage_once(here: PairWorld) -> None:
    invoice = here.sales.invoice(here.sales.organisation(), here.sales.line(here.sales.product()))
    here.settle()
    here.sales.edit(invoice, invoicestatus="Approved")
    mended(here)
    assert [one["displayed_as"] for one in here.books.invoices()] == ["SI-1"]
    assert here.sales.one(invoice)["cf_858"] == "SI-1"


def test_an_invoice_set_to_paid_in_vtiger_is_held_for_payments_are_entered_in_sage(here: PairWorld) -> None:
    invoice = here.sales.invoice(here.sales.organisation(), here.sales.line(here.sales.product()))
    here.settle()
    here.sales.edit(invoice, invoicestatus="Paid")
    here.settle()
    told(here, "invoice", invoice, "held", "rejected", "", "payments are entered")
    here.sales.edit(invoice, invoicestatus="Created")
    mended(here)


def test_a_void_invoice_is_cancelled_in_vtiger(here: PairWorld) -> None:
    invoice = here.sales.invoice(here.sales.organisation(), here.sales.line(here.sales.product()))
    here.settle()
    sage = here.books.invoices()[0]["id"]
    here.books.release(sage)
    here.settle()
    here.books.void(sage)
    mended(here)
    assert here.sales.one(invoice)["invoicestatus"] == "Cancel"


# ---------------------------------------------------------------- a Vtiger that cannot write lines


def test_vtiger_8_4_gets_no_invoice_from_sage_and_no_half_of_one() -> None:
    with pair_world(vtiger={"version": "8.4.0", "door": "webservice"}) as here:
        customer, item = here.books.customer(), here.books.product()
        invoice = here.books.invoice(customer, here.books.line(product_id=item))
        organisation = here.sales.organisation()
        own = here.sales.invoice(organisation, here.sales.line(here.sales.product()))
        here.settle()
        told(
            here,
            "invoice",
            invoice,
            "held",
            "rejected",
            "",
            "8.4.0 cannot take invoices with lines",
            "by hand",
        )
        assert [row["id"] for row in here.sales.all("Invoice")] == [own]
        assert here.outcome("invoice", own).kind == "created"
        sage = next(row["id"] for row in here.books.invoices() if row["id"] != invoice)
        here.books.edit("sales_invoices", sage, reference="PO 9")
        here.settle()
        assert here.sales.one(own)["customerno"] == "PO 9"
        assert unequal(here, invoice) == []
        before = here.sales.one(own)
        here.books.edit("sales_invoices", sage, invoice_lines=[here.books.line(product_id=item)])
        here.settle()
        assert here.story("invoice", sage)[0].outcome.kind == "held", here.tell()
        after = here.sales.one(own)
        assert (after["LineItems"], after["hdnGrandTotal"]) == (before["LineItems"], before["hdnGrandTotal"])
        here.quiet(1)

"""Seven days of organisations, people, products, services, orders and invoices between Vtiger and Sage 50."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.e2e.vtiger_50_offices import CRM, SAGE, Offices, offices, sold


@pytest.fixture
def here() -> Iterator[Offices]:
    with offices() as made:
        yield made


def test_a_week(here: Offices) -> None:
    # Monday: an organisation becomes a customer under a reference by the mask, and a customer one of those.
    acme = here.organisation("Acme Trading")
    here.customer("BOLT01", name="Bolt Ltd", address3="Perth")
    here.product("W1")
    here.product("Z1", taxCode=0)
    here.product("FIT", description="Fitting", salesPrice=40, itemType=2)
    here.pair.settle()
    assert set(here.customers()) == {"ACME0001", "BOLT01"}, here.pair.tell()
    assert here.rows("Accounts")[acme]["cf_856"] == "ACME0001"
    assert here.named("Accounts", "accountname")["Bolt Ltd"]["bill_city"] == "Perth"
    products = here.named("Products", "productcode")
    assert set(products) == {"W1", "Z1"}
    (fitting,) = here.rows("Services").values()
    assert (fitting["servicename"], fitting["description"]) == ("FIT", "Fitting"), here.pair.tell()
    assert here.check().count("New contacts are made in Sage 50 from now on") == 1
    here.pair.quiet()
    # Tuesday: an approved order becomes an order, once; each line has its item's own tax. People reach the
    # other side.
    here.pair.day()
    jo = here.person(acme, firstname="Jo", lastname="Bloggs", email="jo@acme.test")
    here.contact("BOLT01", contact="Ann Other", email="ann@bolt.test")
    key = here.order(
        acme,
        here.line(products["W1"]["id"]),
        here.line(products["Z1"]["id"], "1", "80"),
        here.line(fitting["id"], "1", "40"),
    )
    here.pair.settle()
    (order,) = here.orders()
    assert order["customerAccountRef"] == "ACME0001", here.pair.tell()
    sent = [(one["stockCode"], one["taxCode"]) for one in order["invoiceItems"]]
    assert sent == [("W1", 1), ("Z1", 0), ("FIT", 1)]
    assert (order["itemsNet"], order["itemsTax"]) == (145, 13)
    assert here.contacts()["Jo Bloggs"]["accountRef"] == "ACME0001", here.pair.tell()
    assert here.named("Contacts", "lastname")["Other"]["email"] == "ann@bolt.test"
    assert here.rows("SalesOrder")[key]["cf_860"] == str(order["orderNumber"])
    here.pair.quiet()
    # Wednesday: an edit on either side reaches the other.
    here.pair.day()
    here.save("Accounts", id=acme, bill_city="York")
    here.customer("BOLT01", name="Bolt Ltd", address3="Dundee")
    here.pair.settle()
    assert here.customers()["ACME0001"]["address3"] == "York", here.pair.tell()
    assert here.named("Accounts", "accountname")["Bolt Ltd"]["bill_city"] == "Dundee"
    # The order is invoiced in Sage: the invoice comes to Vtiger with its lines, and then what is paid of it.
    number = here.invoice(
        sold("W1", 2, 12.5),
        sold("Z1", 1, 80, taxCode=0, taxRate=0),
        sold("FIT", 1, 40, discount=10),
        customerAccountRef="ACME0001",
    )
    here.pair.settle()
    assert number in here.invoices(), here.pair.tell()
    shown = here.invoices()[number]
    assert (shown["account_id"], shown["invoicestatus"], shown["subject"]) == (acme, "Approved", number)
    assert [(one["productid"], Decimal(one["quantity"])) for one in shown["LineItems"]] == [
        (products["W1"]["id"], 2),
        (products["Z1"]["id"], 1),
        (fitting["id"], 1),
    ]
    assert Decimal(shown["hdnGrandTotal"]) == Decimal("153.20"), here.pair.tell()
    here.pair.quiet()
    here.invoice(invoiceNumber=number, paid="100.00")
    here.pair.settle()
    shown = here.invoices()[number]
    assert (Decimal(shown["cf_864"]), Decimal(shown["balance"])) == (100, Decimal("53.20")), here.pair.tell()
    assert Decimal(shown["received"] or 0) == 0 and len(shown["LineItems"]) == 3
    # Thursday: somebody changes a reference in Vtiger: Sage's stays, and is put back.
    here.pair.day()
    here.save("Accounts", id=acme, cf_856="OTHER")
    here.pair.settle()
    assert here.rows("Accounts")[acme]["cf_856"] == "ACME0001", here.pair.tell()
    # Friday: a product is put out of use, the rest is paid, a telephone number changes.
    here.pair.day()
    here.product("W1", inactiveFlag=1)
    here.invoice(invoiceNumber=number, paid="153.20")
    here.save("Contacts", id=jo, phone="0113 496 0000")
    here.pair.settle()
    assert here.invoices()[number]["invoicestatus"] == "Paid", here.pair.tell()
    assert here.contacts()["Jo Bloggs"]["telephone"] == "0113 496 0000"
    assert here.named("Products", "productcode")["W1"]["discontinued"] in ("0", False), here.pair.tell()
    owed = {"accountRef": "ACME0001", "date": "2026-11-24", "type": "SI", "amount": 153.2}
    here.pair.desks[SAGE].post("/postings", owed)
    here.pair.settle()
    assert Decimal(here.rows("Accounts")[acme]["cf_902"]) == Decimal("153.20"), here.pair.tell()
    # The weekend: nothing.
    here.pair.day()
    here.pair.quiet()
    assert len(here.orders()) == 1 and here.pair.failed == []


def test_an_order_of_an_unknown_product_is_not_ordered(here: Offices) -> None:
    acme = here.organisation("Acme")
    here.pair.settle()
    mine = here.save("Products", productname="Only in Vtiger", productcode="X9", discontinued="1")
    key = here.order(acme, here.line(mine))
    here.pair.settle()
    assert here.said(key)[0] in ("waiting", "skipped") and here.orders() == [], here.pair.tell()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"hdnDiscountAmount": "5"}, "overall discount"),
        ({"txtAdjustment": "3"}, "adjustment of 3"),
    ],
)
def test_what_sage_cannot_hold_is_named(here: Offices, values: dict[str, Any], word: str) -> None:
    acme = here.organisation("Acme")
    here.product("W1")
    here.pair.settle()
    product = here.named("Products", "productcode")["W1"]["id"]
    key = here.order(acme, here.line(product), **values)
    here.pair.settle()
    kind, why = here.said(key)
    assert kind == "skipped" and word in why and here.orders() == [], here.pair.tell()


# ---------------------------------------------------------------- people


def test_a_person_is_not_made_in_sage_before_check_has_seen_that_the_type_is_kept(here: Offices) -> None:
    acme = here.organisation("Acme")
    here.person(acme, firstname="Jo", lastname="Bloggs")
    here.pair.settle()
    assert here.contacts() == {}
    assert "skipped: a new contact is not made in Sage 50: `tieout check` has not seen" in here.pair.tell()


def test_a_person_deleted_in_sage_is_marked_in_vtiger_and_never_the_other_way(here: Offices) -> None:
    here.customer("BOLT01")
    for letter in "ABCDE":
        here.contact("BOLT01", contact=f"Ann Other{letter}")
    here.pair.settle()
    first, second = (here.named("Contacts", "lastname")[f"Other{letter}"]["id"] for letter in "AB")
    here.pair.desks[SAGE].delete("/addresses/BOLT01/2")
    here.pair.desks[CRM].delete(f"/records/Contacts/{second}")
    here.pair.day()
    rows = here.rows("Contacts")
    assert rows[first]["cf_866"] == "Deleted in Sage", here.pair.tell()
    assert "Ann OtherB" in here.contacts() and second not in rows


# ---------------------------------------------------------------- invoices


def test_where_vtiger_takes_no_lines_what_is_paid_comes_to_the_invoice_entered_by_hand() -> None:
    with offices(version="8.4.0") as here:
        here.customer("BOLT01", address1="2 Low Rd")
        here.product("W1")
        number = here.invoice(sold("W1", 1, 100), customerAccountRef="BOLT01")
        here.pair.settle()
        assert here.rows("Invoice") == {}
        kind, why = here.why(SAGE, "invoice", number)
        assert kind == "held" and "Enter the invoice in Vtiger by hand" in why, here.pair.tell()
        bolt = next(iter(here.rows("Accounts")))
        item = here.named("Products", "productcode")["W1"]["id"]
        by_hand = here.by_hand(bolt, number, here.line(item, "1", "100", comment="As agreed"))
        here.invoice(invoiceNumber=number, paid="20.00")
        here.pair.settle()
        shown = here.rows("Invoice")[by_hand]
        assert (Decimal(shown["cf_864"]), Decimal(shown["balance"])) == (20, 100), here.pair.tell()
        assert [one["comment"] for one in shown["LineItems"]] == ["As agreed"] and here.pair.failed == []


def test_a_credit_note_is_held(here: Offices) -> None:
    here.customer("BOLT01", address1="2 Low Rd")
    here.product("W1")
    number = here.invoice(sold("W1"), customerAccountRef="BOLT01", invoiceTypeCode=3)
    here.pair.settle()
    kind, why = here.why(SAGE, "invoice", number)
    assert (kind, here.rows("Invoice")) == ("held", {}) and "It is a credit note" in why


def test_an_invoice_that_vtiger_could_not_show_to_the_penny_is_skipped(here: Offices) -> None:
    here.customer("BOLT01", address1="2 Low Rd")
    here.product("W1")
    free = here.invoice(sold("S1"), customerAccountRef="BOLT01")
    here.pair.settle()
    kind, why = here.why(SAGE, "invoice", free)
    assert kind == "skipped" and "has no product or service" in why and here.rows("Invoice") == {}


def test_an_invoice_that_is_partly_paid_when_it_is_first_seen_shows_what_is_left(here: Offices) -> None:
    here.customer("BOLT01", address1="2 Low Rd")
    here.product("W1")
    number = here.invoice(sold("W1", 1, 100), customerAccountRef="BOLT01", paid="20.00")
    here.pair.settle()
    shown = here.invoices()[number]
    assert (Decimal(shown["cf_864"]), Decimal(shown["balance"])) == (20, 100), here.pair.tell()
    here.pair.quiet()

"""Customers and products go from Sage 50 to Sage Sales Management, over HTTP, by the harder reading of
whatever its
vendor does not document."""

from collections.abc import Iterator

import pytest

from tests.e2e.sales_world import SalesWorld, sales_world


@pytest.fixture
def here() -> Iterator[SalesWorld]:
    with sales_world() as made:
        yield made
        assert made.failed == [], made.tell()


def acme(here: SalesWorld) -> None:
    here.customer(
        "ACME01",
        name="Acme & O'Neil Ltd",
        address1="1 High St",
        address2="Unit 2",
        address3="Leeds",
        address5="LS1 1AA",
        countryCode="GB",
        vatNumber="GB123456789",
        telephone="0113 496 0000",
        email="office@acme.example",
        creditLimit=5000,
        onHold=False,
    )


def test_a_customer_stands_in_the_crm_once_with_its_reference(here: SalesWorld) -> None:
    acme(here)
    here.settle()
    row = here.rows("accounts")["ACME01"]
    assert (row["name"], row["address1"], row["address2"], row["city"]) == (
        "Acme & O'Neil Ltd",
        "1 High St",
        "Unit 2",
        "Leeds",
    )
    assert row["countryId"]["value"] == "United Kingdom" and row["statusId"]["value"] == "Client"
    assert (row["readOnly"], row["salesRepId1"]["id"], row["Z_creditLimit"]) == (True, 52, 5000)
    assert here.outcomes() == ["created"], here.tell()


def test_an_edit_in_sage_reaches_a_record_that_is_read_only(here: SalesWorld) -> None:
    acme(here)
    here.settle()
    here.customer("ACME01", name="Acme Group Ltd", onHold=True)
    here.settle()
    row = here.rows("accounts")["ACME01"]
    assert (row["name"], row["Z_onHold"], row["readOnly"]) == ("Acme Group Ltd", True, True)
    assert len(here.rows("accounts")) == 1 and here.outcomes() == ["updated", "created"], here.tell()


def test_an_account_that_is_there_already_is_found_by_its_reference_and_not_doubled(here: SalesWorld) -> None:
    here.crm.ask("POST", "records/accounts", {"name": "Acme", "extId": "ACME01", "fax": "1"})
    acme(here)
    here.settle()
    rows = here.crm.ask("GET", "records/accounts")
    assert [(row["name"], row["extId"]) for row in rows] == [("Acme & O'Neil Ltd", "ACME01")], here.tell()


@pytest.mark.parametrize("kind", ["lost_reply", "lost_request", "500", "html"])
def test_a_lost_answer_makes_no_second_account(here: SalesWorld, kind: str) -> None:
    acme(here)
    here.crm.ask("POST", "faults", [{"kind": kind, "match": {"method": "POST", "path": "accounts$"}}])
    here.settle()
    assert list(here.rows("accounts")) == ["ACME01"] and len(here.crm.ask("GET", "records/accounts")) == 1


def test_half_a_piece_in_stock_is_not_one_and_stops_neither_the_product_nor_its_price(
    here: SalesWorld,
) -> None:
    here.product("W1", description="Cable per metre", salesPrice=1.2, qtyInStock=2.5)
    here.product("S1", description="Sold before it came", salesPrice=1, qtyInStock=-0.5)
    here.settle()
    rows = here.rows("products")
    assert (rows["W1"]["stock"], rows["S1"]["stock"]) == (2, -1), here.tell()
    here.product("W1", salesPrice=1.3)
    here.settle()
    assert here.rows("products")["W1"]["price"] == 1.3, here.tell()
    here.product("W1", qtyInStock=2.75)
    here.settle()
    assert here.rows("products")["W1"]["stock"] == 2
    here.product("W1", qtyInStock=1.75)
    here.settle()
    assert here.rows("products")["W1"]["stock"] == 1 and set(here.outcomes()) <= {
        "created",
        "updated",
        "unchanged",
    }


def test_products_go_with_price_and_stock_and_out_of_use_when_inactive(here: SalesWorld) -> None:
    here.product("W1", description="Widget", salesPrice=12.5, qtyInStock=7)
    here.product("S1X", description="Service", salesPrice=80)
    here.settle()
    rows = here.rows("products")
    assert (rows["W1"]["model"], rows["W1"]["price"], rows["W1"]["stock"]) == ("Widget", 12.5, 7)
    here.product("W1", inactiveFlag=True)
    here.settle()
    assert here.rows("products")["W1"]["notAvailable"] is True
    assert here.rows("products")["S1X"]["notAvailable"] is False


def test_many_changes_are_few_calls_and_rest_is_one_call_a_list(here: SalesWorld) -> None:
    acme(here)
    here.contact("ACME01", contact="Ann Example")
    for number in range(50):
        here.product(f"W{number:03}", description=f"Widget {number}", salesPrice=1)
    here.settle()
    assert len(here.rows("products")) == 50
    for number in range(50):
        here.product(f"W{number:03}", salesPrice=2)
    here.crm.ask("DELETE", "calls")
    here.settle()
    calls = here.calls()
    assert {row["price"] for row in here.rows("products").values()} == {2}
    assert calls["PUT products/bulk"] == 1 and "PUT products/id" not in calls, calls
    here.cycle()  # signs in again
    here.crm.ask("DELETE", "calls")
    assert here.cycle() == 0
    quotations = {"GET salesorders": 2}  # there is none: an empty page is asked for twice
    assert here.calls() == {"GET accounts": 1, "GET contacts": 1, **quotations}, "the other lists are Sage's"

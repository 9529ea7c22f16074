"""The row "sales orders" of the flow: from Sage to the CRM, with lines; a won quotation becomes its order."""

import json
from collections.abc import Iterator

import pytest

from tests.e2e.goods_world import goods_world, line, lines, order, told
from tests.e2e.sales_world import SAGE, SalesWorld


@pytest.fixture
def here() -> Iterator[SalesWorld]:
    with goods_world() as made:
        made.customer("ACME01", name="Acme")
        made.product("W1", description="Widget", salesPrice=50)
        made.product("W2", description="Gadget", salesPrice=50)
        yield made


def test_sales_orders_made_in_sage_appear_with_their_lines(here: SalesWorld) -> None:
    number = order(here, line("W1"), line("W2", discount=10))
    here.settle()
    row = here.rows("salesorders")[number]
    assert (row["Z_net"], row["Z_tax"], row["Z_gross"], row["readOnly"]) == (190, 38, 228, True)
    assert (row["accountId"]["value"], row["statusId"]["value"]) == ("Acme", "Order")
    assert lines(here, number) == [("Widget", 2, 50, 100), ("Gadget", 2, 50, 90)]


def test_sales_orders_belong_to_whom_sage_names_by_the_table_of_users() -> None:
    users = {"SW": "sebastian@example.test"}
    with goods_world(options={SAGE: {"users": json.dumps(users)}}) as here:
        here.customer("ACME01", name="Acme")
        here.product("W1", description="Widget", salesPrice=50)
        taken, nobodys = (order(here, line("W1"), userName=name) for name in ("SW", ""))
        here.cycle()
        here.cycle()
        owners = {number: row["salesRepId"]["value"] for number, row in here.rows("salesorders").items()}
        assert owners[taken].startswith("Sebastian") and owners[nobodys].startswith("Emma"), here.tell()


def test_sales_orders_changed_in_sage_change_their_lines(here: SalesWorld) -> None:
    number = order(here, line("W1"), line("W2"))
    here.settle()
    order(here, line("W1", 5), method="PATCH", orderNumber=int(number))
    here.settle()
    assert lines(here, number) == [("Widget", 5, 50, 250)], here.tell()
    assert here.rows("salesorders")[number]["Z_gross"] == 300 and len(here.rows("salesorders")) == 1


def test_a_won_quotation_becomes_its_order_under_the_same_number(here: SalesWorld) -> None:
    number = order(here, line("W1"), orderType=9, quoteStatus=1)
    here.settle()
    assert here.rows("salesorders") == {}, "an open quotation is no order"
    order(here, method="PATCH", orderNumber=int(number), quoteStatus=2)
    here.settle()
    assert lines(here, number) == [("Widget", 2, 50, 100)], here.tell()


def cancel(here: SalesWorld, number: str, status: int = 3) -> None:
    here.sage.ask("POST", f"orders/{number}", {"allocationStatus": status})


def test_a_cancelled_order_does_not_come_and_one_that_is_there_is_named(here: SalesWorld) -> None:
    known, cancelled = order(here, line("W1")), order(here, line("W2"))
    cancel(here, cancelled)
    here.settle()
    assert set(here.rows("salesorders")) == {known}, here.tell()
    assert told(here, cancelled)[0].startswith("skipped: The order was cancelled in Sage before it came")
    cancel(here, known)
    here.settle()
    assert told(here, known)[0].startswith("held: The order was cancelled in Sage, and still"), here.tell()
    cancel(here, known, 0)
    cancel(here, cancelled, 0)
    here.settle()
    assert set(here.rows("salesorders")) == {known, cancelled}, here.tell()
    assert not told(here, known)[0].startswith("held"), here.tell()


def test_sales_orders_leave_messages_in_sage(here: SalesWorld) -> None:
    number = order(here, line("W1"), {"stockCode": "M", "description": "Thank you"})
    here.settle()
    assert lines(here, number) == [("Widget", 2, 50, 100)], here.tell()


def test_sales_orders_with_a_line_without_a_product_name_the_line(here: SalesWorld) -> None:
    number = order(here, line("W1"), line("S1"))
    here.settle()
    assert here.rows("salesorders") == {}
    assert "line 2: product" in told(here, number)[0], here.tell()


def test_sales_orders_with_an_unknown_product_wait_for_it(here: SalesWorld) -> None:
    here.settle()
    here.crm.ask("POST", "faults", [{"kind": "500", "match": {"method": "POST", "path": "products"}}] * 9)
    here.product("W3", description="Late", salesPrice=1)
    number = order(here, line("W3"))
    here.cycle()
    assert here.rows("salesorders") == {} or lines(here, number)
    here.settle()
    assert lines(here, number) == [("Late", 2, 50, 100)], here.tell()


def test_sales_orders_of_an_inactive_product_go_all_the_same(here: SalesWorld) -> None:
    here.product("W1", inactiveFlag=True)
    number = order(here, line("W1"))
    here.settle()
    assert lines(here, number) == [("Widget", 2, 50, 100)] and here.rows("products")["W1"]["notAvailable"]


def test_an_idle_cycle_reads_no_document_again(here: SalesWorld) -> None:
    order(here, line("W1"))
    here.settle()
    here.settle()
    here.sage.ask("DELETE", "calls")
    assert here.cycle() == 0
    calls = here.sage.ask("GET", "calls")
    # Orders and quotations are two lists of one kind of record.
    assert "GET salesorder" not in calls and calls["POST searchsalesorder"] == 2, calls

"""Orders and quotations of the emulated service are as the vendor's published shapes and the live-test notes
say."""

from typing import Any

import httpx
import pytest

from tests.integration.vendors.hyperaccounts.office import LINE, by, order, search


@pytest.mark.parametrize("when", ["31/12/1979", "01/01/2100"])
def test_no_date_outside_the_range_of_sage_is_taken(http: httpx.Client, when: str) -> None:
    answer = order(http, orderDate=when)
    assert answer["success"] is False
    assert answer["message"] == f"orderDate must be between 01/01/1980 and 31/12/2099, not {when}"
    assert order(http, orderDate="31/12/2099")["success"]


def test_orders_number_on_and_add_up(http: httpx.Client) -> None:
    lines = [
        LINE,
        {**LINE, "unitPrice": 0.335, "quantity": 3, "discount": 10},
        {"stockCode": "M", "description": "Thanks"},
    ]
    assert order(http, invoiceItems=lines, customerOrderNumber="K")["response"] == 1001
    assert order(http, customerOrderNumber="K")["response"] == 1002
    found = http.get("/api/salesOrder/1001").json()["response"]
    assert (found["orderNumber"], found["currency"], found["itemsNet"], found["itemsTax"]) == (
        1001,
        0,
        21.9,
        4.38,
    )
    assert [line["netAmount"] for line in found["invoiceItems"]] == [21.0, 0.9, 0.0]
    assert [line["id"] for line in found["invoiceItems"]] == [0, 1, 2]
    row = search(http, "SalesOrder", by("ORDER_NUMBER", "eq", "1001"))[0]
    assert (row["orderNumber"], row["accountRef"], row["currency"], row["itemsGross"]) == (
        "1001",
        "EXA001",
        1,
        26.28,
    )
    assert (row["allocationStatus"], row["dispatchStatus"], row["address1"]) == ("0", "0", "1 High St")
    assert "delName" not in row and "invoiceItems" not in row
    items = search(http, "SopItem", by("ORDER_NUMBER", "eq", "1001"))
    assert [(one["qtyOrder"], one["taxAmount"]) for one in items] == [(2.0, 4.2), (3.0, 0.18), (0.0, 0.0)]


def test_prices_read_back_as_raw_doubles(http: httpx.Client) -> None:
    order(http, invoiceItems=[{**LINE, "unitPrice": 2.75}])
    line = http.get("/api/salesOrder/1001").json()["response"]["invoiceItems"][0]
    assert line["unitPrice"] == 2.7499999999999996


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"customerAccountRef": "NOBODY"}, "NOBODY not found"),
        ({"customerAccountRef": None}, "required"),
        ({"invoiceItems": [{**LINE, "stockCode": "X1"}]}, "Stock code X1"),
        ({"invoiceItems": []}, "at least one"),
        ({"invoiceItems": [{**LINE, "taxRate": None}]}, "taxRate is required"),
        ({"currency": 2}, "SDO error 34"),
        ({"customerAccountRef": "EUR001"}, "SDO error 34"),
        ({"customerOrderNumber": "x" * 61}, "maximum length of 60"),
        ({"orderDate": "2026-11-21"}, "converting"),
        ({"invoiceItems": [{**LINE, "taxCode": 77}]}, "T77"),
    ],
)
def test_orders_that_are_refused(http: httpx.Client, changed: dict[str, Any], words: str) -> None:
    answer = order(http, **changed)
    assert answer["success"] is False and words in answer["message"]
    assert http.get("/_admin/orders").json() == []


def test_switches_for_customers_on_hold_and_inactive_products(http: httpx.Client) -> None:
    http.post("/_admin/customers", json={"accountRef": "EXA001", "onHold": True})
    http.post("/_admin/products", json={"stockCode": "OLD", "inactiveFlag": True})
    old = {"invoiceItems": [{**LINE, "stockCode": "OLD"}]}
    assert order(http, **old)["success"] is True
    http.post("/_admin/options", json={"reject_inactive_product": True})
    assert "inactive" in order(http, **old)["message"]
    http.post("/_admin/options", json={"reject_on_hold": True})
    assert "on hold" in order(http)["message"]


def test_an_order_is_patched_until_it_is_allocated(http: httpx.Client) -> None:
    order(http, notes1="a", notes2="b")
    body = {
        "customerAccountRef": "EXA001",
        "orderNumber": 1001,
        "notes1": "",
        "notes2": None,
        "invoiceItems": [LINE, LINE],
    }
    assert http.patch("/api/salesOrder/", json=body).json()["response"] == 1001
    found = http.get("/api/salesOrder/1001").json()["response"]
    assert (found["notes1"], found["notes2"], len(found["invoiceItems"]), found["itemsNet"]) == (
        "",
        "b",
        2,
        42.0,
    )
    assert http.patch("/api/salesOrder", json={"orderNumber": 1001}).json()["success"] is False
    item = found["invoiceItems"][0]["itemId"]
    assert (
        http.patch("/api/salesOrderItems", json={"itemId": item, "quantityOnOrder": 1}).json()["response"]
        == item
    )
    assert http.get("/api/salesOrder/1001").json()["response"]["itemsNet"] == 31.5
    http.post("/_admin/orders/1001", json={"allocationStatus": 1})
    assert "allocated" in http.patch("/api/salesOrder", json=body).json()["message"]
    assert http.delete("/api/salesOrder/1001").json()["success"] is False


def test_hold_and_delete(http: httpx.Client) -> None:
    order(http)
    assert http.post("/api/salesOrder/1001/hold").json()["response"] == 1001
    assert search(http, "SalesOrder")[0]["allocationStatus"] == "4"
    assert http.delete("/api/salesOrder/1001").json()["success"] is True
    assert search(http, "SalesOrder") == []
    assert order(http)["response"] == 1002


def test_a_won_quote_becomes_an_order_and_stays_one(http: httpx.Client) -> None:
    order(http, orderType=9, quoteStatus=1, quoteExpiry="31/12/2026")
    step = {"customerAccountRef": "EXA001", "orderNumber": 1001}
    for status, accepted in ((3, True), (1, True), (7, False), (2, True), (1, False)):
        assert (
            http.patch("/api/salesOrder", json={**step, "quoteStatus": status}).json()["success"] is accepted
        )
    found = http.get("/api/salesOrder/1001").json()["response"]
    assert (found["orderType"], found["quoteStatus"], found["quoteExpiry"]) == (0, 2, "31/12/2026")

"""The emulated service behaves as the vendor's published shapes and the live-test notes say, over real
HTTP."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app
from local.vendors.hyperaccounts.options import HyperOptions

LINE = {
    "stockCode": "S1",
    "description": "Work",
    "quantity": 2,
    "unitPrice": 10.5,
    "taxCode": 1,
    "taxRate": 20,
}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serve(build_app(HyperOptions())) as served:
        yield served.url


@pytest.fixture
def http(base: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base, headers={"AuthToken": "demo-token"}, trust_env=False) as client:
        client.post("/_admin/reset")
        client.post(
            "/_admin/options",
            json={
                "strict_keys": False,
                "exclusive": False,
                "delay_seconds": 0.0,
                "overlap": True,
                "reject_on_hold": False,
                "reject_inactive_product": False,
                "release": 28,
                "keeps_contact_type": False,
                "address_key": "addresNumber",
            },
        )
        client.post("/_admin/clock", json={"freeze": None})
        client.post(
            "/_admin/customers",
            json=[
                {"accountRef": "EXA001", "name": "Example", "address1": "1 High St"},
                {"accountRef": "EUR001", "name": "Beispiel", "currency": 2},
            ],
        )
        yield client


@pytest.mark.parametrize("when", ["31/12/1979", "01/01/2100"])
def test_no_date_outside_the_range_of_sage_is_taken(http: httpx.Client, when: str) -> None:
    answer = order(http, orderDate=when)
    assert answer["success"] is False
    assert answer["message"] == f"orderDate must be between 01/01/1980 and 31/12/2099, not {when}"
    assert order(http, orderDate="31/12/2099")["success"]


def test_the_box_of_a_default_code_is_in_single_reads_only(http: httpx.Client) -> None:
    sent = {"accountRef": "BOX001", "name": "Box", "defTaxCodeUseDefault": True}
    assert http.post("/api/customer", json=sent).json()["success"]
    assert not http.post("/api/customer", json=sent | {"accountRef": "box001"}).json()["success"]
    single = http.get("/api/customer/?id=BOX001").json()["response"]
    assert (single["defTaxCodeUseDefault"], single["defNomCodeUseDefault"]) == (True, False)
    rows = http.post("/api/searchSalesLedger", json=[]).json()["results"]
    assert rows and not any("defTaxCodeUseDefault" in row for row in rows)


def order(http: httpx.Client, **changed: Any) -> dict[str, Any]:
    body = {"customerAccountRef": "EXA001", "invoiceItems": [LINE], **changed}
    return http.post("/api/salesOrder/", json=body).json()


def search(http: httpx.Client, what: str, *filters: dict[str, Any]) -> list[dict[str, Any]]:
    answer = http.post(f"/api/search{what}", json=list(filters)).json()
    assert answer["success"] is True, answer
    return answer["results"]


def by(field: str, kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"field": field, "type": kind, "value": value, **more}


# ---------------------------------------------------------------- the edge


@pytest.mark.parametrize("headers", [{"AuthToken": "wrong"}, {"AuthToken": ""}])
def test_a_wrong_token_is_403(http: httpx.Client, headers: dict[str, str]) -> None:
    assert http.get("/api/status", headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/api/status", "/API/Status/", "/api/STATUS"])
def test_routes_match_whatever_their_case(http: httpx.Client, path: str) -> None:
    assert http.get(path).json()["response"]["companyName"] == "Example Trading Ltd"


def test_version_is_a_bare_string(http: httpx.Client) -> None:
    assert http.get("/api/system/version").json() == "1.27.5.0"


def test_unknown_routes_and_bodies(http: httpx.Client) -> None:
    assert http.get("/api/nothing").status_code == 404
    assert http.post("/api/salesOrder", content=b"{").status_code == 400
    assert http.post("/api/salesOrder", json=[1]).json()["success"] is False


def test_a_refusal_is_http_200_unless_new_response_is_sent(http: httpx.Client) -> None:
    old = http.get("/api/salesOrder/9")
    new = http.get("/api/salesOrder/9", headers={"new-response": "true"})
    assert (old.status_code, new.status_code) == (200, 500)
    assert (
        old.json()
        == new.json()
        == {"success": False, "code": 500, "response": None, "message": "Sales order 9 not found"}
    )


def test_overlapping_calls_of_one_resource_collide(http: httpx.Client, base: str) -> None:
    http.post("/_admin/options", json={"delay_seconds": 0.6})

    async def both() -> list[httpx.Response]:
        async with httpx.AsyncClient(
            base_url=base, headers={"AuthToken": "demo-token"}, trust_env=False
        ) as client:
            calls = [
                client.get(path) for path in ("/api/customer/EXA001", "/api/customer/EUR001", "/api/taxCode")
            ]
            return list(await asyncio.gather(*calls))

    first, second, other = asyncio.run(both())
    assert sorted([first.status_code, second.status_code]) == [200, 409]
    busy = first if first.status_code == 409 else second
    assert busy.json() == {"Message": "A Get Customer process is already running."}
    assert other.status_code == 200


def test_exclusive_mode_fails_every_call(http: httpx.Client) -> None:
    http.post("/_admin/options", json={"exclusive": True})
    answer = http.get("/api/taxCode")
    assert answer.status_code == 200 and "exclusive" in answer.json()["message"]


# ---------------------------------------------------------------- reference tables


def test_reference_tables_have_the_published_fields(http: httpx.Client) -> None:
    currency = http.get("/api/currency").json()["results"][1]
    assert {"id", "code", "name", "symbol", "exchangeRate", "emuMember", "locked"} <= currency.keys()
    assert (currency["id"], currency["code"]) == (2, "EUR")
    assert http.get("/api/taxCode").json()["results"][1] == {
        "index": 1,
        "description": "Standard rated transactions",
        "rate": 20.0,
    }
    assert http.get("/api/nominal/").json()["results"][0]["accountRef"] == "4000"
    assert http.get("/api/department").json()["results"][0]["id"] == 0
    assert http.get("/api/company").json()["response"]["programMajorVersion"] == 28


# ---------------------------------------------------------------- search


def test_search_wants_raw_columns(http: httpx.Client) -> None:
    assert [one["accountRef"] for one in search(http, "SalesLedger", by("ACCOUNT_REF", "eq", "EXA001"))] == [
        "EXA001"
    ]
    assert search(http, "SalesLedger", by("accountRef", "eq", "EXA001")) == []
    assert search(http, "SalesLedger", by("account_ref", "eq", "EXA001")) == []
    assert len(search(http, "SalesLedger")) == 2


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([by("NAME", "ne", "Example")], ["EUR001"]),
        ([by("NAME", "like", "BEI%")], ["EUR001"]),
        ([by("NAME", "nlike", "%_spiel")], ["EXA001"]),
        ([by("ACCOUNT_REF", "in", "('EUR001','X''Y')")], ["EUR001"]),
        ([by("ACCOUNT_REF", "gte", "EU"), by("ACCOUNT_REF", "lt", "EX")], ["EUR001"]),
        (
            [by("ACCOUNT_REF", "eq", "EXA001", **{"or": True}), by("ACCOUNT_REF", "eq", "EUR001")],
            ["EUR001", "EXA001"],
        ),
        ([by("ACCOUNT_REF", "eq", "EXA001"), by("ACCOUNT_REF", "eq", "EUR001", **{"or": True})], []),
        ([by("CURRENCY", "gt", "1")], ["EUR001"]),
        ([by("DEF_TAX_CODE", "eq", "T1"), by("RECORD_DELETED", "eq", "0")], ["EUR001", "EXA001"]),
    ],
)
def test_operators(http: httpx.Client, filters: list[dict[str, Any]], found: list[str]) -> None:
    assert sorted(one["accountRef"] for one in search(http, "SalesLedger", *filters)) == found


def test_dates_compare_in_the_servers_form(http: httpx.Client) -> None:
    http.post("/_admin/clock", json={"freeze": "2026-11-21T10:00:00"})
    http.patch("/api/customer", json={"accountRef": "EXA001", "telephone": "1"})
    changed = by("RECORD_MODIFY_DATE", "eq", "21/11/2026 10:00:00")
    assert [one["recordModifyDate"] for one in search(http, "SalesLedger", changed)] == [
        "21/11/2026 10:00:00"
    ]
    for value in ("2026-11-21", "11/21/2026"):
        answer = http.post("/api/searchSalesLedger", json=[by("RECORD_MODIFY_DATE", "gte", value)]).json()
        assert answer["success"] is False


@pytest.mark.parametrize("body", [{}, ["x"], [by("NAME", "contains", "x")], [by("NAME", "in", "A,B")]])
def test_malformed_searches_are_refused(http: httpx.Client, body: Any) -> None:
    assert http.post("/api/searchSalesLedger", json=body).json()["success"] is False


# ---------------------------------------------------------------- customers


def test_search_rows_and_single_reads_differ_as_published(http: httpx.Client) -> None:
    http.patch(
        "/api/customer", json={"accountRef": "EXA001", "defTaxCode": 1, "telephone": "1", "onHold": True}
    )
    single = http.get("/api/customer/", params={"id": "EXA001"}).json()["response"]
    row = search(http, "SalesLedger", by("ACCOUNT_REF", "eq", "EXA001"))[0]
    assert (single["defTaxCode"], single["currency"], single["inactiveAccount"], single["onHold"]) == (
        1,
        1,
        False,
        True,
    )
    assert (row["defTaxCode"], row["currency"], row["inactiveAccount"], row["accountOnHold"]) == (
        "T1",
        "1",
        0,
        True,
    )
    assert (single["telephone"], row["telephoneNumber"], row["email2"]) == ("1", "1", None)
    assert "recordModifyDate" in row and "recordModifyDate" not in single
    assert http.get("/api/customer/EXA001").json()["response"] == single


def test_references_are_made_of_the_name(http: httpx.Client) -> None:
    made = [
        http.post("/api/customer", json={"name": name}).json()["response"]
        for name in ("Smokehouse", "Smoke", "Ox")
    ]
    assert made == ["SMOK0001", "SMOK0002", "OXAA0001"]
    address = http.get("/api/customerAddress/SMOK0001/1").json()["response"]
    assert (address["description"], address["addressType"]) == ("Registered address", 2)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "name is required"),
        ({"name": "N", "accountRef": "EXA001"}, "already exists"),
        ({"name": "N", "accountRef": "HAS SPAC"}, "not valid"),
        ({"name": "x" * 61}, "maximum length of 60"),
        ({"name": "N", "contactName": "x" * 31}, "maximum length of 30"),
        ({"name": "N", "currency": 9}, "Currency 9"),
        ({"name": "N", "defTaxCode": "T1"}, "converting"),
        ({"name": 5}, "converting"),
    ],
)
def test_customers_that_are_refused(http: httpx.Client, body: dict[str, Any], words: str) -> None:
    answer = http.post("/api/customer/", json=body).json()
    assert answer["success"] is False and words in answer["message"]


def test_patch_leaves_null_alone_and_clears_with_the_empty_string(http: httpx.Client) -> None:
    http.patch("/api/customer", json={"accountRef": "EXA001", "telephone": "1", "email": "a@example.test"})
    http.patch("/api/customer", json={"accountRef": "EXA001", "telephone": None, "email": "", "made_up": 1})
    found = http.get("/api/customer/EXA001").json()["response"]
    assert (found["telephone"], found["email"], found["address1"]) == ("1", "", "1 High St")
    http.post("/_admin/options", json={"strict_keys": True})
    assert (
        "made_up"
        in http.patch("/api/customer", json={"accountRef": "EXA001", "made_up": 1}).json()["message"]
    )


@pytest.mark.parametrize(
    ("keeps", "shown"), [(False, (0, "Delivery")), (True, (1, "Contact"))], ids=["harsh", "mild"]
)
def test_addresses_number_from_two_and_few_sites_keep_their_type(
    http: httpx.Client, keeps: bool, shown: tuple[int, str]
) -> None:
    http.post("/_admin/options", json={"keeps_contact_type": keeps})
    made = http.post(
        "/api/customerAddress", json={"accountRef": "EXA001", "contact": "Ann", "addressType": 1}
    ).json()
    assert made["response"] == 2
    assert (
        http.patch(
            "/api/customerAddress", json={"accountRef": "EXA001", "addresNumber": 2, "role": "Buyer"}
        ).json()["response"]
        is True
    )
    assert not http.patch("/api/customerAddress", json={"accountRef": "EXA001", "addressNumber": 2}).json()[
        "success"
    ]
    row = search(http, "CustomerAddress", by("ADDRESS_REF", "eq", "2"))[0]
    assert (row["contact"], row["role"], row["addressType"], row["addressTypeName"]) == (
        "Ann",
        "Buyer",
        *shown,
    )


@pytest.mark.parametrize("changed", [{"name": "x" * 31}, {"creditLimit": 10.5}])
def test_a_change_of_a_customer_takes_a_short_name_and_a_whole_limit(
    http: httpx.Client, changed: dict[str, Any]
) -> None:
    assert not http.patch("/api/customer", json={"accountRef": "EXA001", **changed}).json()["success"]
    fits = {"name": "x" * 30, "creditLimit": 10}
    assert http.patch("/api/customer", json={"accountRef": "EXA001", **fits}).json()["success"]
    assert http.post("/api/customer", json={"name": "x" * 60}).json()["success"]


# ---------------------------------------------------------------- products


def test_products_with_a_slash_and_without_a_picture(http: httpx.Client) -> None:
    assert (
        http.post("/api/product", json={"stockCode": "A/1", "salesPrice": 2.75}).json()["response"] == "A/1"
    )
    assert http.get("/api/product/A%2F1").json()["response"]["salesPrice"] == 2.75
    assert http.get("/api/product/A%2F1/webImage").json()["message"] == "Image not found"
    row = search(http, "Product", by("STOCK_CODE", "eq", "A/1"))[0]
    assert (row["taxCode"], row["salesNominalCode"], row["inactiveFlag"]) == ("T1", "4000", 0)
    assert http.post("/api/product", json={"stockCode": "has space"}).json()["success"] is False


# ---------------------------------------------------------------- orders


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


# ---------------------------------------------------------------- the person's view


def test_every_write_is_logged_and_every_call_counted(http: httpx.Client) -> None:
    http.delete("/_admin/calls")
    http.delete("/_admin/writes")
    order(http)
    http.get("/api/customer/EXA001")
    assert http.get("/_admin/calls").json() == {"POST salesorder": 1, "GET customer": 1}
    written = http.get("/_admin/writes").json()
    assert [(one["route"], one["key"]) for one in written] == [("POST salesOrder", "1001")]


def test_a_person_deletes_a_customer(http: httpx.Client) -> None:
    assert http.delete("/_admin/customers/exa001").json() == "EXA001"
    assert "not found" in order(http)["message"]
    assert http.delete("/_admin/customers/exa001").status_code == 400


def test_the_page_escapes_everything(http: httpx.Client) -> None:
    http.post("/_admin/customers", json={"accountRef": "BAD001", "name": "<script>alert('x')</script>"})
    order(
        http,
        customerAccountRef="BAD001",
        customerOrderNumber='"><b>',
        invoiceItems=[{**LINE, "description": "<i>&"}],
    )
    page = http.get("/_admin/").text
    assert "<script" not in page and "<b>" not in page and "<i>" not in page
    assert "&lt;script&gt;" in page and "&lt;i&gt;&amp;" in page


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("options", {"colour": 1}),
        ("options", {"exclusive": "yes"}),
        ("clock", {"freeze": "never"}),
        ("customers", [1]),
        ("orders/99", {}),
        ("faults", [{"kind": "nonsense"}]),
    ],
)
def test_mistakes_in_the_office_are_named(http: httpx.Client, path: str, body: Any) -> None:
    answer = http.post(f"/_admin/{path}", json=body)
    assert answer.status_code == 400 and answer.json()["error"]


def test_the_token_is_never_shown(http: httpx.Client) -> None:
    assert http.get("/_admin/options").json()["token"] == "[hidden]"

"""Customers, their addresses and products of the emulated service are as the vendor's published shapes and
the live-test notes say."""

from typing import Any

import httpx
import pytest

from tests.integration.vendors.hyperaccounts.office import by, search


def test_the_box_of_a_default_code_is_in_single_reads_only(http: httpx.Client) -> None:
    sent = {"accountRef": "BOX001", "name": "Box", "defTaxCodeUseDefault": True}
    assert http.post("/api/customer", json=sent).json()["success"]
    assert not http.post("/api/customer", json=sent | {"accountRef": "box001"}).json()["success"]
    single = http.get("/api/customer/?id=BOX001").json()["response"]
    assert (single["defTaxCodeUseDefault"], single["defNomCodeUseDefault"]) == (True, False)
    rows = http.post("/api/searchSalesLedger", json=[]).json()["results"]
    assert rows and not any("defTaxCodeUseDefault" in row for row in rows)


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


def test_products_with_a_slash_and_without_a_picture(http: httpx.Client) -> None:
    assert (
        http.post("/api/product", json={"stockCode": "A/1", "salesPrice": 2.75}).json()["response"] == "A/1"
    )
    assert http.get("/api/product/A%2F1").json()["response"]["salesPrice"] == 2.75
    assert http.get("/api/product/A%2F1/webImage").json()["message"] == "Image not found"
    row = search(http, "Product", by("STOCK_CODE", "eq", "A/1"))[0]
    assert (row["taxCode"], row["salesNominalCode"], row["inactiveFlag"]) == ("T1", "4000", 0)
    assert http.post("/api/product", json={"stockCode": "has space"}).json()["success"] is False

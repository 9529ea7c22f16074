"""Line items and totals beyond the recordings, and how each version and door fares with them."""

from typing import Any

import pytest

HEAD = {"subject": "I", "bill_street": "a", "ship_street": "b", "currency_id": "21x1", "conversion_rate": "1"}


@pytest.fixture
def shop(start_shared: Any) -> Any:
    vtiger = start_shared(version="8.1.0")
    vtiger.login()
    vtiger.create("Accounts", accountname="Acme")
    vtiger.create("Products", productname="Nut", unit_price="10", qtyinstock="5", tax1="20", tax2="5")
    vtiger.create("Services", servicename="Hour", unit_price="80")
    return vtiger


def _invoice(vtiger: Any, lines: list[dict[str, Any]], **head: Any) -> dict[str, Any]:
    made = vtiger.create(
        "Invoice", **{**HEAD, "account_id": "11x2", "productid": "14x3", **head, "LineItems": lines}
    )
    return dict(vtiger.done(vtiger.get("retrieve", id=made["id"])))


def _money(invoice: dict[str, Any]) -> tuple[str, str, str, str]:
    return tuple(invoice[name] for name in ("hdnSubTotal", "pre_tax_total", "hdnGrandTotal", "balance"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("head", "lines", "wanted"),
    [
        (
            {"hdnTaxType": "individual"},
            [{"quantity": "1"}],
            ("12.50000000", "10.00000000", "12.50000000", "12.50000000"),
        ),
        (
            {"hdnTaxType": "individual"},
            [{"quantity": "1", "tax1": "10"}],
            ("11.00000000", "10.00000000", "11.00000000", "11.00000000"),
        ),
        (
            {"hdnTaxType": "individual", "hdnDiscountPercent": "10", "hdnS_H_Amount": "3", "received": "2"},
            [{"quantity": "2", "tax1": "20", "discount_percent": "50", "discount_amount": "1"}],
            ("22.80000000", "19.72000000", "23.52000000", "21.52000000"),
        ),
        (
            {
                "hdnTaxType": "group",
                "hdnDiscountAmount": "1",
                "hdnDiscountPercent": "50",
                "txtAdjustment": "-2",
            },
            [{"quantity": "1", "tax1": "20", "tax2": "5"}, {"quantity": "1", "tax1": "7"}],
            ("20.00000000", "19.00000000", "21.75000000", "21.75000000"),
        ),
        (
            {"hdnTaxType": "group"},
            [{"quantity": "1"}],
            ("10.00000000", "10.00000000", "10.00000000", "10.00000000"),
        ),
        (
            {"hdnTaxType": "group"},
            [{"quantity": "3", "listprice": "0.333333333", "tax1": "17.5"}] * 3,
            ("2.99999997", "2.99999997", "3.52499996", "3.52499996"),
        ),
    ],
)
def test_totals(
    shop: Any, head: dict[str, Any], lines: list[dict[str, Any]], wanted: tuple[str, ...]
) -> None:
    assert _money(_invoice(shop, [{"productid": "14x3", **line} for line in lines], **head)) == wanted


def test_the_screen_rounds_each_line_and_a_program_does_not(shop: Any) -> None:
    line = {"productid": "14x3", "quantity": "3", "listprice": "1.005", "tax1": "20"}
    body = {**HEAD, "account_id": "11x2", "hdnTaxType": "individual", "LineItems": [line] * 3}
    by_hand = shop.admin("records/Invoice", body)["id"]
    by_program = shop.admin("records/Invoice", {**body, "through": "api"})["id"]
    told = [shop.done(shop.get("retrieve", id=one))["hdnGrandTotal"] for one in (by_hand, by_program)]
    assert told == ["10.86000000", "10.85400000"]


def test_duplicate_copies_an_invoice_with_its_lines_and_our_number(shop: Any) -> None:
    made = _invoice(shop, [{"productid": "14x3", "quantity": "2", "listprice": "7"}], cf_858="SI-1")
    copy = shop.admin(f"records/Invoice/{made['id']}/duplicate", {"subject": "II"})["id"]
    told = shop.done(shop.get("retrieve", id=copy))
    assert (told["cf_858"], told["subject"], told["account_id"]) == ("SI-1", "II", "11x2")
    assert [(one["quantity"], one["listprice"]) for one in told["LineItems"]] == [("2.000", "7.00000000")]
    assert told["invoice_no"] != made["invoice_no"]


def test_lines_replace_each_other_and_the_money_header_is_reset(shop: Any) -> None:
    lines = [
        {"productid": "14x3", "quantity": "2", "tax1": "20"},
        {"productid": "26x4", "quantity": "1", "tax1": "20"},
    ]
    before = shop.done(shop.get("retrieve", id="14x3"))["qtyinstock"]
    made = _invoice(
        shop, lines, hdnTaxType="group", txtAdjustment="1", hdnS_H_Amount="4", hdnDiscountPercent="10"
    )
    assert float(shop.done(shop.get("retrieve", id="14x3"))["qtyinstock"]) == float(before) - 2
    shop.post("revise", element={"id": made["id"], "received": "5", "invoicestatus": "Sent"})
    kept = shop.done(shop.get("retrieve", id=made["id"]))
    assert (
        _money(kept) == _money(made)
        and kept["LineItems"] == made["LineItems"]
        and kept["received"] == "5.00000000"
    )
    shop.post("revise", element={"id": made["id"], "LineItems": lines[:1]})
    told = shop.done(shop.get("retrieve", id=made["id"]))
    assert (told["hdnTaxType"], told["txtAdjustment"], told["hdnS_H_Amount"]) == (
        "",
        "0.00000000",
        "0.00000000",
    )
    assert _money(told) == ("20.00000000", "18.00000000", "21.60000000", made["balance"])
    assert shop.done(shop.post("delete", id=made["id"]))
    assert shop.query(f"SELECT id FROM LineItem WHERE parent_id = '{made['id']}';") == []


@pytest.mark.parametrize("product", ["26x3", "14x999", "11x2", ""])
def test_every_line_needs_a_product_that_exists(shop: Any, product: str) -> None:
    element = {**HEAD, "account_id": "11x2", "productid": "14x3", "assigned_user_id": "19x5",
               "LineItems": [{"productid": product, "quantity": "1"}]}  # fmt: skip
    shop.code(shop.post("create", elementType="Invoice", element=element))


def test_a_new_tax_is_a_new_column_on_lines(shop: Any) -> None:
    made = _invoice(shop, [{"productid": "14x3", "quantity": "1"}], hdnTaxType="group")
    told = shop.done(shop.post("create", elementType="Tax", element={"taxlabel": "Zero", "percentage": "0"}))
    assert told["id"] == "34x4" and told["taxname"] == "tax4"
    assert shop.done(shop.get("retrieve", id=made["id"]))["LineItems"][0]["tax4"] == "0.000"
    names = [field["name"] for field in shop.done(shop.get("describe", elementType="Products"))["fields"]]
    assert names[-5:] == ["tax1", "tax2", "tax3", "tax4", "currency1"]


def test_8_4_cannot_write_lines_but_its_persons_and_the_cloud_can(start: Any) -> None:
    vtiger = start(version="8.4.0", webhook_url="http://127.0.0.1:9/none")
    vtiger.login()
    vtiger.create("Accounts", accountname="Acme")
    vtiger.create("Products", productname="Nut", unit_price="10")
    lines = [{"productid": "14x3", "quantity": "2", "tax1": "20"}]
    element = {
        **HEAD,
        "account_id": "11x2",
        "productid": "14x3",
        "assigned_user_id": "19x5",
        "hdnTaxType": "group",
    }
    refused = vtiger.post("create", elementType="Invoice", element={**element, "LineItems": lines})
    assert vtiger.code(refused) == "INVALID_ID_ATTRIBUTE"
    assert vtiger.query("SELECT id FROM Invoice;") == []
    made = vtiger.cloud(
        "POST", "create", elementType="Invoice", element={**element, "LineItems": lines}
    ).json()["result"]
    assert (made["hdnGrandTotal"], made["LineItems"][0]["parent_id"]) == ("24.00000000", made["id"])
    person = {**HEAD, "account_id": "11x2", "hdnTaxType": "group", "LineItems": lines}
    other = vtiger.admin("records/Invoice", person)["id"]
    assert vtiger.post("revise", element={"id": other, "LineItems": lines * 2}).status_code == 500
    half = vtiger.done(vtiger.get("retrieve", id=other))
    assert (half["hdnTaxType"], half["hdnGrandTotal"], half["balance"]) == ("", "0.00000000", "24.00000000")
    vtiger.admin("records/Invoice", {"id": other, "hdnTaxType": "group", "LineItems": lines})
    assert vtiger.done(vtiger.get("retrieve", id=other))["hdnGrandTotal"] == "24.00000000"

"""Seven days of organisations, products and sales orders between Vtiger and Sage 50."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.demo.vtiger_sage_50.load import FIELDS
from tests.e2e.any_pair import AnyPair, any_pair

CRM, SAGE = "vtiger", "sage_50"
FLOW = f"{CRM}--{SAGE}"


@dataclass
class Offices:
    """The sales office and the bookkeeper."""

    pair: AnyPair

    def save(self, module: str, **values: Any) -> str:
        return str(self.pair.desks[CRM].post(f"/records/{module}", values)["id"])

    def rows(self, module: str) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.pair.desks[CRM].get(f"/records/{module}")}

    def named(self, module: str, field: str) -> dict[str, dict[str, Any]]:
        return {str(row[field]): row for row in self.rows(module).values()}

    def organisation(self, name: str, **values: Any) -> str:
        given = {"bill_street": "1 High St", "bill_city": "Leeds", "bill_country": "United Kingdom"}
        return self.save("Accounts", accountname=name, **{**given, **values})

    def customer(self, reference: str, **values: Any) -> None:
        given = {"name": f"{reference} Ltd", "countryCode": "GB", "currency": 1, "defTaxCode": 1}
        self.pair.desks[SAGE].post("/customers", {"accountRef": reference, **given, **values})

    def customers(self) -> dict[str, dict[str, Any]]:
        return {row["accountRef"]: row for row in self.pair.desks[SAGE].get("/customers")}

    def product(self, code: str, **values: Any) -> None:
        given = {"description": f"Widget {code}", "salesPrice": 10, "taxCode": 1, "nominalCode": "4000"}
        self.pair.desks[SAGE].post("/products", {"stockCode": code, **given, **values})

    def orders(self) -> list[dict[str, Any]]:
        return list(self.pair.desks[SAGE].get("/orders"))

    def order(self, account: str, *lines: dict[str, Any], **values: Any) -> str:
        given = {
            "subject": "Desks",
            "account_id": account,
            "sostatus": "Approved",
            "bill_street": "1 High St",
            "ship_street": "1 High St",
            "invoicestatus": "Created",
            "hdnTaxType": "individual",
        }
        return self.save("SalesOrder", **{**given, **values}, LineItems=list(lines))

    def line(self, product: str, quantity: str = "2", price: str = "12.50", **values: Any) -> dict[str, Any]:
        return {"productid": product, "quantity": quantity, "listprice": price, **values}

    def said(self, key: str) -> tuple[str, str]:
        outcome = self.pair.outcome(CRM, "sales_order", key)
        return outcome.kind, " | ".join((outcome.reason, *outcome.notes))


@pytest.fixture
def here() -> Iterator[Offices]:
    with any_pair(FLOW, switches={CRM: {"custom_fields": FIELDS}}) as pair:
        yield Offices(pair)


def test_a_week(here: Offices) -> None:
    # Monday: an organisation becomes a customer under a reference by the mask, and a customer one of those.
    acme = here.organisation("Acme Trading")
    here.customer("BOLT01", name="Bolt Ltd", address3="Perth")
    here.product("W1")
    here.product("Z1", taxCode=0)
    here.pair.settle()
    assert set(here.customers()) == {"ACME0001", "BOLT01"}, here.pair.tell()
    assert here.rows("Accounts")[acme]["cf_856"] == "ACME0001"
    assert here.named("Accounts", "accountname")["Bolt Ltd"]["bill_city"] == "Perth"
    products = here.named("Products", "productcode")
    assert set(products) == {"W1", "Z1"}
    here.pair.quiet()
    # Tuesday: an approved order becomes an order, once; each line has its product's own tax.
    here.pair.day()
    key = here.order(acme, here.line(products["W1"]["id"]), here.line(products["Z1"]["id"], "1", "80"))
    here.pair.settle()
    (order,) = here.orders()
    assert order["customerAccountRef"] == "ACME0001", here.pair.tell()
    assert [(one["stockCode"], one["taxCode"]) for one in order["invoiceItems"]] == [("W1", 1), ("Z1", 0)]
    assert (order["itemsNet"], order["itemsTax"]) == (105, 5)
    assert here.rows("SalesOrder")[key]["cf_860"] == str(order["orderNumber"])
    here.pair.quiet()
    # Wednesday: an edit on either side reaches the other.
    here.pair.day()
    here.save("Accounts", id=acme, bill_city="York")
    here.customer("BOLT01", name="Bolt Ltd", address3="Dundee")
    here.pair.settle()
    assert here.customers()["ACME0001"]["address3"] == "York", here.pair.tell()
    assert here.named("Accounts", "accountname")["Bolt Ltd"]["bill_city"] == "Dundee"
    # Thursday: somebody changes a reference in Vtiger: Sage's stays, and is put back.
    here.pair.day()
    here.save("Accounts", id=acme, cf_856="OTHER")
    here.pair.settle()
    assert here.rows("Accounts")[acme]["cf_856"] == "ACME0001", here.pair.tell()
    # Friday: a product is put out of use.
    here.pair.day()
    here.product("W1", inactiveFlag=1)
    here.pair.settle()
    assert here.named("Products", "productcode")["W1"]["discontinued"] in ("0", False), here.pair.tell()
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

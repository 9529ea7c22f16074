"""Seven days of customers, people, products and invoices between Sage Sales Management and Sage Business
Accounting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.any_pair import AnyPair, any_pair

CRM, SAGE = "sage_sales_management", "sage_accounting"
FLOW = f"{CRM}--{SAGE}"


@dataclass
class Offices:
    """Salespeople and the bookkeeper."""

    pair: AnyPair

    def rows(self, resource: str) -> list[dict[str, Any]]:
        return list(self.pair.desks[CRM].get(f"/records/{resource}"))

    def by_code(self, resource: str) -> dict[str, dict[str, Any]]:
        return {str(row["extId"]): row for row in self.rows(resource)}

    def save(self, resource: str, **values: Any) -> str:
        return str(self.pair.desks[CRM].post(f"/records/{resource}", values)["id"])

    def enter(self, resource: str, **values: Any) -> str:
        return str(self.pair.desks[SAGE].post(f"/{resource}", values)[0])

    def customer(self, reference: str = "ACME01", **values: Any) -> str:
        given = {"name": f"{reference} Ltd", "reference": reference, "contact_type_ids": ["CUSTOMER"]}
        return self.enter("contacts", **{**given, **values})

    def kept(self, resource: str) -> list[dict[str, Any]]:
        return list(self.pair.desks[SAGE].get(f"/{resource}"))

    def account(self, code: int) -> str:
        return str(next(one["id"] for one in self.kept("ledger_accounts") if one["nominal_code"] == code))

    def product(self, code: str, price: str = "10.00", **values: Any) -> str:
        prices = {one["displayed_as"]: one["id"] for one in self.kept("product_sales_price_types")}
        entries = [{"product_sales_price_type_id": prices["Sales Price"], "price": price}]
        given = {
            "item_code": code,
            "description": f"Widget {code}",
            "sales_prices": entries,
            "sales_ledger_account_id": self.account(4000),
            "purchase_ledger_account_id": self.account(5000),
            "sales_tax_rate_id": "GB_STANDARD",
        }
        return self.enter("products", **{**given, **values})

    def invoice(self, customer: str, **values: Any) -> str:
        line = {
            "description": "Widget",
            "ledger_account_id": self.account(4000),
            "quantity": "1",
            "unit_price": "100.00",
            "tax_rate_id": "GB_STANDARD",
            "tax_amount": "20.00",
        }
        given = {"contact_id": customer, "date": "2026-11-20", "invoice_lines": [line]}
        return self.enter("sales_invoices", **{**given, **values})


@pytest.fixture
def here() -> Iterator[Offices]:
    with any_pair(FLOW) as pair:
        yield Offices(pair)


def test_a_week(here: Offices) -> None:
    # Monday: customers and products reach the CRM, read-only.
    acme, _ = (
        here.customer(),
        here.customer("BOLT01", main_address={"address_type_id": "ACCOUNTS", "city": "Leeds"}),
    )
    widget = here.product("W1")
    here.pair.settle()
    accounts = here.by_code("accounts")
    assert set(accounts) == {"ACME01", "BOLT01"} and accounts["BOLT01"]["city"] == "Leeds", here.pair.tell()
    assert accounts["ACME01"]["readOnly"] is True and here.by_code("products")["W1"]["price"] == 10
    here.pair.quiet()
    # Tuesday: people, from either side.
    here.pair.day()
    met = here.save(
        "contacts", firstName="Jo", lastName="Bloggs", accountId=accounts["ACME01"]["id"], salesRepId=52
    )
    address = next(one["main_address"]["id"] for one in here.kept("contacts") if one["id"] == acme)
    person = {"name": "Ann Lee", "job_title": "Buyer", "contact_person_type_ids": ["SALES"]}
    here.enter("contact_persons", address_id=address, **person)
    here.pair.settle()
    assert {one["name"] for one in here.kept("contact_persons")} >= {"Jo Bloggs", "Ann Lee"}, here.pair.tell()
    assert {row["lastName"] for row in here.rows("contacts")} == {"Bloggs", "Lee"}
    assert {one["job_title"] for one in here.kept("contact_persons") if one["name"] == "Ann Lee"} == {"Buyer"}
    here.save("contacts", id=int(met), email="jo@acme.test")
    here.pair.settle()
    assert (
        next(one for one in here.kept("contact_persons") if one["name"] == "Jo Bloggs")["email"]
        == "jo@acme.test"
    )
    # Wednesday: an invoice is a draft, then released, then a sale.
    here.pair.day()
    made = here.invoice(acme, status_id="DRAFT")
    here.pair.settle()
    assert here.rows("sales") == []
    here.pair.desks[SAGE].post(f"/sales_invoices/{made}/release")
    here.pair.settle()
    (sale,) = here.rows("sales")
    assert (sale["extId"], sale["total"], sale["accountExtId"]) == ("SI-1", 120, "ACME01"), here.pair.tell()
    owed = here.by_code("accounts")["ACME01"]
    assert (owed["Z_balance"], owed["Z_onHold"]) in ((120, None), (120, False)) and owed["readOnly"] is True
    # Thursday: prices and stock of a name change in Sage; one product is put out of use.
    here.pair.day()
    here.enter("products", id=widget, description="Widget, blue", active=False)
    here.pair.settle()
    assert here.by_code("products")["W1"]["notAvailable"] is True, here.pair.tell()
    # Friday: a customer is renamed in both: it is Sage's.
    here.pair.day()
    here.save("accounts", id=accounts["ACME01"]["id"], name="Acme International")
    here.enter("contacts", id=acme, name="Acme Trading Ltd")
    here.pair.settle()
    assert here.by_code("accounts")["ACME01"]["name"] == "Acme Trading Ltd", here.pair.tell()
    # The weekend: nothing.
    here.pair.day()
    here.pair.quiet()
    assert here.pair.failed == []


def test_turnover_of_an_invoice_in_another_currency_is_in_the_companys_own(here: Offices) -> None:
    made = here.invoice(here.customer("EURO01", currency_id="EUR"), currency_id="EUR", exchange_rate="0.86")
    for paid, left in ((0, 103.2), (43, 60.2), (103.2, 0)):
        if paid:
            here.pair.desks[SAGE].post(f"/sales_invoices/{made}/pay", {"amount": "50"} if left else {})
        here.pair.settle()
        (sale,) = here.rows("sales")
        amounts = (sale["total"], sale["Z_paid"], sale["Z_outstanding"])
        assert amounts == (103.2, paid, left), here.pair.tell()


def test_a_customer_without_a_reference_is_skipped_until_it_has_one(here: Offices) -> None:
    key = here.customer("")
    here.pair.settle()
    said = here.pair.outcome(SAGE, "account", key)
    assert (said.kind, said.rule) == ("skipped", "reference") and here.rows("accounts") == []
    here.enter("contacts", id=key, reference="NEW01")
    here.pair.settle()
    assert set(here.by_code("accounts")) == {"NEW01"}


def test_a_customer_deleted_in_sage_is_marked_and_never_the_other_way(here: Offices) -> None:
    gone, kept = here.customer("GONE01"), here.customer("KEPT01")
    here.pair.settle()
    here.pair.desks[SAGE].delete(f"/contacts/{gone}")
    here.pair.desks[CRM].delete(f"/records/accounts/{here.by_code('accounts')['KEPT01']['id']}")
    here.pair.settle()
    here.pair.day()
    marked = here.by_code("accounts")["GONE01"]
    assert marked["readOnly"] is True, here.pair.tell()
    assert {one["id"] for one in here.kept("contacts")} >= {kept}


# ---------------------------------------------------------------- quotations


def label(here: Offices, resource: str, name: str) -> int:
    return next(int(row["id"]) for row in here.rows(resource) if row["descriptionEN"] == name)


def offer(here: Offices, account: str, *lines: tuple[str, int], **values: Any) -> str:
    """A quotation as a salesperson makes it, without prices; `values` of all its lines."""
    order = here.save(
        "salesorders",
        reference="Offer",
        accountId=here.by_code("accounts")[account]["id"],
        salesRepId=53,
        branchId=here.rows("branches")[0]["id"],
        statusId=label(here, "salesorderStatuses", "Draft"),
    )
    products = here.by_code("products")
    for place, (code, quantity) in enumerate(lines, 1):
        product = products[code]["id"]
        line = {"productId": product, "quantity": quantity, "price": 0, "order": place, **values}
        here.save("salesordersLines", salesOrderId=int(order), **line)
    return order


def offered(here: Offices, order: str) -> dict[str, Any]:
    return next(row for row in here.rows("salesorders") if str(row["id"]) == order)


def types(here: Offices) -> dict[str, str]:
    return {one["displayed_as"]: one["id"] for one in here.kept("product_sales_price_types")}


def test_a_quotation_is_priced_by_the_customers_price_type_and_comes_back(here: Offices) -> None:
    kinds = types(here)
    here.customer()
    here.customer("TRADE1", product_sales_price_type_id=kinds["Trade"])
    entries = [
        {"product_sales_price_type_id": kinds["Sales Price"], "price": "10.00"},
        {"product_sales_price_type_id": kinds["Trade"], "price": "9.60", "price_includes_tax": True},
    ]
    here.product("W1", sales_prices=entries)
    here.product("Z1", "5.00", sales_tax_rate_id="GB_ZERO")
    here.pair.settle()
    plain, trade = offer(here, "ACME01", ("W1", 3), ("Z1", 1)), offer(here, "TRADE1", ("W1", 3))
    here.pair.settle()
    row = offered(here, plain)
    assert (row["Z_net"], row["Z_tax"], row["Z_gross"]) == (35, 6, 41), here.pair.tell()
    assert (row["readOnly"], row["statusId"]["value"]) == (True, "Validated draft")
    assert offered(here, trade)["Z_net"] == 24, here.pair.tell()
    quotes = {one["displayed_as"]: one for one in here.kept("sales_quotes")}
    assert {row["extId"], offered(here, trade)["extId"]} == set(quotes) == {"SQ-1", "SQ-2"}
    prices = [
        one["price"] for one in here.rows("salesordersLines") if one["salesorderId"]["id"] == int(plain)
    ]
    assert sorted(prices) == [5, 10]
    here.pair.quiet()
    key = quotes[row["extId"]]["id"]
    here.pair.desks[SAGE].post(f"/sales_quotes/{key}/invoice", {})
    here.pair.settle()
    assert offered(here, plain)["statusId"]["value"] == "Won", here.pair.tell()


def test_a_price_that_is_not_certain_is_held_by_name(here: Offices) -> None:
    kinds = types(here)
    here.customer("TRADE1", product_sales_price_type_id=kinds["Trade"])
    taxed = {"product_sales_price_type_id": kinds["Trade"], "price": "10.05", "price_includes_tax": True}
    here.product("W1", sales_prices=[taxed])
    here.pair.settle()
    order = offer(here, "TRADE1", ("W1", 1))
    here.pair.settle()
    said = here.pair.outcome(CRM, "quotation", order)
    assert said.kind == "held" and "including VAT" in said.reason and "W1" in said.reason, here.pair.tell()
    assert here.kept("sales_quotes") == []


def test_a_quotation_for_a_potential_waits(here: Offices) -> None:
    here.product("W1")
    here.pair.settle()
    branch, status = here.rows("branches")[0]["id"], label(here, "accountStatuses", "Potential")
    values = {"branchId": branch, "salesRepId1": 52, "statusId": status, "extId": "MAYBE1"}
    here.save("accounts", name="Maybe Ltd", **values)
    order = offer(here, "MAYBE1", ("W1", 1))
    here.pair.settle()
    assert here.pair.outcome(CRM, "quotation", order).kind == "waiting", here.pair.tell()
    assert here.kept("sales_quotes") == []


def test_a_discount_that_a_salesperson_gives_is_named_and_taken_off(here: Offices) -> None:
    here.customer()
    here.product("W1")
    here.pair.settle()
    order = offer(here, "ACME01", ("W1", 2), price=10, discount1=10)
    here.pair.settle()
    done = here.pair.outcome(CRM, "quotation", order)
    assert done.kind == "created" and "in place of a discount of 10 %" in done.notes[0], here.pair.tell()
    (line,) = here.rows("salesordersLines")
    assert (line["price"], line["discount1"], line["total"]) == (10, 0, 20)
    assert offered(here, order)["Z_net"] == 20 and offered(here, order)["readOnly"] is True
    here.pair.quiet()

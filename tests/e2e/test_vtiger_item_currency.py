"""Items of Vtiger that are priced in another currency than the company's own."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.e2e.pair_equal import mended, money
from tests.e2e.pair_world import PairWorld, pair_world

POUNDS = (1, "United Kingdom, Pounds", "GBP", "£", "1.00000")
EUROS = (2, "Euro", "EUR", "€", "1.25000")


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world(vtiger={"currencies": (POUNDS, EUROS)}) as made:
        yield made


def test_a_price_in_euros_is_no_price_in_pounds(here: PairWorld) -> None:
    item = here.sales.product("EU-1", unit_price="125.00", currency_id="21x2")
    here.settle()
    outcome = here.outcome("product", item)
    assert "The price is in EUR: unit_price is 125 EUR. Give it a price in GBP" in outcome.reason, here.tell()
    [row] = here.books.all("products")
    assert [money(one["price"]) for one in row["sales_prices"] if money(one["price"])] == [], here.tell()
    here.quiet(1)

    here.books.edit(
        "products", row["id"], sales_prices=here.books._price("product_sales_price", "price", "99")
    )
    here.sales.edit(item, description="A widget from Rome")
    here.settle()
    there = here.sales.one(item)
    assert (money(there["unit_price"]), there["currency_id"]) == (125, "21x2"), here.tell()
    assert here.books.all("products")[0]["description"] == "A widget from Rome", here.tell()
    here.quiet(1)

    here.sales.edit(item, unit_price="100.00", currency_id="21x1")
    mended(here)


def test_the_price_in_pounds_beside_one_in_euros_counts_and_is_not_written_over(here: PairWorld) -> None:
    [item] = here.imported(
        "Products",
        {
            "productname": "Widget EU-2",
            "productcode": "EU-2",
            "description": "Two prices",
            "unit_price": "125.00000000",
            "currency": "2",
            "prices": {"1": Decimal(100), "2": Decimal(125)},
            "taxes": {"tax1": "20.000"},
            "discontinued": "1",
        },
    )
    here.settle()
    [row] = here.books.all("products")
    assert money(row["sales_prices"][0]["price"]) == 100, here.tell()

    here.books.edit(
        "products", row["id"], sales_prices=here.books._price("product_sales_price", "price", "99")
    )
    here.settle()
    there, outcome = here.sales.one(item), here.outcome("product", row["id"])
    assert (money(there["unit_price"]), there["currency_id"]) == (125, "21x2"), here.tell()
    assert (
        outcome.kind == "held"
        and "Vtiger has its price in EUR, and would take 99.00 for EUR" in outcome.reason
    ), here.tell()
    here.quiet(1)

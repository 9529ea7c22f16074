"""Which price applies: special, then the customer's list, then the sales price; never an uncertain one."""

from decimal import Decimal as D
from typing import Any

import pytest

from shared.domain.prices import LIST, SPECIAL, PriceBook, PriceList, StoredPrice
from shared.domain.rules import Rule
from shared.mapping.faults import RuleRefused
from shared.mapping.price_sources import Price, PriceSources

CURRENCIES = {"1": "GBP", "2": "EUR", "": "GBP"}
ACME = {"reference": "ACME01", "price_list": "TRADE", "currency": "GBP"}
WIDGET = {"price": D("12.50")}


def listed(amount: str | None = "11.00", kind: str = LIST, holder: str = "TRADE", **more: Any) -> StoredPrice:
    return StoredPrice(
        kind, holder, more.get("sku", "W1"), more.get("method", "0"), None if amount is None else D(amount)
    )


def sources(
    *prices: StoredPrice, customer: dict[str, Any] | None = None, static: bool = True, currency: str = "1"
) -> PriceSources:
    trade = PriceList("TRADE", "Trade", currency, static)
    book = PriceBook({}, {}, prices, {"TRADE": trade}, frozenset({"0"}))
    return PriceSources(book, customer or ACME, CURRENCIES, "GBP", "Sage 50")


def test_a_special_price_comes_before_the_list() -> None:
    found = sources(listed("9.99", SPECIAL, "ACME01"), listed()).of(1, "W1", WIDGET)
    assert found == Price(D("9.99"), "special", "special price of ACME01")


def test_the_list_comes_before_the_sales_price_even_where_it_is_dearer() -> None:
    assert sources(listed("13.00")).of(1, "W1", WIDGET) == Price(D("13.00"), "list", "price list TRADE")


def test_what_the_list_does_not_name_has_its_sales_price() -> None:
    assert sources(listed(sku="G1")).of(1, "W1", WIDGET) == Price(D("12.50"), "sales", "sales price")


def test_anothers_special_price_and_another_list_count_for_nobody_else() -> None:
    other = sources(listed("1.00", SPECIAL, "OTHER1"), listed("2.00", holder="OTHER"))
    assert other.of(1, "W1", WIDGET).amount == D("12.50")


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (sources(listed(), static=False), "has no stored prices"),
        (sources(static=False), "has no stored prices"),
        (sources(listed(), currency="2"), "is in EUR, and the customer's account is in GBP"),
        (sources(listed(), currency=""), "is in no known currency"),
        (sources(listed(), customer={**ACME, "price_list": "GONE"}), "does not show the price list GONE"),
        (sources(listed(method="3")), "price list TRADE for W1 is calculated by method 3"),
        (
            sources(listed("5.00", SPECIAL, "ACME01", method="2")),
            "special price of ACME01 for W1 is calculated",
        ),
        (sources(listed(None)), "has no amount stored"),
        (sources(listed("0.00")), "has no amount stored"),
        (sources(customer={**ACME, "price_list": "", "currency": "EUR"}), "the sales price of W1 is in GBP"),
    ],
)
def test_a_price_that_is_not_certain_is_held_and_the_sales_price_never_stands_in(
    made: PriceSources, says: str
) -> None:
    with pytest.raises(RuleRefused) as refused:
        made.of(4, "W1", WIDGET)
    assert (refused.value.held, refused.value.rule) == (True, Rule.PRICE)
    assert str(refused.value).startswith("Line 4: ") and says in str(refused.value)


@pytest.mark.parametrize("price", [None, D("0.00"), D("-1.00")])
def test_a_product_without_a_sales_price_is_held(price: D | None) -> None:
    with pytest.raises(RuleRefused, match="W1 has no sales price"):
        sources(customer={**ACME, "price_list": ""}).of(1, "W1", {"price": price})


def test_a_foreign_customer_has_the_prices_of_a_list_in_the_same_currency() -> None:
    euro = sources(listed("14.00"), customer={**ACME, "currency": "EUR"}, currency="2")
    assert euro.of(1, "W1", WIDGET).amount == D("14.00")

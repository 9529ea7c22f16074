"""Tests check how prices are worked out; this checks the tests: with one thing wrong, one of them fails."""

from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest

from shared.domain.record import replace
from shared.mapping import offers, price_discounts
from shared.mapping.faults import RuleRefused
from shared.mapping.price_sources import Price, PriceSources
from tests.unit.mapping import test_offers, test_price_discounts, test_price_sources, test_unpriced

_OF, _DISCOUNT = PriceSources.of, price_discounts.discount_of


def _sales_price_instead(self: PriceSources, number: int, code: str, product: Any) -> Price:
    try:
        return _OF(self, number, code, product)
    except RuleRefused:
        return Price(product["price"] or D(0), "sales", "sales price")


def _twice(*args: Any) -> Any:
    found = _DISCOUNT(*args)
    return replace(found, rate=found.rate * 2)


def _list_first(self: PriceSources, kind: str, holder: str, code: str) -> Any:
    own = [one for one in self._book.prices if one.sku == code]
    return next((one for one in reversed(own) if one.kind != kind), None)


BROKEN: dict[str, tuple[Any, str, Any, Callable[[], None]]] = {
    "ignores the band of the quantity": (
        price_discounts,
        "_band",
        lambda levels, quantity: D(0),
        lambda: test_price_discounts.test_the_largest_quantity_that_is_reached_counts("10", "5"),
    ),
    "takes the discount off twice": (
        offers,
        "discount_of",
        _twice,
        test_offers.test_what_somebody_typed_as_a_price_does_not_count_and_is_named,
    ),
    "says nothing of a discount that somebody typed": (
        offers,
        "_entered",
        lambda line, price, discount: "",
        lambda: test_offers.test_a_discount_that_somebody_typed_is_named_where_it_differs(
            "12.50", "5", ", in place of a discount of 5 %"
        ),
    ),
    "takes the sales price instead of holding": (
        PriceSources,
        "of",
        _sales_price_instead,
        lambda: test_price_sources.test_a_product_without_a_sales_price_is_held(None),
    ),
    "takes the price list before the special price": (
        PriceSources,
        "_stored",
        _list_first,
        test_price_sources.test_a_special_price_comes_before_the_list,
    ),
    "sends prices where the ledger is to price": (
        test_unpriced,
        "without_prices",
        lambda lines: [dict(one) for one in lines],
        test_unpriced.test_a_line_goes_without_price_and_with_its_tax,
    ),
    "takes a line without a price for priced": (
        test_unpriced,
        "lacking",
        lambda lines: [],
        test_unpriced.test_a_line_without_a_price_is_told_by_its_number,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_test_of_prices_fails_where_they_are_worked_out_wrongly(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, step, replacement, check = BROKEN[name]
    check()
    monkeypatch.setattr(module, step, replacement)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check()

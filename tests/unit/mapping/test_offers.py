"""Lines of a quotation with the ledger's prices, and what they come to."""

from decimal import Decimal as D
from typing import Any

import pytest

from shared.domain.prices import PriceBook
from shared.mapping.faults import RuleRefused
from shared.mapping.offers import offered, totals
from shared.mapping.price_sources import PriceSources
from shared.mapping.rules import Pricing

PRODUCTS = {"W1": {"name": "Widget", "price": D("12.50")}, "OLD": {"price": D(1), "inactive": True}}


def priced(line: dict[str, Any], code: str = "W1", **pricing: Any) -> tuple[dict[str, Any], list[str]]:
    customer = {"reference": "ACME01", "currency": "GBP", "discount_rate": D(10)}
    book = PriceBook({}, {}, (), {}, frozenset("0"))
    rules = Pricing("net", "T1", "ledger", "refuse", by="tieout", **pricing)
    found, said = offered(
        [line],
        [code],
        PRODUCTS,
        PriceSources(book, customer, {}, "GBP", "Sage 50"),
        customer,
        {},
        rules,
        "Sage 50",
    )
    return found[0], said


def test_what_somebody_typed_as_a_price_does_not_count_and_is_named() -> None:
    line, said = priced({"quantity": D(2), "unit_price": D("90.00"), "discount": D(50)})
    assert (line["unit_price"], line["discount"], line["sku"]) == (D("12.50"), D(10), "W1")
    assert said == [
        "line 1: W1 at 12.50, sales price less 10.00 % of the customer's, in place of 90.00 less 50 %"
    ]
    assert line["comment"] == "Sales price, less 10.00 % of the customer's"


@pytest.mark.parametrize(
    ("price", "discount", "says"),
    [
        ("12.50", "5", ", in place of a discount of 5 %"),
        ("0", "33.25", ", in place of a discount of 33.25 %"),
        ("9", "0", ", in place of 9"),
        ("12.50", "10", ""),
    ],
)
def test_a_discount_that_somebody_typed_is_named_where_it_differs(
    price: str, discount: str, says: str
) -> None:
    _, said = priced({"quantity": D(2), "unit_price": D(price), "discount": D(discount)})
    assert said == [f"line 1: W1 at 12.50, sales price less 10.00 % of the customer's{says}"]


def test_a_line_keeps_its_own_words_and_gets_the_products_where_it_has_none() -> None:
    assert priced({"quantity": D(1), "description": "Blue"})[0]["description"] == "Blue"
    assert priced({"quantity": D(1), "description": None})[0]["description"] == "Widget"


def test_a_price_that_no_discount_comes_off_keeps_none_of_the_crms_either() -> None:
    line, _ = priced({"quantity": D(1), "discount": D(50)}, discounts_on=("special",))
    assert line["discount"] == 0


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ({"quantity": D(1)}, "OLD", "the product OLD is inactive in Sage 50"),
        ({"quantity": D(1)}, "NONE", "Sage 50 has no product NONE"),
        ({"quantity": None}, "W1", "the quantity is blank"),
        ({"quantity": D(0)}, "W1", "the quantity is 0"),
        ({"quantity": D(-1)}, "W1", "the quantity is -1"),
    ],
)
def test_what_cannot_be_offered_is_named(line: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(RuleRefused, match=says):
        priced(line, code)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([("7", "12.50", "3", "20")], ("84.88", "16.98")),
        ([("1", "0.125", "0", "20")], ("0.13", "0.03")),
        ([("3", "9.99", "10", "20"), ("1", "70", "10", "20"), ("2", "7", "10", "0")], ("102.57", "17.99")),
        ([("0.333333", "1.00", "0", "5")], ("0.33", "0.02")),
        ([], ("0", "0")),
    ],
)
def test_each_line_is_rounded_as_the_ledger_does(
    lines: list[tuple[str, str, str, str]], wanted: tuple[str, str]
) -> None:
    names = ("quantity", "unit_price", "discount", "tax_rate")
    rows = [dict(zip(names, map(D, line), strict=True)) for line in lines]
    assert totals(rows) == (D(wanted[0]), D(wanted[1]))

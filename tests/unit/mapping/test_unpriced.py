"""Lines that the ledger prices itself: how they go there, and what has to come back."""

from decimal import Decimal as D
from typing import Any

import pytest

from shared.mapping.faults import RuleRefused
from shared.mapping.unpriced import asked, given, lacking, without_prices

PRODUCTS = {"W1": {"name": "Widget", "price": D("12.50")}, "OLD": {"price": D(1), "inactive": True}}


def ask(line: dict[str, Any], code: str = "W1") -> tuple[dict[str, Any], list[str]]:
    lines, said = asked([line], [code], PRODUCTS, "Sage 50")
    return lines[0], said


def test_a_line_goes_without_price_and_with_its_tax() -> None:
    line, said = ask({"quantity": D(2), "description": None})
    assert (line["sku"], line["description"], said) == ("W1", "Widget", [])
    (sent,) = without_prices([{**line, "tax_code": "T1", "tax_rate": D(20), "net": D(0), "tax": D(0)}])
    assert sent == {
        "quantity": D(2),
        "description": "Widget",
        "sku": "W1",
        "tax_code": "T1",
        "tax_rate": D(20),
    }


def test_a_price_that_somebody_typed_is_named_and_does_not_count() -> None:
    line, said = ask({"quantity": D(2), "unit_price": D("99.00"), "discount": D(5)})
    assert (line["unit_price"], line["discount"]) == (0, 0)
    assert said == ["line 1: Sage 50 prices W1, in place of 99.00 less 5 %"]


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ({"quantity": D(1)}, "OLD", "the product OLD is inactive in Sage 50"),
        ({"quantity": D(1)}, "NONE", "Sage 50 has no product NONE"),
        ({"quantity": D(0)}, "W1", "the quantity is 0"),
    ],
)
def test_what_cannot_be_asked_for_is_named(line: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(RuleRefused, match=says):
        ask(line, code)


def test_a_line_without_a_price_is_told_by_its_number() -> None:
    assert lacking([{"unit_price": D(1)}, {"unit_price": D(0)}, {}, {"sku": "M"}]) == [2, 3]


def test_what_the_ledger_asks_is_said_line_by_line() -> None:
    lines: list[dict[str, Any]] = [
        {"unit_price": D("11.00"), "discount": D("10.0000")},
        {"sku": "M"},
        {"unit_price": D("7.00")},
    ]
    assert given(lines, ["W1", "M", "T1"], "Sage 50") == [
        "line 1: W1 at 11.00 less 10 %, priced by Sage 50",
        "line 3: T1 at 7.00, priced by Sage 50",
    ]

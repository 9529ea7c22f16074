"""Prices and tax as Sage rounds them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mapping.faults import RuleRefused
from shared.mapping.pricing import price
from shared.mapping.rules import Pricing

RATES = {"T0": Decimal(0), "1": Decimal(20), "T5": Decimal(5)}
NET = Pricing("net", "T1", "flow", "refuse")
GROSS = Pricing("gross", "T1", "flow", "refuse")
ACCEPT = Pricing("gross", "T1", "flow", "accept")


def line(unit_price: str, quantity: str = "1", **more: Any) -> dict[str, Any]:
    return {"sku": "S1", "quantity": Decimal(quantity), "unit_price": Decimal(unit_price), **more}


def one(pricing: Pricing, item: dict[str, Any], customer: dict[str, Any] | None = None) -> dict[str, Any]:
    return price({"lines": [item]}, pricing, RATES, customer)[0]["lines"][0]


def test_net() -> None:
    done = one(NET, line("10.33", "3", discount=Decimal(10)))
    assert (done["net"], done["tax"], done["tax_code"], done["tax_rate"]) == (
        Decimal("27.89"),
        Decimal("5.58"),
        "T1",
        20,
    )
    assert done["unit_price"] == Decimal("10.33")


def test_gross_is_hit_to_the_penny() -> None:
    done = one(GROSS, line("120.00"))
    assert (done["unit_price"], done["net"], done["tax"]) == (
        Decimal("100.00"),
        Decimal("100.00"),
        Decimal("20.00"),
    )


def test_a_gross_that_no_net_reaches() -> None:
    with pytest.raises(RuleRefused) as fault:
        one(GROSS, line("10.05"))
    assert str(fault.value) == (
        "Line 1: a gross of 10.05 is not possible at 20 % tax: 8.38 net makes 10.06; change the price by a "
        'penny, or allow the difference with penny = "accept" in the flow.'
    )
    view, notes = price({"lines": [line("10.05")], "amount": Decimal("10.05")}, ACCEPT, RATES, None)
    done = view["lines"][0]
    assert abs(done["net"] + done["tax"] - Decimal("10.05")) == Decimal("0.01")
    assert notes == ["line 1: gross 10.05 became 10.06, the nearest value that 20 % tax allows"]


def test_gross_of_several_pieces_needs_more_places() -> None:
    done = one(GROSS, line("4.00", "3"))
    assert done["net"] == 10 and done["unit_price"] == Decimal("3.333")


def test_tax_code_from_customer_line_and_fallback() -> None:
    customer = Pricing("net", "T1", "customer", "refuse")
    assert one(customer, line("1"), {"tax_code": "T5"})["tax_rate"] == 5
    assert one(customer, line("1"), {"tax_code": None})["tax_rate"] == 20
    assert one(Pricing("net", None, "line", "refuse"), line("1", tax_code="0"))["tax_code"] == "T0"
    with pytest.raises(
        RuleRefused,
        match=r"Line 1: the customer in Sage has no tax code, and the flow does not set one; enter one.",
    ):
        one(Pricing("net", None, "customer", "refuse"), line("1"), None)


def test_unknown_tax_code_names_those_that_exist() -> None:
    with pytest.raises(
        RuleRefused, match=r'Line 1: tax code "T9" does not exist in Sage; it has T0, T1, T5.'
    ) as fault:
        one(Pricing("net", "T9", "flow", "refuse"), line("1"))
    assert (fault.value.rule, fault.value.field, fault.value.value) == ("pricing", "lines.tax_code", "T9")


def test_lines_must_add_up() -> None:
    view = {"lines": [line("10.00"), line("5.00")], "amount": Decimal("15.01")}
    with pytest.raises(RuleRefused, match=r"The lines add up to 15.00, but the total is 15.01: correct"):
        price(view, NET, RATES, None)
    assert price(view, Pricing("net", "T1", "flow", "refuse", total_check=False), RATES, None)[1] == []


def test_missing_figures_and_lines() -> None:
    with pytest.raises(RuleRefused, match=r"Line 1: the unit price is blank; fill it in, in the CRM."):
        one(NET, {"sku": "S1", "quantity": Decimal(1), "unit_price": None})
    with pytest.raises(RuleRefused, match=r"There are no order lines"):
        price({"lines": []}, NET, RATES, None)


def test_a_message_line_has_no_price() -> None:
    view, _ = price({"lines": [{"sku": "M", "description": "Thank you"}, line("1")]}, NET, RATES, None)
    assert view["lines"][0] == {"sku": "M", "description": "Thank you"}


@given(st.integers(1, 10**10), st.sampled_from((0, 5, 20, 23, Decimal("13.5"))))
def test_every_gross_is_hit_or_refused_for_good(pence: int, rate: Any) -> None:
    gross = Decimal(pence).scaleb(-2)
    rates = {"T1": Decimal(rate)}
    try:
        done = price({"lines": [line(str(gross))]}, GROSS, rates, None)[0]["lines"][0]
    except RuleRefused:
        near = int(gross / (1 + Decimal(rate) / 100) * 100)
        reachable = [
            net + (net * Decimal(rate) / 100).quantize(Decimal("1"), "ROUND_HALF_UP")
            for net in range(near - 9, near + 10)
        ]
        assert pence not in reachable
        return
    assert done["net"] + done["tax"] == gross

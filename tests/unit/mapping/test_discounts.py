"""Discounts of order lines: in per cent, as an amount, and what Sage can hold of them (A14)."""

from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.discounts import in_ledger_terms, line_net
from shared.mapping.faults import RuleRefused


def line(price: str, quantity: str = "1", **more: Any) -> dict[str, Any]:
    return {"quantity": Decimal(quantity), "unit_price": Decimal(price), **more}


@pytest.mark.parametrize(
    ("given", "net", "percent", "price"),
    [
        (line("100"), "100.00", None, "100"),
        (line("100", discount_amount=Decimal("20")), "80.00", "20", "100"),
        (line("100", discount_amount=Decimal("20"), discount_in_percent=False), "80.00", "20", "100"),
        (line("100", discount_amount=Decimal("20"), discount_in_percent=True), "80.00", "20", "100"),
        (line("50", "4", discount_amount=Decimal("20")), "180.00", "10", "50"),
        (line("50", "4", discount_amount=Decimal("20"), discount_in_percent=True), "160.00", "20", "50"),
        (line("100", discount=Decimal("12.5")), "87.50", "12.5", "100"),
        (line("90", discount_amount=Decimal("7")), "83.00", "7.7778", "90"),
        (line("100", discount_amount=Decimal("100")), "0.00", "100", "100"),
        (line("100", discount_amount=Decimal("0")), "100.00", None, "100"),
        (line("0", discount_amount=Decimal("0")), "0.00", None, "0"),
    ],
)
def test_a14_a_discount_in_per_cent_or_as_an_amount(
    given: dict[str, Any], net: str, percent: str | None, price: str
) -> None:
    made = in_ledger_terms(1, given, [])
    assert line_net(given) == line_net(made) == Decimal(net)
    assert made.get("discount") == (None if percent is None else Decimal(percent))
    assert made["unit_price"] == Decimal(price) and not any(name.startswith("discount_") for name in made)


def test_a14_an_amount_that_no_percentage_gives_goes_into_the_price() -> None:
    notes: list[str] = []
    made = in_ledger_terms(2, line("250000.01", "3", discount_amount=Decimal("0.01")), notes)
    assert line_net(made) == Decimal("750000.02")
    assert made["discount"] == 0 and len(notes) == 1 and "line 2" in notes[0] and "0.01" in notes[0]


@pytest.mark.parametrize(("off", "percent"), [("120", False), ("101", True)])
def test_a_discount_larger_than_the_price_is_refused(off: str, percent: bool) -> None:
    with pytest.raises(RuleRefused, match="larger than the price"):
        in_ledger_terms(1, line("100", discount_amount=Decimal(off), discount_in_percent=percent), [])

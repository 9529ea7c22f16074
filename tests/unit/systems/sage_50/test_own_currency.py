"""In which currency an order's totals are shown, whatever Sage's answer holds."""

from decimal import Decimal
from typing import Any

import pytest

from shared.systems.sage_50.own_currency import in_own_currency, lacks_totals

BASE = {"itemsNet": Decimal(100), "itemsTax": Decimal(20), "itemsGross": Decimal(120)}
OWN = {"foreignItemsNet": Decimal(117), "foreignItemsTax": Decimal("23.40")}
NONE = {"foreignItemsNet": Decimal(0), "foreignItemsTax": Decimal(0)}


def totals(values: dict[str, Any]) -> list[Any]:
    shown = in_own_currency(values, "1")
    return [shown.get(name) for name in BASE]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"currency": "2", **BASE, **OWN}, ["117", "23.40", "140.40"]),
        ({"currency": "1", **BASE, **OWN}, ["100", "20", "120"]),
        ({"currency": "1", **BASE}, ["100", "20", "120"]),
        ({"currency": "0", **BASE, **OWN}, ["100", "20", "120"]),
        ({**BASE, **OWN}, ["100", "20", "120"]),
        ({"currency": "2", **BASE, **NONE}, ["100", "20", "120"]),
    ],
    ids=["foreign", "base", "base alone", "not counted", "not told", "one set filled"],
)
def test_totals_are_in_the_orders_own_currency(values: dict[str, Any], shown: list[str]) -> None:
    assert totals(values) == [Decimal(one) for one in shown]
    assert not lacks_totals(in_own_currency(values, "1"), "1")


def test_a_row_that_does_not_tell_them_shows_no_totals() -> None:
    row: dict[str, Any] = {"currency": "2", **BASE}
    assert totals(row) == [None, None, None]
    assert lacks_totals(in_own_currency(row, "1"), "1")
    assert in_own_currency({"currency": "2", "name": "Ann"}, "1") == {"currency": "2", "name": "Ann"}

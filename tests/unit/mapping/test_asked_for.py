"""A document that the ledger priced is compared with what was asked for, but for its prices."""

from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.asked_for import otherwise

D = Decimal


def line(quantity: Any, price: str = "10.00", **more: Any) -> dict[str, Any]:
    return {"quantity": quantity, "unit_price": D(price), "tax_rate": D(20), **more}


def told(asked: list[Any], shown: list[Any], codes: tuple[str, ...], **document: Any) -> str:
    quiet = {"net": None, "tax": None, **document}
    mine = {"lines": asked, "currency": quiet.pop("mine", None)}
    return otherwise(mine, ("W1", "T1")[: len(asked)], {"lines": shown, **quiet}, codes)


def test_what_was_asked_for_agrees_whatever_it_costs() -> None:
    asked = [line(D("2.50"), "0"), line(1, "0")]
    shown = [line(D("2.5")), {"sku": "M", "quantity": None}, line(D(1), "7.33", discount=D(5))]
    assert told(asked, shown, ("w1 ", "M", "T1"), net=D("31.96"), tax=D("6.39")) == ""


@pytest.mark.parametrize(
    ("shown", "codes", "why"),
    [
        ([line(2)], ("W1",), "has 1 line in place of 2"),
        ([line(2), line(1), line(1)], ("W1", "T1", "X1"), "has 3 lines in place of 2"),
        ([line(2), line(1)], ("W1", "X1"), "has X1 in line 2 in place of T1"),
        ([line(2), line(1)], ("", "T1"), "has no product in line 1 in place of W1"),
        ([line(20), line(1)], ("W1", "T1"), "has 20 of W1 in line 1 in place of 2"),
        ([line(D("2.0")), line(D("0.10"))], ("W1", "T1"), "has 0.1 of T1 in line 2 in place of 1"),
        ([line(2), line(None)], ("W1", "T1"), "has 0 of T1 in line 2 in place of 1"),
    ],
)
def test_lines_that_are_others_are_named(shown: list[Any], codes: tuple[str, ...], why: str) -> None:
    assert told([line(2), line(1)], shown, codes) == why


def test_totals_that_its_own_lines_do_not_come_to() -> None:
    shown = [line(3, "11.00", discount=D(10))]
    assert told([line(3)], shown, ("W1",), net=D("29.70"), tax=D("5.94")) == ""
    assert told([line(3)], shown, ("W1",), net=D("29.71"), tax=D("5.94")) == (
        "shows 29.71 net and 5.94 tax, where its lines come to 29.70 net and 5.94 tax"
    )


def test_currencies_are_compared_where_both_say_one() -> None:
    assert (
        told([line(3)], [line(3)], ("W1",), mine="EUR", currency="GBP")
        == "has the currency GBP in place of EUR"
    )
    assert told([line(3)], [line(3)], ("W1",), mine="EUR") == ""

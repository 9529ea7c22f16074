"""How values of one field are told beside each other, so that a person sees what differs."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.sync.told import quoted, texts


def line(**more: Any) -> dict[str, Any]:
    usual = {
        "product": "LINK1",
        "description": "Widget",
        "quantity": Decimal(2),
        "unit_price": Decimal("12.50"),
    }
    return {**usual, "discount_amount": Decimal(0), "tax_rate": Decimal("20.00"), **more}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([date(2026, 11, 30), None], ["“2026-11-30”", "blank"]),
        ([Decimal("1E+2"), Decimal("0.10")], ["“100”", "“0.10”"]),
        (["LINK1", "LINK2"], ["“Acme Ltd”", "“Other Ltd”"]),
        ([True, False], ["“yes”", "“no”"]),
    ],
)
def test_single_values(values: list[Any], told: list[str]) -> None:
    assert quoted(values, {"LINK1": "Acme Ltd", "LINK2": "Other Ltd"}) == told


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (
            [line()],
            [line(quantity=Decimal(20))],
            ["25.00 net (line 1 “Widget”: quantity 2)", "250.00 net (line 1 “Widget”: quantity 20)"],
        ),
        (
            [line(), line()],
            [line(), line(tax_rate=Decimal(0))],
            ["50.00 net (line 2 “Widget”: tax rate 20 %)", "50.00 net (line 2 “Widget”: tax rate 0 %)"],
        ),
        (
            [line()],
            [line(product="LINK2")],
            ["25.00 net (line 1 “Widget”: product “Box”)", "25.00 net (line 1 “Widget”: product “Crate”)"],
        ),
        (
            [line(net=Decimal("25.00"), tax=Decimal("5.00"))],
            [line(net=Decimal("25.00"), tax=Decimal("5.01"))],
            [
                "25.00 net, 5.00 tax (line 1 “Widget”: tax 5.00)",
                "25.00 net, 5.01 tax (line 1 “Widget”: tax 5.01)",
            ],
        ),
        (
            [line(), line()],
            [line(quantity=Decimal(1)), line(quantity=Decimal(1))],
            [
                "50.00 net (line 1 “Widget”: quantity 2, and 1 more line)",
                "25.00 net (line 1 “Widget”: quantity 1, and 1 more line)",
            ],
        ),
        (
            [line()],
            [],
            [
                "25.00 net (line 1 “Widget”: quantity 2, unit price 12.50, tax rate 20 %)",
                "no lines",
            ],
        ),
        (
            [line()],
            None,
            [
                "25.00 net (line 1 “Widget”: quantity 2, unit price 12.50, tax rate 20 %)",
                "no lines",
            ],
        ),
        (
            [line()],
            [line(quantity=None)],
            ["25.00 net (line 1 “Widget”: quantity 2)", "1 line (line 1 “Widget”: quantity blank)"],
        ),
        (
            [line(comment=None)],
            [line(comment=None, tax_rate=Decimal(5))],
            ["25.00 net (line 1 “Widget”: tax rate 20 %)", "25.00 net (line 1 “Widget”: tax rate 5 %)"],
        ),
    ],
)
def test_lines_by_their_worth_and_the_first_that_differs(one: Any, other: Any, told: list[str]) -> None:
    names = {"LINK1": "Box", "LINK2": "Crate"}
    assert texts([one, other], names) == told
    assert quoted([one, other], names) == told


def test_a_line_without_words_is_called_by_its_product_and_never_by_a_link() -> None:
    one, other = line(description=None), line(description=None, quantity=Decimal(3))
    told, _ = texts([[one], [other]], {"LINK1": "Box"})
    assert told == "25.00 net (line 1 “Box”: quantity 2)"

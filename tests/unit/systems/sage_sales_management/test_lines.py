"""Lines of a document: totals that are worked out here, and changes that touch only what differs."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import RecordRejected
from shared.systems.sage_sales_management.elements import check_lines
from shared.systems.sage_sales_management.fields import Field
from shared.systems.sage_sales_management.lines import line_body, planned, read_line


def body(product: int, quantity: int = 1, price: str = "10", place: int = 1) -> dict[str, Any]:
    return line_body({"productId": str(product), "quantity": quantity, "price": Decimal(price)}, place)


def stored(number: int, product: int, quantity: int = 1, price: int = 10, order: Any = 1) -> dict[str, Any]:
    return {
        "id": number,
        "productId": {"id": product, "value": "X"},
        "quantity": quantity,
        "price": price,
        "description": "",
        "discount1": 0,
        "order": order,
        "total": 999,
    }


@pytest.mark.parametrize(
    "quantity, price, discount, total",
    [(5, "30", "10", "135.00"), (3, "0.335", "0", "1.01"), (1, "0.005", "0", "0.01"), (0, "9", "0", "0.00")],
)
def test_the_total_is_worked_out(quantity: int, price: str, discount: str, total: str) -> None:
    line = {"productId": "7", "quantity": quantity, "price": Decimal(price), "discount1": Decimal(discount)}
    assert line_body(line, 1)["total"] == Decimal(total)


@pytest.mark.parametrize(
    "line, word",
    [
        ({"productId": "", "quantity": 1, "price": 1}, "names no product"),
        ({"productId": "7", "quantity": 1, "price": None}, "no price"),
        ({"productId": "7", "quantity": "", "price": 1}, "no quantity"),
        ({"productId": "7", "quantity": "two", "price": 1}, "'two' is not a number"),
    ],
)
def test_a_line_that_would_be_refused_is_refused_here(line: dict[str, Any], word: str) -> None:
    with pytest.raises(RecordRejected, match=word):
        line_body(line, 3)


def test_a_text_that_the_tenant_has_no_room_for_is_refused_before_the_document_is_begun() -> None:
    room = {"description": Field("description", "text", 10)}
    check_lines([{"order": 1, "description": "Ten signs."}], room)
    with pytest.raises(RecordRejected, match=r"line 2: .* keeps 10 characters of description"):
        check_lines([{"order": 2, "description": "Eleven sign"}], room)


def test_a_stored_total_is_never_read() -> None:
    assert "total" not in read_line(stored(1, 7)) and read_line(stored(1, 7))["id"] == "1"


@pytest.mark.parametrize(
    "given, read",
    [
        ({"discount1": Decimal(10)}, Decimal(10)),
        ({"discount2": Decimal(10)}, 10),
        ({"discount1": 10, "discount3": 10}, Decimal(19)),
        ({"discount1": None}, None),
    ],
)
def test_four_discounts_are_read_as_one_and_written_as_the_first(given: dict[str, Any], read: Any) -> None:
    row = {**stored(1, 7), "discount1": 0, **given}
    assert read_line(row)["discount1"] == read
    wanted = line_body({"productId": "7", "quantity": 1, "price": 10, "discount1": read}, 1)
    ((_, written),) = planned([wanted], [row]).changed or (("", wanted),)
    assert [written[f"discount{place}"] for place in range(1, 5)] == [read or 0, 0, 0, 0]


def test_a_line_with_a_second_discount_is_not_equal_to_one_without() -> None:
    assert planned([body(7)], [{**stored(1, 7), "discount2": 10}]).changed


def test_equal_lines_stay() -> None:
    wanted = [body(7, place=1), body(8, place=2)]
    assert planned(wanted, [stored(1, 7, order=1), stored(2, 8, order=2)]).nothing


def test_a_line_that_is_already_there_is_not_made_again() -> None:
    plan = planned([body(7, place=1), body(7, place=2), body(8, place=3)], [stored(5, 7, order=1)])
    assert [one["order"] for one in plan.made] == [2, 3] and plan.changed == () and plan.gone == ()


def test_a_line_changes_in_place_and_the_rest_goes() -> None:
    plan = planned([body(7, 4)], [stored(1, 7, 1), stored(2, 8, 1, order=2)])
    assert [one for one, _ in plan.changed] == ["1"] and plan.gone == ("2",) and plan.made == ()


def test_a_line_that_only_moves_keeps_its_id() -> None:
    wanted = [body(8, place=1), body(7, place=2)]
    plan = planned(wanted, [stored(1, 7, order=1), stored(2, 8, order=2)])
    assert sorted(one for one, _ in plan.changed) == ["1", "2"]
    assert {one: made["productId"] for one, made in plan.changed} == {"1": 7, "2": 8}

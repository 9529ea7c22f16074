"""Which line is which: the three passes, and what is never guessed."""

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.line_identity import Alignment, LineFacts, align, facts_of


def one(
    item: str = "W",
    quantity: int = 1,
    price: int = 10,
    text: str = "",
    *,
    id: str = "",
    kept: Hashable = None,
    rate: int = 20,
) -> LineFacts:
    line: dict[str, Any] = {
        "product": item,
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "description": text or item,
        "tax_rate": Decimal(rate),
    }
    return facts_of(line, id, kept)


W, C, B = one("W"), one("C"), one("B")


@pytest.mark.parametrize(
    ("known", "now", "same"),
    [
        ([W, C, B], [W, C, B], (0, 1, 2)),
        ([W, C, B], [B, W, C], (2, 0, 1)),
        ([W, C, B], [one("Z"), W, C, B], (None, 0, 1, 2)),
        ([W, C, B], [W, B], (0, 2)),
        ([W, C], [one("W", price=11), one("C", price=12)], (0, 1)),
        ([W, C], [C, one("W", 2, 12, "other")], (1, 0)),
        ([W, C], [W, one("Z")], (0, None)),
        ([], [W], (None,)),
        ([W], [], ()),
    ],
    ids=["as it was", "reordered", "inserted above", "deleted", "prices raised", "moved and edited",
         "exchanged", "first", "none left"],
)  # fmt: skip
def test_lines_are_found_again(
    known: list[LineFacts], now: list[LineFacts], same: tuple[int | None, ...]
) -> None:
    assert align(known, now) == Alignment(same, {}, ())


def test_equal_lines_keep_their_order_and_a_surplus_is_new() -> None:
    known = [one(kept=1), one(kept=2)]
    assert align(known, [W, W]).same == (0, 1)
    assert align(known, [W, W, W]) == Alignment((0, 1, None), {}, ())


def test_equal_lines_are_told_apart_by_their_rate_before_their_order() -> None:
    known = [one("W", rate=20, kept=1), one("W", rate=0, kept=2)]
    assert align(known, [one("W", rate=0), one("W", rate=20)]).same == (1, 0)
    assert align(known, [one("W", rate=0)]).same == (1,)


def test_one_of_two_equal_lines_gets_another_rate_and_nobody_knows_which() -> None:
    known = [one("W", rate=0, kept=1), one("W", rate=0, kept=2)]
    assert align(known, [one("W", rate=5), one("W", rate=0)]).unsure == (((0, 1), (0, 1)),)
    assert align([one("W", rate=0, kept=1)], [one("W", rate=5)]).same == (0,)


def test_one_of_two_equal_lines_is_gone() -> None:
    assert align([one(kept=1), one(kept=1)], [W]).same == (0,)
    assert align([one(kept=1), one(kept=2)], [W]) == Alignment((None,), {}, (((0, 1), (0,)),))


def test_an_id_that_means_something_decides_between_equal_lines() -> None:
    known = [one(id="a", kept=1), one(id="b", kept=2)]
    assert align(known, [one(id="b")]) == Alignment((1,), {}, ())
    assert align(known, [one("W", 5, id="b"), one(id="a")]) == Alignment((1, 0), {}, ())


def test_an_id_on_another_item_is_another_line() -> None:
    assert align([one("W", id="a", kept=1)], [one("Z", id="a")]).same == (None,)


def test_the_same_item_four_times_with_two_codings_is_not_guessed() -> None:
    known = [one(kept=code) for code in (1, 1, 2, 2)]
    assert align(known, [W, W, one("W", 5), W]).unsure == (((0, 1, 2, 3), (0, 1, 2, 3)),)
    assert align(known, [W, W, W, W]).same == (0, 1, 2, 3)
    alike = [one(kept=1) for _ in range(4)]
    assert set(align(alike, [W, W, one("W", 5), W]).same) == {0, 1, 2, 3}


def test_a_text_is_no_proof_where_coding_hangs_on_it() -> None:
    known = [one("W", text="red", kept=1), one("W", text="blue", kept=2)]
    assert align(known, [one("W", price=11, text="red"), one("W", price=11, text="blue")]).unsure
    same = [one("W", text="red", kept=1), one("W", text="blue", kept=1)]
    assert align(same, [one("W", price=11, text="blue"), one("W", price=11, text="red")]).same == (1, 0)


def test_a_split_line_has_parts_that_add_up_to_it_at_its_price() -> None:
    whole = [one("W", 10, kept=1)]
    assert align(whole, [one("W", 4), one("W", 6)]) == Alignment((0, None), {1: 0}, ())
    assert align(whole, [one("W", 4), one("W", 7)]).unsure == (((0,), (0, 1)),)
    assert align(whole, [one("W", 4), one("W", 6, 11)]).unsure


def test_a_line_without_an_item_is_known_by_its_text() -> None:
    carriage = facts_of({"description": "Carriage", "quantity": Decimal(1), "unit_price": Decimal(5)})
    dearer = facts_of({"description": "Carriage", "quantity": Decimal(1), "unit_price": Decimal(6)})
    advice = facts_of({"description": "Advice", "quantity": Decimal(1), "unit_price": Decimal(6)})
    assert align([carriage], [dearer]).same == (0,)
    assert align([carriage], [advice]).same == (None,)
    special = (
        facts_of({"sku": "S1", "description": "Carriage"}),
        facts_of({"sku": "S1", "description": "Advice"}),
    )
    assert align([special[0]], [special[1]]).same == (None,)


def test_the_other_side_of_a_choice_can_hang_on_it_too() -> None:
    known = [W, W]
    assert align(known, [one("W", 2, kept=1), one("W", 3, kept=2)]).unsure
    assert align(known, [one(kept=1), one(kept=2)]).same == (0, 1)

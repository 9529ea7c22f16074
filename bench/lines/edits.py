"""Invoices whose lines somebody edits at random, and an oracle that knows which line is which.

The oracle follows each line by a number that no system ever sees; it shares nothing with how Tieout finds
lines again. Lines that look the same in every way may stand for each other.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.stories.drafts import ITEMS

ACCOUNTS = ("4000", "4000", "4001", "4002", "4900")
CODES = {"20": ("GB_STANDARD",), "5": ("GB_LOWER",), "0": ("GB_ZERO", "GB_EXEMPT", "GB_NO_TAX")}
RATE = {code: rate for rate, codes in CODES.items() for code in codes}
PRICES = (160_000, 320_000, 480_000)
"""In pence; the tax of each, raised by 5 % three times, is whole pence: rounding is measured elsewhere."""
NEW = -1


@dataclass(frozen=True)
class Line:
    """What people see of a line, and `own`, the number of the line whose coding it is to have (NEW: none)."""

    own: int
    item: str
    quantity: int
    pence: int
    text: str
    tax: str

    @property
    def looks(self) -> tuple[Any, ...]:
        return (self.item, self.quantity, self.pence, self.text, self.tax)


@dataclass(frozen=True)
class Document:
    """`codings`: number of a line -> (account, tax code, analysis), as a bookkeeper entered it."""

    lines: tuple[Line, ...]
    codings: dict[int, tuple[str, str, str]]


def document(dice: random.Random) -> Document:
    """In half of them few items, and in all few words and prices, so that lines are often alike."""
    items = ITEMS[: dice.choice((4, len(ITEMS)))]
    lines = tuple(_line(dice, number, items) for number in range(dice.randint(1, 9)))
    if dice.random() < 0.3:
        lines += tuple(
            replace(one, own=len(lines) + place) for place, one in enumerate(lines[: dice.randint(1, 3)])
        )
    codings = {
        one.own: (dice.choice(ACCOUNTS), dice.choice(CODES[one.tax]), dice.choice(("", "", "NORTH")))
        for one in lines
    }
    return Document(lines, codings)


def _line(dice: random.Random, own: int, items: Sequence[str] = ITEMS) -> Line:
    item = dice.choice(items)
    text = dice.choice((item, item, "blue", "red"))
    return Line(own, item, dice.randint(1, 6), dice.choice(PRICES), text, dice.choice([*CODES]))


def edited(dice: random.Random, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """One to three edits as people make them; at least one line is left. Drawn again where they leave the
    very picture of a simpler edit, so that no witness could tell."""
    while True:
        found = list(lines)
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            dice.choice(EDITS)(dice, found)
        if not _passes_for_another(lines, found):
            return tuple(found)


def _passes_for_another(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether a line came to look as another one looked that is gone or changed (with its tax or without),
    whether a new one has the item of one that is gone, whether a part of a line is what the whole was, and
    whether a new one is just what is missing of another, as after a split."""
    owns = [one.own for one in after]
    gone = {one.item for one in before if one.own not in owns}
    return (
        any(one.own == NEW and one.item in gone for one in after)
        or any(_taken_over(before, after, length) for length in (4, 5))
        or _made_up(before, after)
    )


def _made_up(before: Sequence[Line], after: Sequence[Line]) -> bool:
    for was in before:
        alike = [one for one in after if replace(one, own=was.own, quantity=was.quantity) == was]
        new = sum(one.quantity for one in alike if one.own == NEW)
        if new and new + sum(one.quantity for one in alike if one.own == was.own) == was.quantity:
            return True
    return False


def _taken_over(before: Sequence[Line], after: Sequence[Line], length: int) -> bool:
    """`length`: how much of what a line looks like counts."""
    was, owns = {one.own: one.looks[:length] for one in before}, [one.own for one in after]
    same = [one.own for one in after if was.get(one.own) == one.looks[:length]]
    left = {looks for own, looks in was.items() if own not in same}
    return any(
        one.looks[:length] in left if one.own not in same else owns.count(one.own) > 1 for one in after
    )


def _reorder(dice: random.Random, lines: list[Line]) -> None:
    dice.shuffle(lines)


def _delete(dice: random.Random, lines: list[Line]) -> None:
    if len(lines) > 1:
        lines.pop(dice.randrange(len(lines)))


def _insert(dice: random.Random, lines: list[Line]) -> None:
    lines.insert(dice.randint(0, len(lines)), _line(dice, NEW))


def _copy(dice: random.Random, lines: list[Line]) -> None:
    lines.insert(dice.randint(0, len(lines)), replace(dice.choice(lines), own=NEW))


def _split(dice: random.Random, lines: list[Line]) -> None:
    at = dice.randrange(len(lines))
    one = lines[at]
    if one.quantity > 1:
        part = dice.randint(1, one.quantity - 1)
        lines[at] = replace(one, quantity=one.quantity - part)
        lines.insert(dice.randint(0, len(lines)), replace(one, quantity=part))


def _exchange(dice: random.Random, lines: list[Line]) -> None:
    at = dice.randrange(len(lines))
    other = dice.choice([item for item in ITEMS if item != lines[at].item])
    lines[at] = replace(lines[at], own=NEW, item=other, text=other)


def _dearer(dice: random.Random, lines: list[Line]) -> None:
    lines[:] = [replace(one, pence=round(one.pence * 1.05)) for one in lines]


def _change(name: str, make: Callable[[random.Random], Any]) -> Callable[[random.Random, list[Line]], None]:
    def change(dice: random.Random, lines: list[Line]) -> None:
        at = dice.randrange(len(lines))
        lines[at] = replace(lines[at], **{name: make(dice)})

    return change


EDITS = (
    _reorder, _delete, _insert, _copy, _split, _exchange, _dearer,
    _change("quantity", lambda dice: dice.randint(1, 6)),
    _change("quantity", lambda dice: dice.randint(1, 6)),
    _change("pence", lambda dice: dice.choice(PRICES)),
    _change("text", lambda dice: dice.choice(("blue", "red", "green"))),
    _change("tax", lambda dice: dice.choice([*CODES])),
)  # fmt: skip

Coded = tuple[tuple[Any, ...], tuple[str, str, str]]


def wanted(made: Document, lines: tuple[Line, ...]) -> Counter[Coded]:
    """What each line looks like, with the coding that it must have."""
    before = {one.own: one for one in made.lines}
    return Counter((one.looks, _coding(made, one, before.get(one.own))) for one in lines)


def _coding(made: Document, line: Line, before: Line | None) -> tuple[str, str, str]:
    if before is None:
        return ("4000", CODES[line.tax][0], "")
    account, code, analysis = made.codings[line.own]
    return (account, code if line.tax == before.tax else CODES[line.tax][0], analysis)

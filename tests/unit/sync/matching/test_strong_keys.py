"""A book that records come to, leave and change in says what a new one of the same records would say."""

from collections import defaultdict
from collections.abc import Callable
from random import Random

import pytest

from shared.sync.matching import strong_keys
from shared.sync.matching.book import Book
from shared.sync.matching.facts import Facts, facts_of
from shared.sync.matching.numbering import strong_values
from shared.sync.matching.strong_keys import StrongKeys

NAMES = ["Alder", "Birch", "Cedar", "Damson", "Elm", "Fir", "Holly", "Ivy", *(f"Firm{n}" for n in range(14))]
Made = Callable[[Random, int, int], Facts]
"""Dice, side and step -> a record."""
VATS = ["GB123456780", "GB987654321", "GB111222333", "n/a"]


def company(dice: Random, side: int, step: int) -> Facts:
    """One whose values meet others' all the time; the two sides give references of their own to many."""
    number = dice.randrange(30)
    values = {"name": f"{dice.choice(NAMES)} Ltd", "vat_number": dice.choice(VATS)}
    if dice.random() < 0.7:
        values["reference"] = f"{dice.choice('AB' if side else 'A')}{dice.randrange(20)}"
    return facts_of(f"{side}-{number}", {one: text for one, text in values.items() if dice.random() < 0.8})


def numbered(dice: Random, side: int, step: int) -> Facts:
    """One of fourteen firms, under the number that it has on both sides, or for a time often under one of
    this side's own."""
    number = dice.randrange(14)
    own = f"{'LR'[side]}{number}" if dice.random() < 0.5 and step // 60 == 1 else f"A{number}"
    return facts_of(f"{side}-{number}", {"name": f"Firm{number}", "reference": own})


def carried_by_many(records: list[Facts]) -> set[tuple[str, str]]:
    """In plain words: more than five names, of which no two share a word."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in records:
        for held in strong_values(one):
            names[held].add(one.name.text if one.name else one.id)
    return {held for held, some in names.items() if len(some) > 5}


def told(book: Book) -> object:
    groups = {
        (side, one): tuple(frozenset(each.id for each in part) for part in book.group(side, one))
        for side in (0, 1)
        for one in book.sides[side]
    }
    return book.junk, book.numbering, book.left_out, groups


@pytest.mark.parametrize("made", [company, numbered])
@pytest.mark.parametrize("seed", range(6))
def test_it_is_as_if_it_had_been_made_of_the_records_as_they_are(made: Made, seed: int) -> None:
    check(made, seed)


def check(made: Made, seed: int, steps: int = 180) -> None:
    dice, book = Random(seed), Book("company", [], [])
    seen = set[tuple[str, bool]]()
    for step in range(steps):
        side = dice.randrange(2)
        one = made(dice, side, step)
        if dice.random() < 0.1:
            book.drop(side, one.id)
        else:
            book.put(side, one)
        if step % 7 == 0:
            anew = Book("company", book.sides[0].values(), book.sides[1].values())
            assert told(book) == told(anew), "not what a new book says"
            everybody = [*book.sides[0].values(), *book.sides[1].values()]
            assert book.junk <= carried_by_many(everybody), "junk that is none"
            seen |= {("junk", bool(book.junk)), ("left out", bool(book.left_out))}
    wanted = "junk" if made is company else "left out"
    assert {(wanted, True), (wanted, False)} <= seen, "the records never came to that"


def test_a_number_is_one_again_when_the_sixth_name_goes() -> None:
    trees = ["Alder", "Birch", "Cedar", "Damson", "Elm", "Fir"]
    many = [facts_of(f"r{n}", {"name": name, "vat_number": VATS[0]}) for n, name in enumerate(trees)]
    book = Book("company", [facts_of("l", {"name": "Holly", "vat_number": VATS[0]})], many[:4])
    assert not book.junk and len(book.group(0, "l")[1]) == 4
    for one in many[4:]:
        book.put(1, one)
    assert book.junk == {("vat_number", "123456780")} and not book.group(0, "l")[1]
    book.drop(1, "r0")
    book.put(1, facts_of("r1", {"name": "Birch"}))
    assert not book.junk and len(book.group(0, "l")[1]) == 4


BROKEN = {
    "forgets who shares the value": ("turned", lambda self: set()),
    "counts pairs once": ("_count", lambda self, name, times: None),
    "never judges again": ("_judge_values", lambda self: None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    step, wrong = BROKEN[name]
    monkeypatch.setattr(strong_keys.StrongKeys, step, wrong)
    with pytest.raises(AssertionError):
        for seed in range(6):
            for made in (company, numbered):
                check(made, seed)


def test_what_nobody_holds_any_more_is_forgotten() -> None:
    one = facts_of("l", {"name": "Holly", "vat_number": VATS[0], "reference": "A1"})
    sides: tuple[dict[str, Facts], dict[str, Facts]] = ({"l": one}, {})
    keys = StrongKeys(sides)
    keys.put(0, one)
    assert keys.proving(one) == strong_values(one)
    del sides[0]["l"]
    keys.drop(0, one)
    assert not keys.left_out and not keys._holders and not keys._named[0] and not keys._pairs

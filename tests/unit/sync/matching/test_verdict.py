"""One pair of records: proved, forbidden, or nobody can tell; and which of several is taken."""

from typing import Any

import pytest

from shared.sync.matching.book import Book
from shared.sync.matching.facts import Facts, facts_of
from shared.sync.matching.people import persons, shared_mailboxes
from shared.sync.matching.verdict import companies

V1, V2 = "GB123456780", "GB987654321"


def company(record_id: str = "1", **values: Any) -> Facts:
    return facts_of(record_id, values)


def judged(one: dict[str, Any], other: dict[str, Any]) -> str:
    return companies(company(**one), company(**other)).kind


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ({"reference": "A1", "name": "Smith"}, {"reference": "a1", "name": "Jones"}, "same"),
        (
            {"reference": "A1", "name": "X", "vat_number": V1},
            {"reference": "A1", "name": "X", "vat_number": V2},
            "same",
        ),
        (
            {"reference": "A1", "name": "X", "vat_number": V1},
            {"reference": "A1", "name": "Y", "vat_number": V2},
            "unsure",
        ),
        ({"vat_number": V1, "name": "X Ltd"}, {"vat_number": V1, "name": "X"}, "same"),
        ({"vat_number": V1, "name": "X"}, {"vat_number": V1, "name": "Y"}, "unsure"),
        ({"vat_number": V1}, {"vat_number": V1, "name": "Y"}, "unsure"),
        ({"name": "X"}, {"name": "X", "vat_number": V1, "reference": "A1"}, "same"),
        ({"name": "X", "reference": "A1"}, {"name": "X", "reference": "A2"}, "different"),
        ({"name": "X", "vat_number": V1}, {"name": "X", "vat_number": V2}, "different"),
        (
            {"name": "X", "vat_number": V1, "reference": "A1"},
            {"name": "X", "vat_number": V1, "reference": "A2"},
            "unsure",
        ),
        (
            {"name": "X", "reference": "A1", "phone": "0113 496 0000", "billing_postcode": "LS1 4AP"},
            {"name": "X", "reference": "A2", "phone": "01134960000", "billing_postcode": "LS14AP"},
            "unsure",
        ),
        (
            {"name": "X", "vat_number": "123456780", "billing_country": "IE"},
            {"name": "X", "vat_number": V1},
            "unsure",
        ),
        ({"name": "X", "email": "a@x.test"}, {"name": "Y", "email": "a@x.test"}, "different"),
        ({"name": "X", "phone": "0113 496 0000"}, {"name": "X", "phone": "0113 496 9999"}, "same"),
    ],
)
def test_two_companies(one: dict[str, Any], other: dict[str, Any], wanted: str) -> None:
    assert judged(one, other) == judged(other, one) == wanted


def person(record_id: str, name: str, email: str = "") -> Facts:
    return facts_of(record_id, {"full_name": name, "email": email}, "customer")


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (("Ann Other", "a@x.test"), ("Ann Other", "a@x.test"), "same"),
        (("Ann Other", ""), ("ann OTHER", "a@x.test"), "same"),
        (("Ann Other", "a@x.test"), ("Ann Other", "b@x.test"), "unsure"),
        (("Ann Other", "shared@x.test"), ("Ann Other", "b@x.test"), "same"),
        (("Ann Other", "shared@x.test"), ("Jo Bloggs", "shared@x.test"), "different"),
        (("Bob Smith", "bob@x.test"), ("B. Smith", "bob@x.test"), "unsure"),
        (("Jo Bloggs", "jo@x.test"), ("Joanna Bloggs", "jo@x.test"), "same"),
    ],
)
def test_two_people_of_one_customer(one: tuple[str, str], other: tuple[str, str], wanted: str) -> None:
    everybody = [person("1", *one), person("2", *other), person("3", "Al", "shared@x.test")]
    shared = shared_mailboxes([*everybody, person("4", "Bo", "shared@x.test")])
    assert persons(everybody[0], everybody[1], shared).kind == wanted


def settled(book: Book, side: int, record_id: str, decided: dict[tuple[str, str], str] | None = None) -> Any:
    group = book.group(side, record_id, decided)
    free = {(n, one.id) for n, records in enumerate(group) for one in records}
    return book.settled(group, decided or {}, free)


def test_the_best_single_candidate_is_taken_before_anything_is_held() -> None:
    left = [company("l1", name="X", vat_number=V1), company("l2", name="Y", vat_number=V1)]
    right = [company("r1", name="X", vat_number=V1), company("r2", name="Y", vat_number=V1)]
    found = settled(Book("company", left, right), 0, "l1")
    assert {one: other for one, (other, _) in found.pairs.items()} == {"l1": "r1", "l2": "r2"}
    assert not found.held


def test_a_better_candidate_that_nobody_can_be_sure_of_is_asked_about() -> None:
    left = [company("l1", name="Acme", vat_number=V1)]
    right = [company("r1", name="Acme"), company("r2", name="Acme Group", vat_number=V1)]
    found = settled(Book("company", left, right), 0, "l1")
    assert not found.pairs and {pair[1] for pair in found.held} == {"r1", "r2"}


def test_what_a_person_said_comes_first_either_way() -> None:
    left, right = [company("l1", name="X", reference="A1")], [company("r1", name="Q", reference="A2")]
    book = Book("company", left, right)
    assert settled(book, 0, "l1", {("l1", "r1"): "same"}).pairs["l1"][0] == "r1"
    twin = Book("company", left, [company("r1", name="X", reference="A1")])
    assert not settled(twin, 0, "l1", {("l1", "r1"): "different"}).pairs


def test_a_key_that_differs_in_more_than_a_tenth_of_what_all_else_proves_is_left_out() -> None:
    left = [company(f"l{n}", name=f"Firm{n}", reference=f"A{n}") for n in range(12)]
    right = [company(f"r{n}", name=f"Firm{n}", reference=f"B{n}") for n in range(12)]
    book = Book("company", left, right)
    assert book.left_out == {"reference"} and settled(book, 0, "l3").pairs["l3"][0] == "r3"
    assert (book.numbering["reference"].differing, book.numbering["reference"].compared) == (12, 12)


def test_one_slip_in_a_numbering_leaves_it_a_numbering() -> None:
    left = [company(f"l{n}", name=f"Firm{n}", reference=f"A{n}") for n in range(12)]
    right = [company(f"r{n}", name=f"Firm{n}", reference=f"A{n or 99}") for n in range(12)]
    book = Book("company", left, right)
    assert not book.left_out and not settled(book, 0, "l0").pairs

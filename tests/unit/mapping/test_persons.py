"""A name in one field and in two: nothing of it is ever lost, and it stays divided where it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mapping.numbers import Spot
from shared.mapping.transforms import TRANSFORMS

SPOT = Spot("full_name", "firstname, lastname", count=2)
join = TRANSFORMS["name"].reader(SPOT)
_writer = TRANSFORMS["name"].writer
assert _writer is not None
split = _writer(SPOT)

WORDS = st.lists(
    st.text(st.characters(exclude_categories=["Z", "Cc", "Cs"]), min_size=1, max_size=6), max_size=5
)
NAMES = st.one_of(
    st.text(max_size=30), WORDS.map(" ".join), st.sampled_from(("Ann", "Ann de la Mare", "  Ann \t Bell "))
)


@given(NAMES, NAMES, NAMES)
def test_joined_again_it_is_the_same_name_whatever_stood_there(name: str, first: str, last: str) -> None:
    norm = join((name,))
    now = {"firstname": first, "lastname": last}
    halves = split(norm, now)
    assert join(halves) == norm
    assert norm is None or halves[1], "a person has at least a last name"
    assert split(join(halves), dict(zip(now, halves, strict=True))) == halves, (
        "writing it again changes nothing"
    )


@given(WORDS.filter(bool), WORDS.filter(bool), WORDS.filter(bool))
def test_it_stays_divided_where_it_was_while_either_half_fits(
    first: list[str], last: list[str], other: list[str]
) -> None:
    now = {"firstname": " ".join(first), "lastname": " ".join(last)}
    assert split(join(now.values()), now) == [*now.values()]
    assert split(" ".join(first + other), now) == [" ".join(first), " ".join(other)]
    changed = other + last
    assert split(" ".join(changed), now)[1] == " ".join(last) or changed[: len(first)] == first


@pytest.mark.parametrize(
    ("name", "now", "halves"),
    [
        ("Ann Bell", {}, ["Ann", "Bell"]),
        ("Ann Mary Bell", {}, ["Ann Mary", "Bell"]),
        ("Bell", {}, ["", "Bell"]),
        (None, {"firstname": "Ann", "lastname": "Bell"}, ["", ""]),
        ("Ann van der Berg", {"firstname": "Ann", "lastname": "van der Berg"}, ["Ann", "van der Berg"]),
        ("Anna van der Berg", {"firstname": "Ann", "lastname": "van der Berg"}, ["Anna", "van der Berg"]),
        ("Ann Hill", {"firstname": "Ann", "lastname": "van der Berg"}, ["Ann", "Hill"]),
        ("Jo Hill", {"firstname": "Ann", "lastname": "van der Berg"}, ["Jo", "Hill"]),
        ("Ann", {"firstname": "Ann", "lastname": "Bell"}, ["", "Ann"]),
        ("van der Berg", {"firstname": "Ann", "lastname": "van der Berg"}, ["", "van der Berg"]),
        ("Ann Bell", {"firstname": None, "lastname": None}, ["Ann", "Bell"]),
    ],
)
def test_where_it_divides(name: str | None, now: dict[str, str | None], halves: list[str]) -> None:
    assert split(name, now) == halves


def test_blank_halves_are_no_name() -> None:
    assert (
        join((None, " ")) is None and join(("", " Bell ")) == "Bell" and join((" Ann  M. ", None)) == "Ann M."
    )

"""How many deletions are too many: the rule alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.link import Link, Side
from shared.ports import Missing, Verdict
from shared.sync.bulk import WINDOW, called, counted_before, is_bulk, recent

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("missing", "of", "asks"),
    [
        (1, 1, False),
        (2, 2, False),
        (3, 3, True),
        (3, 4, False),
        (4, 4, True),
        (4, 60, True),
        (4, 79, True),
        (4, 80, False),
        (4, 100, False),
        (250, 5000, False),
        (251, 5000, True),
        (300, 5000, True),
        (3, 0, True),
    ],
)
def test_more_than_three_and_more_than_a_twentieth_or_all_of_three(missing: int, of: int, asks: bool) -> None:
    assert is_bulk(missing, of) is asks


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_one_more_is_never_believed_sooner(missing: int, of: int) -> None:
    assert not is_bulk(missing, of) or is_bulk(missing + 1, of)
    assert is_bulk(missing, of) or not is_bulk(missing, of + 1)


@pytest.mark.parametrize(
    ("verdict", "ago", "counts"),
    [
        ("believed", timedelta(hours=23), True),
        ("listed", timedelta(0), True),
        ("believed", WINDOW, False),
        ("asked", timedelta(0), False),
        ("gone", timedelta(0), False),
        ("kept", timedelta(0), False),
    ],
)
def test_what_a_person_decides_counts_no_more(verdict: Verdict, ago: timedelta, counts: bool) -> None:
    assert bool(recent([Missing("p1", NOW - ago, verdict=verdict)], NOW)) is counts


def test_a_list_is_counted_once_a_day() -> None:
    rows = [Missing("p1", NOW, of=100), Missing("p2", NOW - WINDOW, of=90), Missing("p3", NOW)]
    assert counted_before(rows, NOW) == 100 and counted_before(rows[1:], NOW) == 0
    assert counted_before([Missing("p4", NOW - 9 * WINDOW, verdict="asked", of=80)], NOW) == 80


def test_a_record_is_called_what_people_call_it() -> None:
    sides = {"vtiger": Side("11x2", label="Desk"), "sage": Side("a1", label="a1")}
    link = Link("L", "product", "vtiger", "11x2", sides=sides)
    assert (called(link, "sage"), called(link, "vtiger")) == ("Desk", "Desk")
    assert called(Link("L", "product", "vtiger", "1", sides={"vtiger": Side("1")}), "vtiger") == ""

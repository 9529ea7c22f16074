from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import RuleInvalid
from shared.systems.sage_50.dates import SageDates, search_from

at = datetime.fromisoformat


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("21/11/2026", "2026-11-21T00:00:00"),
        ("21/11/2026 13:05:09", "2026-11-21T13:05:09"),
        ("21/11/2026 13:05", "2026-11-21T13:05:00"),
        ("2026-11-21", "2026-11-21T00:00:00"),
        ("2026-11-21T13:05:09", "2026-11-21T13:05:09"),
        (" 1/2/2026 ", "2026-02-01T00:00:00"),
    ],
)
def test_a_server_date_is_read_in_each_form(text: str, iso: str) -> None:
    found = SageDates().read(text)
    assert found is not None and found.isoformat() == iso


@pytest.mark.parametrize("text", [None, "", "  "])
def test_blank_is_no_date(text: str | None) -> None:
    assert SageDates().read(text) is None


@pytest.mark.parametrize("text", ["31/02/2026", "13/13/2026", "soon"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        SageDates().read(text)


def test_another_locale_decides_which_number_is_the_month() -> None:
    american = SageDates("MM/DD/YYYY")
    assert american.wire("2026-11-02") == "11/02/2026"
    found = american.read("11/02/2026")
    assert found is not None and found.month == 11


@pytest.mark.parametrize("pattern", ["dd/mm", "yyyy", "dd/mm/yy", "dd-dd-yyyy"])
def test_a_format_without_its_three_parts_is_refused(pattern: str) -> None:
    with pytest.raises(RuleInvalid, match="date_format"):
        SageDates(pattern)


@given(
    st.dates(min_value=date(1950, 1, 1), max_value=date(2199, 12, 31)),
    st.sampled_from(["dd/mm/yyyy", "mm/dd/yyyy", "yyyy.mm.dd", "dd-mm-yyyy"]),
)
def test_a_date_survives_the_way_there_and_back(day: date, pattern: str) -> None:
    dates = SageDates(pattern)
    found = dates.read(dates.wire(day.isoformat()))
    assert found is not None and found.date() == day
    assert dates.wire(day) == dates.wire(day.isoformat())


def test_the_search_reaches_back_over_the_overlap() -> None:
    assert search_from(at("2026-11-21T10:02:00"), timedelta(minutes=5)) == at("2026-11-21T09:57:00")


@pytest.mark.parametrize(
    ("since", "start"),
    [
        (at("2026-10-25T01:59:59"), at("2026-10-25T00:55:00")),
        (at("2026-10-25T02:04:00"), at("2026-10-25T00:55:00")),
        (at("2026-10-25T02:06:00"), at("2026-10-25T02:01:00")),
        (at("2026-10-18T01:59:00"), at("2026-10-18T01:54:00")),
    ],
)
def test_the_hour_that_is_lived_twice_is_searched_whole(since: datetime, start: datetime) -> None:
    assert search_from(since, timedelta(minutes=5)) == start


@pytest.mark.parametrize(
    ("pattern", "text", "day"),
    [
        ("dd/mm/yyyy", "2026-11-12", date(2026, 11, 12)),
        ("dd/mm/yyyy", "12/11/2026", date(2026, 11, 12)),
        ("yyyy-dd-mm", "2026-11-12", date(2026, 12, 11)),
        ("mm-dd-yyyy", "11-12-2026", date(2026, 11, 12)),
    ],
)
def test_a_server_that_begins_with_the_year_is_taken_at_its_word_before_iso(
    pattern: str, text: str, day: date
) -> None:
    found = SageDates(pattern).read(text)
    assert found is not None and found.date() == day

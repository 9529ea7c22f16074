"""Keys never run into one another and sort as they should."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.stores._keys import epoch, joined, moment, run_day, run_expiry, run_start, stamp

TEXTS = st.text(alphabet=st.sampled_from("ab#%2345é😀\ud800"), max_size=6) | st.text(max_size=500)
TIMES = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the bounds are naive by contract
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, None]),
).map(lambda time: time.replace(tzinfo=UTC, fold=0))


@given(st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=3))
def test_different_parts_give_different_keys(some: list[str], others: list[str]) -> None:
    assert (joined(*some) == joined(*others)) == (
        some == others or {tuple(some), tuple(others)} == {(), ("",)}
    )


@given(TEXTS)
def test_a_part_has_no_separator_and_fits_into_a_sort_key(text: str) -> None:
    assert "#" not in joined(text)
    assert len(joined(text).encode()) <= 400


@given(TIMES, TIMES)
def test_times_sort_as_text_and_come_back(one: datetime, other: datetime) -> None:
    assert (stamp(one) < stamp(other)) == (one < other)
    assert moment(stamp(one)) == one


def test_a_run_id_tells_its_day_and_end() -> None:
    run, now = "20261122T101500Z-ab12", datetime(2027, 1, 1, tzinfo=UTC)
    assert run_day(run) == ("2026", "11", "22")
    assert run_start(run) == datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
    assert run_expiry(run, 90, now) == epoch(datetime(2026, 11, 22, tzinfo=UTC) + timedelta(days=91))
    assert run_day("by-hand") is None
    assert run_start("by-hand") == datetime(1970, 1, 1, tzinfo=UTC)
    assert run_expiry("by-hand", 1, now) == epoch(now + timedelta(days=2))


def test_a_run_id_with_an_impossible_day_is_undated() -> None:
    assert run_day("20269999T000000Z-x") is None

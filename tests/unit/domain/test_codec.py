"""Whatever Tieout stores comes back equal, digit for digit."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import codec
from shared.domain.link import SCHEMA, Base, ChangeEvent, Intent, Lease, Link, LogRow, Outcome, Side

NAMES = st.text(max_size=8).filter(lambda name: name != "$")
TIMES = st.datetimes(timezones=st.just(UTC)).map(lambda time: time.replace(fold=0))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | DECIMALS | TIMES | st.dates()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.dictionaries(NAMES, VALUES, max_size=4)
KINDS = st.sampled_from(["created", "updated", "unchanged", "skipped", "waiting", "held", "parked", "failed"])
OUTCOMES = st.builds(
    Outcome,
    KINDS,
    st.text(max_size=9),
    notes=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    waits_for=st.none() | st.tuples(NAMES, NAMES, NAMES),
    until=st.none() | TIMES,
)
SIDES = st.builds(
    Side,
    NAMES,
    st.none() | NAMES,
    RECORDS,
    st.dictionaries(NAMES, st.integers(), max_size=2),
    NAMES,
    st.none() | TIMES,
    st.none() | TIMES,
    NAMES,
    st.booleans(),
    st.none() | RECORDS,
    st.none() | st.dictionaries(NAMES, st.dictionaries(NAMES, NAMES, max_size=2), max_size=2),
)
LINKS = st.builds(
    Link,
    NAMES,
    NAMES,
    NAMES,
    NAMES,
    st.integers(0),
    st.integers(0),
    st.dictionaries(NAMES, st.builds(Base, VALUES, st.integers(), NAMES), max_size=2),
    st.dictionaries(NAMES, SIDES, max_size=2),
    st.none() | OUTCOMES,
    st.booleans(),
    NAMES,
    st.dictionaries(NAMES, NAMES, max_size=2),
    st.dictionaries(NAMES, st.lists(NAMES, max_size=2).map(tuple), max_size=2),
    st.none() | TIMES,
    st.none() | TIMES,
)
LEASES = st.builds(
    Lease,
    NAMES,
    TIMES,
    st.none()
    | st.builds(
        Intent,
        NAMES,
        st.sampled_from(["create", "update", "remove"]),
        NAMES,
        TIMES,
        RECORDS,
        st.none() | RECORDS,
    ),
)
EVENTS = st.builds(
    ChangeEvent,
    NAMES,
    NAMES,
    NAMES,
    NAMES,
    st.sampled_from(["poll", "webhook"]),
    NAMES,
    TIMES,
    st.integers(0),
    st.none() | RECORDS,
    st.none() | TIMES,
    st.none() | NAMES,
)
ROWS = st.builds(
    LogRow,
    TIMES,
    NAMES,
    NAMES,
    NAMES,
    NAMES,
    NAMES,
    OUTCOMES,
    NAMES,
    NAMES,
    st.dictionaries(NAMES, st.tuples(NAMES, NAMES, NAMES), max_size=2),
    NAMES,
    st.lists(RECORDS, max_size=2).map(tuple),
    st.integers(0),
    NAMES,
)


def _stored(value: Any) -> Any:
    return codec.loads(codec.dumps(value))


@given(VALUES)
def test_any_value_comes_back_equal_and_of_its_type(value: Any) -> None:
    assert repr(_stored(value)) == repr(value)


@given(LINKS)
def test_a_link_comes_back(link: Link) -> None:
    assert codec.link(_stored(link)) == link


@given(LEASES)
def test_a_lease_comes_back(lease: Lease) -> None:
    assert codec.lease(_stored(lease)) == lease


@given(EVENTS)
def test_an_event_comes_back(event: ChangeEvent) -> None:
    assert codec.event(_stored(event)) == event


@given(ROWS)
def test_a_log_row_comes_back(row: LogRow) -> None:
    assert codec.log_row(_stored(row)) == row


@given(RECORDS)
def test_storing_what_was_stored_changes_nothing(record: dict[str, Any]) -> None:
    once = codec.dumps(record)
    assert codec.dumps(codec.loads(once)) == once


@pytest.mark.parametrize(
    "text", ["1200.10", "0.00", "-0", "1E+3", "1e-7", "123456789012345678901234567890.12"]
)
def test_money_keeps_every_digit(text: str) -> None:
    assert str(_stored({"total": Decimal(text)})["total"]) == str(Decimal(text))


@pytest.mark.parametrize("value", [1.5, b"x", {1, 2}, object()])
def test_what_cannot_be_kept_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot store a"):
        codec.dumps({"value": value})


def test_a_date_is_not_a_time() -> None:
    assert _stored([date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)]) == [
        date(2026, 1, 2),
        datetime(2026, 1, 2, tzinfo=UTC),
    ]


def test_a_row_of_a_newer_release_is_refused() -> None:
    with pytest.raises(ValueError, match="deploy the newer release"):
        codec.upgrade({"schema": SCHEMA + 1})
    assert codec.upgrade({}) == {"schema": SCHEMA}

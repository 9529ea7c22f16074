"""Times as people type them: local days, also where the clocks change."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from local.cli._app import Usage
from local.cli._when import when

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2h", timedelta(hours=2)),
        ("30 minutes ago", timedelta(minutes=30)),
        ("3d", timedelta(days=3)),
        ("1w", timedelta(weeks=1)),
    ],
)
def test_how_long_ago_is_a_time(said: str, meant: timedelta) -> None:
    assert when(said, START) == START - meant


def test_a_day_begins_and_ends_at_local_midnight() -> None:
    began, ended = when("2026-11-20", START), when("2026-11-20", START, end=True)
    assert (began.astimezone().hour, ended - began) == (0, timedelta(days=1, microseconds=-1))
    assert when("2026-11-20T09:00:00Z", START) == START
    assert when("today", START) - when("yesterday", START) == timedelta(days=1)
    with pytest.raises(Usage, match="is no time"):
        when("2026-13-01", START)


@pytest.fixture
def in_london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_london")
@pytest.mark.parametrize(
    ("said", "now", "began", "ended"),
    [
        ("today", "2026-10-25T12:00", "2026-10-24T23:00", "2026-10-26T00:00"),
        ("2026-10-25", "2026-11-20T12:00", "2026-10-24T23:00", "2026-10-26T00:00"),
        ("yesterday", "2026-10-26T12:00", "2026-10-24T23:00", "2026-10-26T00:00"),
        ("2026-03-29", "2026-11-20T12:00", "2026-03-29T00:00", "2026-03-29T23:00"),
        ("yesterday", "2026-03-30T12:00", "2026-03-29T00:00", "2026-03-29T23:00"),
    ],
)
def test_a_day_on_which_the_clocks_change_is_whole(said: str, now: str, began: str, ended: str) -> None:
    then = datetime.fromisoformat(f"{now}Z")
    assert when(said, then) == datetime.fromisoformat(f"{began}Z")
    last = datetime.fromisoformat(f"{ended}Z") - timedelta(microseconds=1)
    assert when(said, then, end=True) == last


@pytest.mark.parametrize("said", ["999999d", "999999w", "0001-01-01", "9999-12-31", "9999-12-31 23:59"])
def test_what_no_calendar_has_is_a_sentence(said: str) -> None:
    for end in (False, True):
        with pytest.raises(Usage, match="is no time"):
            when(said, START, end=end)

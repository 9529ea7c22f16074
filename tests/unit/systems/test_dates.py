"""Our clock beside the vendor's, as its answers tell it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from shared.operations.warnings import clocks_that_differ
from shared.systems._dates import seconds_ahead
from shared.systems._http import HttpClient

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_how_far_our_clock_is_ahead(hours: int) -> None:
    date = format_datetime(NOW - timedelta(hours=hours), usegmt=True)
    assert seconds_ahead({"Date": date}, NOW) == seconds_ahead({"date": date}, NOW) == hours * 3600


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Date": ""},
        {"Date": "soon"},
        {"Date": "Mon, 99 Nov 2026 10:00:00 GMT"},
        {"Date": "Sun, 29 Nov 2026 10:00:00 GMT", "Age": "86400"},
    ],
)
def test_an_answer_that_says_nothing_of_the_time(headers: dict[str, str]) -> None:
    assert seconds_ahead(headers, NOW) is None


def test_the_answer_nearest_to_our_clock_counts_whatever_its_status() -> None:
    dates = iter([timedelta(hours=3), timedelta(minutes=-61), timedelta(hours=-2)])

    def answer(request: httpx.Request) -> httpx.Response:
        date = format_datetime(datetime.now(UTC) + next(dates), usegmt=True)
        return httpx.Response(404, headers={"Date": date})

    class Nothing:
        def exchange(self, line: object) -> None: ...

    client = HttpClient(
        "sugarcrm",
        "https://crm.example.test",
        recorder=Nothing(),
        allow=lambda url: None,
        seconds_left=lambda: 100,
        transport=httpx.MockTransport(answer),
    )
    for _ in range(3):
        client.send("GET", "/x")
    assert client.ahead is not None and 3655 < client.ahead < 3665
    (told,) = clocks_that_differ([("sugarcrm", client.ahead)]).values()
    assert "61 minutes ahead of SugarCRM's" in told


def test_what_two_clocks_may_differ_by_is_not_told() -> None:
    assert clocks_that_differ([("sage_50", 299.0), ("vtiger", None)]) == {}
    assert clocks_that_differ([("sage_50", 4000.0), ("sage_50", -20.0)]) == {}
    behind = clocks_that_differ([("sage_50", -7200.0)])["sage_50"]
    assert "120 minutes behind Sage 50's" in behind

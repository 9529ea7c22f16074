"""The HTTP edge: what a vendor asks for is believed within limits, and an endless answer is not read."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from shared.errors import OutcomeUnknown, RateLimited, Unavailable
from shared.systems import _http
from shared.systems._http import HttpClient, retry_after


class Nowhere:
    def exchange(self, line: object) -> None: ...


def client(answer: Callable[[httpx.Request], httpx.Response], **options: float) -> HttpClient:
    return HttpClient(
        "vtiger",
        "https://crm.example.test",
        recorder=Nowhere(),
        allow=lambda url: None,
        seconds_left=lambda: 60.0,
        transport=httpx.MockTransport(answer),
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("asked", ["99999999999", "9" * 400, "3601"])
def test_f16_a_wait_is_believed_up_to_an_hour_whatever_the_number_says(asked: str) -> None:
    with pytest.raises(RateLimited) as met:
        client(lambda request: httpx.Response(429, headers={"Retry-After": asked})).send("GET", "/")
    assert met.value.after == 3600
    with pytest.raises(RateLimited) as met:
        client(lambda request: httpx.Response(503, headers={"Retry-After": asked}), longest_wait=60).send(
            "GET", "/"
        )
    assert met.value.after == 60


def test_a_wait_that_makes_sense_is_kept_and_nonsense_is_none() -> None:
    assert retry_after({"Retry-After": "90"}) == 90
    soon = retry_after({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=100))})
    assert soon is not None and 90 < soon <= 100
    assert retry_after({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(days=9000))}) == 3600
    for text in ("", "soon", "-5", "1e9", "²", "Mon, 99 Foo 99999 99:99:99 GMT"):
        assert retry_after({"Retry-After": text}) is None


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "MOST_BYTES", 1000)
    given: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            given.append(number)
            yield b"x" * 100

    answering = client(lambda request: httpx.Response(200, content=endless()))
    with pytest.raises(Unavailable):
        answering.send("GET", "/")
    assert len(given) < 50
    with pytest.raises(OutcomeUnknown):
        answering.send("POST", "/", writes=True)

"""Calls that take half a second each, in virtual time: what a list may be old before it is read again counts
in seconds, and so would cost nothing with vendors that answer at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.pair import Pair
from shared.systems._http import HttpClient

SECONDS = 0.5
_AT_ONCE = 5
"""The clocks here and there are moved on after so many calls."""


@contextmanager
def half_a_second(here: Pair) -> Iterator[None]:
    real, sent = HttpClient.send, 0

    def slow(self: HttpClient, *given: Any, **named: Any) -> Any:
        nonlocal sent
        reply = real(self, *given, **named)
        sent += 1
        if sent % _AT_ONCE == 0:
            here.pass_time(SECONDS * _AT_ONCE)
        return reply

    HttpClient.send = slow  # type: ignore[method-assign]
    try:
        yield
    finally:
        HttpClient.send = real  # type: ignore[method-assign]

"""Calls to a HyperAccounts V1 service: headers, one call per resource at a time, and patience with "busy".

Promises that a call answered with "busy", which was not executed, is repeated here with growing, jittered
waits while time is left, and that everything else becomes one of `shared.errors`.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.errors import Busy, OutcomeUnknown, Unavailable
from shared.ports import Clock
from shared.systems._http import HttpClient, Reply
from shared.systems.sage_50.envelope import opened

WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
_AT_ONCE = timedelta(seconds=0.4)
"""A lane that was taken within this time was free: a wait for it is longer."""
_RESERVE_SECONDS = 5.0
"""Time not spent on waiting, so that the call after the wait, and the end of the handler, still fit."""
TIMEOUT = 120.0
"""Unfiltered searches of a large ledger take tens of seconds."""

Rows = list[dict[str, Any]]


class Client:
    """`lanes` is called before every request with its resource and raises LaneTaken when another function
    calls it."""

    def __init__(
        self,
        http: HttpClient,
        token: str,
        clock: Clock,
        lanes: Callable[[str], None],
        jitter: Callable[[], float] = random.random,
        timeout: float = TIMEOUT,
    ) -> None:
        self._http = http
        self._clock = clock
        self._lanes = lanes
        self._jitter = jitter
        self._timeout = timeout
        self._send_by: dict[str, datetime] = {}
        """Resource -> until when a create there may be sent."""
        # `new-response` asks for real HTTP statuses (API 1.24 on); older services and others ignore it.
        self._headers = {"AuthToken": token, "Accept": "application/json", "new-response": "true"}

    def get(self, path: str, doing: str) -> Any:
        """The `response` of a single read."""
        return self._call("GET", path, None, False, doing).get("response")

    def rows(self, path: str, doing: str, filters: Sequence[Mapping[str, Any]] | None = None) -> Rows:
        """The `results` of a list, or of a search when `filters` are given."""
        method = "GET" if filters is None else "POST"
        found = self._call(method, path, None if filters is None else list(filters), False, doing).get(
            "results"
        )
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise Unavailable(f"Sage 50 did not answer with a list when asked to {doing}")
        return found

    def write(self, method: str, path: str, body: Mapping[str, Any], doing: str) -> Any:
        """The `response` of a write: the number or reference of the record."""
        answer = self._call(method, path, dict(body), True, doing).get("response")
        if answer is None or answer == "" or answer is False:
            raise OutcomeUnknown(
                f"Sage 50 was asked to {doing} and reported success, but not under which number"
            )
        return answer

    def reserve(self, path: str, seconds: float) -> bool:
        """Takes the lane of this resource; True when others had it for a while. A create there that is still
        refused as busy after `seconds` is given up instead of being sent late. Raises LaneTaken."""
        asked = self._clock.now()
        self._lanes(resource(path))
        held = self._clock.now()
        self._send_by[resource(path)] = held + timedelta(seconds=seconds)
        return held - asked > _AT_ONCE

    def _call(self, method: str, path: str, body: Any, writes: bool, doing: str) -> dict[str, Any]:
        for wait in (*WAITS, None):
            try:
                return opened(self._send(method, path, body, writes), writes=writes, doing=doing)
            except Busy as busy:
                by = self._send_by.get(resource(path)) if method == "POST" else None
                if busy.after is not None or wait is None or not self._wait(wait, by):
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _send(self, method: str, path: str, body: Any, writes: bool) -> Reply:
        self._lanes(resource(path))
        return self._http.send(
            method, path, writes=writes, json_body=body, headers=self._headers, timeout=self._timeout
        )

    def _wait(self, seconds: float, by: datetime | None = None) -> bool:
        """False when the wait would not leave time for another call, or it would be sent after `by`."""
        pause = seconds * (0.5 + self._jitter())
        if self._http.seconds_left() < pause + _RESERVE_SECONDS:
            return False
        if by is not None and self._clock.now() + timedelta(seconds=pause) > by:
            return False
        self._clock.sleep(pause)
        return True


def resource(path: str) -> str:
    """What the vendor serialises on: the second path segment, in lower case."""
    segments = path.partition("?")[0].strip("/").lower().split("/")
    return segments[1] if len(segments) > 1 else segments[0]

"""Reads lists page by page without ever looping: beyond the end, Sage returns the last page again.

A walk ends when `$next` is null, when as many rows as `$total` have been seen, or when `$page` did not
advance. Rows are identified by id. If fewer different rows were seen than a page announced, rows moved during
the walk, and it is repeated."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from shared.domain.record import record
from shared.errors import Unavailable
from shared.ports import Clock
from shared.systems.sage_accounting.client import Client

LARGEST = 200
_WALKS = 3

Row = dict[str, Any]


@record
class NewRows:
    """Rows of one page that this walk had not seen before. `at`: when the page was requested."""

    rows: list[Row]
    at: datetime
    last: bool


class Lists:
    def __init__(self, client: Client, clock: Clock) -> None:
        self._client, self._clock = client, clock

    def batches(self, path: str, params: Mapping[str, str], size: int = LARGEST) -> Iterator[NewRows]:
        """At least one batch; the last one is marked."""
        seen: set[str] = set()
        for walk in range(1, _WALKS + 1):
            announced = 0
            for rows, total, at, ended in self._pages(path, params, min(size, LARGEST)):
                announced = max(announced, total)
                fresh = _fresh(rows, seen)
                done = ended and (len(seen) >= announced or walk == _WALKS)
                yield NewRows(fresh, at, done)
            if len(seen) >= announced:
                return

    def all(self, path: str, params: Mapping[str, str], size: int = LARGEST) -> list[Row]:
        return [row for batch in self.batches(path, params, size) for row in batch.rows]

    def page(self, path: str, params: Mapping[str, str], number: int, size: int) -> dict[str, Any]:
        """Raises Unavailable if the answer is not a list."""
        asked = {**params, "page": str(number), "items_per_page": str(size)}
        answer = self._client.get(path, f"list {path.strip('/').replace('_', ' ')}", asked)
        rows = answer.get("$items") if isinstance(answer, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unavailable(
                f"Sage did not answer with a list when asked for {path}: it may be under maintenance"
            )
        assert isinstance(answer, dict)
        return answer

    def _pages(
        self, path: str, params: Mapping[str, str], size: int
    ) -> Iterator[tuple[list[Row], int, datetime, bool]]:
        number, seen = 1, 0
        while True:
            at = self._clock.now()
            answer = self.page(path, params, number, size)
            rows, total = answer["$items"], _whole(answer.get("$total"))
            seen += len(rows)
            stuck = _whole(answer.get("$page"), number) < number
            ended = stuck or not rows or not answer.get("$next") or 0 < total <= seen
            yield [] if stuck else rows, total, at, ended
            if ended:
                return
            number += 1


def _fresh(rows: list[Row], seen: set[str]) -> list[Row]:
    """Rows whose id was not seen before. Exchange rates have no id; their path is used instead."""
    found = []
    for row in rows:
        key = str(row.get("id") or row.get("$path") or row)
        if key not in seen:
            seen.add(key)
            found.append(row)
    return found


def _whole(value: Any, default: int = 0) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return default

"""One page of a v11 list, in the two ways that servers allow: after a key or, if `$gt` on id is refused, from
a certain time on.

The server may limit `max_num`: its `next_offset` says whether the list continues, never the number requested.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shared.ports import Clock, ObjectSpec, Snapshot
from shared.systems.sugarcrm import rest_filters
from shared.systems.sugarcrm.paging import Batch, Position
from shared.systems.sugarcrm.records import MODIFIED, parse_time, text
from shared.systems.sugarcrm.rest_client import RestClient
from shared.systems.sugarcrm.rest_records import fields_argument

Snapshots = Callable[[ObjectSpec, Sequence[dict[str, Any]], datetime], list[Snapshot]]


class ByKey:
    """Rows behind (id), or behind (date_modified, id)."""

    def __init__(
        self, client: RestClient, spec: ObjectSpec, size: int, clock: Clock, snapshots: Snapshots
    ) -> None:
        self._client, self._spec, self._size, self._clock, self._snapshots = (
            client,
            spec,
            size,
            clock,
            snapshots,
        )

    def __call__(self, position: Position) -> Batch:
        at = self._clock.now()
        by_time = self._spec.poll_mode == "cursor"
        behind = rest_filters.after_time(position) if by_time else rest_filters.after_id(position)
        rows, following = self._client.filter(
            self._spec.object,
            rest_filters.joined([*_listed(self._spec, position), *behind]),
            fields_argument(self._spec),
            f"{MODIFIED}:asc,id:asc" if by_time else "id:asc",
            self._size,
        )
        return Batch(
            self._snapshots(self._spec, rows, at),
            text(rows[-1]["id"]) if rows else None,
            _time(rows[-1]) if rows else None,
            following >= 0,
        )


class ByTime:
    """Rows from the last row's second on; rows of that second already seen are dropped by id.

    Only a second with more rows than a page is read by offset. Rows that leave a worklist cause no gaps,
    because what was read is identified by its time and id, not by its position."""

    def __init__(
        self, client: RestClient, spec: ObjectSpec, size: int, clock: Clock, snapshots: Snapshots
    ) -> None:
        self._client, self._spec, self._size, self._clock, self._snapshots = (
            client,
            spec,
            size,
            clock,
            snapshots,
        )
        self._from: datetime | None = None
        self._seen: set[str] = set()

    def __call__(self, position: Position) -> Batch:
        at = self._clock.now()
        if position.at and self._from is None:
            self._from = position.at
        rows, more = self._fresh(position)
        if rows:
            self._remember(rows)
        # A worklist starts again from the beginning: a cursor would need all ids of a second.
        return Batch(
            self._snapshots(self._spec, rows, at),
            text(rows[-1]["id"]) if rows else None,
            _time(rows[-1]) if rows else None,
            more,
        )

    def _fresh(self, position: Position) -> tuple[list[dict[str, Any]], bool]:
        start = Position(self._from) if self._from else Position(position.since, position.strict)
        if self._spec.poll_mode != "cursor":
            start = Position(self._from)
        query = rest_filters.joined([*_listed(self._spec, position), *rest_filters.since(start)])
        offset = 0
        while True:
            rows, following = self._client.filter(
                self._spec.object,
                query,
                fields_argument(self._spec),
                f"{MODIFIED}:asc,id:asc",
                self._size,
                offset,
            )
            fresh = [row for row in rows if text(row["id"]) not in self._seen]
            if fresh or following < 0 or not rows:
                return fresh, following >= 0 and bool(rows)
            offset = following

    def _remember(self, rows: Sequence[dict[str, Any]]) -> None:
        last = _time(rows[-1])
        if last != self._from:
            self._from, self._seen = last, set()
        self._seen |= {text(row["id"]) for row in rows if _time(row) == last}


def _listed(spec: ObjectSpec, position: Position) -> list[rest_filters.Filter]:
    return (
        rest_filters.conditions(spec) if spec.poll_mode == "cursor" else rest_filters.listed(spec, position)
    )


def _time(row: dict[str, Any]) -> datetime | None:
    value = text(row.get(MODIFIED))
    return parse_time(value) if value else None

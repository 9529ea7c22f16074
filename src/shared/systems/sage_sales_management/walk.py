"""Where a poll stands in a list that changes while it is read. Pure.

Pages are counted, with the highest ids first: a record that changes meanwhile enters at its id and only
pushes others
back, and none ever leaves, for the deleted ones stay in the list. Reading several pages takes a while, and
what
changes in the meantime may be older than `newest`; so the next pass begins earlier by as long as this one
took. Once a
pass has begun well after `newest` was first seen, nothing older can still appear, and only newer rows are
asked for,
together with one that is known to be there: an answer without it is no answer. Only durations of our own
clock are
used, because the vendor's may be wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from shared.domain.record import record
from shared.systems.sage_sales_management.language import changed_since, second
from shared.systems.sage_sales_management.values import Row, record_id, stamp_of

OVERLAP = timedelta(seconds=5)
SETTLED_AFTER = timedelta(seconds=60)


@record
class Walk:
    """`since`, `newest`: the vendor's times, ISO. `seen_at`, `began`: ours. `anchor`: the id of the newest
    row.
    `page`, `size`: the next page of a pass that is under way."""

    since: str = ""
    newest: str = ""
    anchor: str = ""
    settled: str = ""
    seen_at: str = ""
    began: str = ""
    page: int = 0
    size: int = 0

    @classmethod
    def load(cls, cursor: Mapping[str, Any], now: datetime, size: int) -> "Walk":
        """A pass that was broken off goes on with pages of the size that it had."""
        known: dict[str, Any] = {one.name: cursor[one.name] for one in fields(cls) if one.name in cursor}
        walk = replace(cls(**known), page=int(known.get("page", 0)), size=int(known.get("size", 0)))
        return walk if walk.page else replace(walk, began=now.isoformat(), size=size)

    def where(self) -> str:
        if not self.since:
            return ""
        start = datetime.fromisoformat(self.since)
        return changed_since(second(start), self.anchor if self.settled else "")

    def news(self, rows: Sequence[Row]) -> list[Row]:
        """Without the one that is only there to be seen."""
        if not self.settled:
            return list(rows)
        start = datetime.fromisoformat(second(datetime.fromisoformat(self.since)))
        return [row for row in rows if record_id(row) != self.anchor or (stamp_of(row) or start) > start]

    def read(self, rows: Sequence[Row]) -> "Walk":
        """After one more page."""
        walk = replace(self, page=self.page + 1)
        for row in rows:
            at = stamp_of(row)
            if at is not None and at.isoformat(timespec="milliseconds") > walk.newest:
                newest = at.isoformat(timespec="milliseconds")
                walk = replace(walk, newest=newest, anchor=record_id(row), seen_at="")
        return walk

    def finish(self, now: datetime) -> "Walk":
        """After the last page of a pass."""
        done = replace(self, page=0, size=0, began="")
        if not self.newest:
            return done
        began, newest = datetime.fromisoformat(self.began), datetime.fromisoformat(self.newest)
        if not self.seen_at:
            took = timedelta(0) if self.page == 1 else now - began
            start = newest - took - OVERLAP
            return replace(done, since=start.isoformat(), settled="", seen_at=now.isoformat())
        if began - datetime.fromisoformat(self.seen_at) >= SETTLED_AFTER:
            # the vendor's clock has passed the second of `newest` by far
            return replace(done, since=(newest + timedelta(seconds=1)).isoformat(), settled="yes")
        return done

    def dump(self) -> dict[str, Any]:
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}

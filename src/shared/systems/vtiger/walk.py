"""Where a poll stands in a list that changes while it is read. Pure.

Rows are requested by id after the last one read, among those modified since a certain time: many rows share a
second, so times alone would lose some. `newest` is the latest time seen. Reading several pages takes a while,
and what changes in the meantime may be older than `newest`; so the next pass begins earlier by as long as
this one took. Once a pass has begun well after `newest` was first seen, nothing older can still appear, and
from then on only newer rows are requested. Only durations of our own clock are used, because Vtiger's may be
wrong.

A row may bear a time that has not come yet (an import, a server's clock that was ahead for an hour). It would
hide whatever changes until then, so it is shown by each pass and never counts as `newest`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.domain.record import record
from shared.systems.vtiger.language import quote
from shared.systems.vtiger.values import moment, stamp

OVERLAP = timedelta(seconds=5)
AHEAD = timedelta(days=1)
"""By how much Vtiger's clock and ours may differ."""
SETTLED_AFTER = timedelta(seconds=60)
"""Longer than the time between a save's timestamp and the moment when it becomes visible."""


@record
class Walk:
    """`since`, `newest`: Vtiger's times. `seen_at`, `began`: ours. `after`: the id read last in this pass.
    `latest`: the latest of Vtiger's times that counts, "" for any; it is not kept."""

    since: str = ""
    newest: str = ""
    settled: bool = False
    seen_at: datetime | None = None
    began: datetime | None = None
    after: str = ""
    latest: str = ""

    @classmethod
    def load(cls, cursor: Mapping[str, Any], now: datetime) -> "Walk":
        seen, began = cursor.get("seen_at"), cursor.get("began")
        walk = cls(
            str(cursor.get("since", "")),
            str(cursor.get("newest", "")),
            bool(cursor.get("settled")),
            datetime.fromisoformat(seen) if seen else None,
            datetime.fromisoformat(began) if began else now,
            str(cursor.get("after", "")),
            stamp(now + AHEAD),
        )
        return walk if walk.newest <= walk.latest else walk._come_back()

    def _come_back(self) -> "Walk":
        """What an earlier release stored, which went along with such a time: back to where it was, or to the
        beginning."""
        since = self.since if self.since <= self.latest else ""
        return replace(self, since=since, newest=since, settled=False, seen_at=None)

    def where(self) -> list[str]:
        conditions = []
        if self.since and self.settled:
            conditions.append(f"modifiedtime > {quote(self.since)}")
        elif self.since:
            conditions.append(f"modifiedtime >= {quote(stamp(moment(self.since) - OVERLAP))}")
        return [*conditions, f"id > {quote(self.after)}"] if self.after else conditions

    def read(self, last_id: str, times: Sequence[str]) -> "Walk":
        """After a page whose last row is `last_id`."""
        come = (one for one in times if not self.latest or one <= self.latest)
        newest = max([*come, self.newest])
        return replace(
            self, after=last_id, newest=newest, seen_at=None if newest > self.newest else self.seen_at
        )

    def finish(self, now: datetime, pages: int) -> "Walk":
        """After the last page of a pass with this number of `pages`."""
        began = self.began or now
        done = replace(self, after="", began=None)
        if not self.newest:
            return done
        if self.seen_at is None:
            took = (
                timedelta(0)
                if pages == 1
                else timedelta(seconds=math.ceil((now - began).total_seconds()) + 1)
            )
            start = stamp(moment(self.newest) - took)
            return replace(done, since=max(self.since, start), settled=False, seen_at=now)
        if began - self.seen_at >= SETTLED_AFTER:
            return replace(done, since=self.newest, settled=True)
        return done

    def dump(self) -> dict[str, Any]:
        facts: dict[str, Any] = {
            name: value
            for name, value in (
                ("since", self.since),
                ("newest", self.newest),
                ("after", self.after),
                ("settled", self.settled),
            )
            if value
        }
        times = {"seen_at": self.seen_at, "began": self.began if self.after else None}
        return {**facts, **{name: at.isoformat() for name, at in times.items() if at}}

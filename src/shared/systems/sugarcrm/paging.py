"""Walks a changing list to its end without losing a row, for both APIs.

Rows are requested *after the last one read* (its id, or its time and id), never by offset, so that rows which
leave the list (as each does when it gets its order number) or share a second cause no gaps. Pure, except for
the `fetch` it is given.

A cursor holds `high` (the newest time seen), `seen_at` (our clock when a pass first ended with it) and,
within a pass, `at` and `id`. A change may be committed some time after its own timestamp, so passes begin
`OVERLAP` before `high`, until a pass that began `OVERLAP` after `seen_at` has shown that nothing older can
still appear; then only newer rows are requested. Only durations of our own clock are used, because the
vendor's clock may be wrong. Only a time that lies more than `AHEAD` in our future moves nothing: one row with
such a time would hide every later change until the sweep. It is listed with each pass instead.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.domain.record import record, replace
from shared.errors import Unavailable
from shared.ports import Clock, Page, Reading, Snapshot
from shared.systems.sugarcrm.records import parse_time

OVERLAP = timedelta(minutes=5)
AHEAD = timedelta(days=1)
FIRST_LOOK_BACK = timedelta(days=1)
"""Where watching begins: nobody knows how far the vendor's clock is from ours."""


@record
class Position:
    """Where to continue reading. `since` is the start of the pass, `strict` excludes it; `at` and `id` are
    the last row read."""

    since: datetime | None = None
    strict: bool = False
    at: datetime | None = None
    id: str | None = None


@record
class Batch:
    """The rows of one call, in list order. `last_id` and `last_at` belong to the last row; `more` says that
    the list continues."""

    records: Sequence[Reading]
    last_id: str | None
    last_at: datetime | None
    more: bool


Fetch = Callable[[Position], Batch]


def worklist(cursor: Mapping[str, Any] | None, fetch: Fetch) -> Iterator[Page]:
    """By id only. A list read to its end leaves an empty cursor: the next poll starts again."""
    position = Position(id=(cursor or {}).get("id"))
    while True:
        batch = fetch(position)
        if not batch.more or batch.last_id is None:
            yield Page(tuple(batch.records), {}, True)
            return
        position = Position(id=batch.last_id)
        yield Page(tuple(batch.records), {"id": batch.last_id}, False)


def watched(cursor: Mapping[str, Any] | None, fetch: Fetch, clock: Clock) -> Iterator[Page]:
    """By id, and besides what waits also what was filled in and has changed since the cursor. Each pass reads
    the list from its start; only a whole one moves the cursor on."""
    before = dict(cursor or {})
    state, last_id = _State.load(before, clock.now()), None
    while True:
        position = state.position()
        batch = fetch(Position(position.since, position.strict, id=last_id))
        state = replace(state, top=_newest([*_times(batch), state.top], clock.now()))
        if not batch.more or batch.last_id is None:
            yield Page(tuple(batch.records), _watched_from(state, clock.now()).dump(), True)
            return
        last_id = batch.last_id
        yield Page(tuple(batch.records), before, False)


def _watched_from(state: "_State", now: datetime) -> "_State":
    if state.high is None:
        return replace(state, high=(state.top or now) - FIRST_LOOK_BACK, top=None, seen_at=now)
    return state.finish(now)


def modified(cursor: Mapping[str, Any] | None, fetch: Fetch, clock: Clock) -> Iterator[Page]:
    """By (time, id), resumable after every page."""
    state = _State.load(cursor or {}, clock.now())
    while True:
        batch = fetch(state.position())
        if batch.last_id is not None and batch.last_at is None:
            raise Unavailable(
                f"SugarCRM listed record {batch.last_id} without its date_modified: the rest of the list "
                "cannot be read"
            )
        state = state.after(batch, clock.now())
        last = not batch.more or batch.last_id is None
        if last:
            state = state.finish(clock.now())
        yield Page(tuple(batch.records), state.dump(), last)
        if last:
            return


def _times(batch: Batch) -> list[datetime]:
    return [parse_time(one.version) for one in batch.records if isinstance(one, Snapshot) and one.version]


def _newest(times: Sequence[datetime | None], now: datetime) -> datetime | None:
    return max((at for at in times if at is not None and at <= now + AHEAD), default=None)


@record
class _State:
    began: datetime
    high: datetime | None
    seen_at: datetime | None
    settled: bool
    top: datetime | None
    at: datetime | None
    id: str | None

    @classmethod
    def load(cls, cursor: Mapping[str, Any], now: datetime) -> "_State":
        def time(name: str) -> datetime | None:
            return datetime.fromisoformat(cursor[name]) if cursor.get(name) else None

        return cls(
            time("began") or now,
            time("high"),
            time("seen_at"),
            bool(cursor.get("settled")),
            time("top"),
            time("at"),
            cursor.get("id"),
        )

    def position(self) -> Position:
        since = self.high if self.settled or self.high is None else self.high - OVERLAP
        return Position(since, self.settled, self.at, self.id)

    def after(self, batch: Batch, now: datetime) -> "_State":
        if batch.last_at is None:
            return self
        top = _newest([*_times(batch), batch.last_at, self.top], now)
        return _State(self.began, self.high, self.seen_at, self.settled, top, batch.last_at, batch.last_id)

    def finish(self, now: datetime) -> "_State":
        if self.top is not None and (self.high is None or self.top > self.high):
            return _State(self.began, self.top, now, False, None, None, None)
        quiet = self.seen_at is not None and self.began - self.seen_at >= OVERLAP
        return _State(self.began, self.high, self.seen_at, self.settled or quiet, None, None, None)

    def dump(self) -> dict[str, Any]:
        times = {
            "high": self.high,
            "seen_at": self.seen_at,
            "top": self.top,
            "at": self.at,
            "began": self.began if self.at else None,
        }
        facts: dict[str, Any] = {name: moment.isoformat() for name, moment in times.items() if moment}
        if self.id:
            facts["id"] = self.id
        return {**facts, "settled": True} if self.settled else facts

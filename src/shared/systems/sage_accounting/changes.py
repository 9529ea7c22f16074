"""Follows the lists of one kind of record: what is new since a cursor, or, without a cursor, everything.

A cursor has one ISO time for each list ("since" for the records, "deleted" for those that are gone, and the
names of further lists). Each list is asked from 5 seconds before its time, for Sage's stamps are whole
seconds and rows may be saved out of order; the time moves on only when something newer was listed. Promises:

- a quiet poll is one call for each list, and leaves the cursor as it is;
- a row of a list that only hints or deletes is told once: the cursor remembers, under "seen", those within
  the overlap;
- a walk over several pages moves the cursor no further than to its own beginning;
- without a cursor only the records are listed; the other lists start at that moment, so that nothing old
  comes as news.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.errors import RuleInvalid, Unavailable
from shared.mapping.conditions import unmet_condition
from shared.ports import Gone, Hint, ObjectSpec, Page, Reading
from shared.systems.sage_accounting.lists import Batch
from shared.systems.sage_accounting.resource import Feed, Resource

OVERLAP = timedelta(seconds=5)
Records = tuple[Reading | Hint, ...]


def pages(
    resource: Resource, spec: ObjectSpec, cursor: Mapping[str, Any] | None, size: int
) -> Iterator[Page]:
    """Raises RuleInvalid for a stored position that is no time."""
    state = {name: value for name, value in (cursor or {}).items() if name != "seen"}
    seen: dict[str, dict[str, str]] = {
        name: dict(rows) for name, rows in ((cursor or {}).get("seen") or {}).items()
    }
    following = [feed for feed in resource.feeds() if feed.rows == "records" or state.get(feed.name)]
    start, met, parts = resource.context.clock.now(), set[str](), list[_Part]()
    for feed in following:
        walk = _Walk(resource, spec, feed, _time(state.get(feed.name)), seen.get(feed.name, {}))
        for records, done in walk.run(size, met):
            if feed.rows == "parts":
                parts.append((feed, walk, records, done))
                continue
            if done:
                _settle(state, seen, feed, walk)
                _begin(state, resource, feed, start)
            yield Page(records, _cursor(state, seen), done and feed is following[-1] and not parts)
    for feed, walk, records, done in parts:
        if done:
            _settle(state, seen, feed, walk)
        yield Page(tuple(_once(records, met)), _cursor(state, seen), (feed, walk, records, done) == parts[-1])


_Part = tuple[Feed, "_Walk", Records, bool]
"""What a list of parts told: kept until the records are listed, for a record that is listed whole needs no
hint."""


class _Walk:
    """One list, read to its end. Afterwards `position` is where the next poll goes on, and `seen` what it may
    pass over."""

    def __init__(
        self,
        resource: Resource,
        spec: ObjectSpec,
        feed: Feed,
        since: datetime | None,
        seen: Mapping[str, str],
    ) -> None:
        self._resource, self._spec, self._feed, self._since, self._told = resource, spec, feed, since, seen
        self._stamps: dict[str, str] = {}
        self.position = since
        self.seen: dict[str, str] = {}

    def run(self, size: int, met: set[str]) -> Iterator[tuple[Records, bool]]:
        """`met`: ids of records told by an earlier list of this poll, which are not told twice."""
        began: datetime | None = None
        for number, (batch, light) in enumerate(self._batches(size)):
            began = began or self._now()
            self._stamps |= {
                str(row["id"]): str(row[self._feed.column])
                for row in batch.rows
                if row.get(self._feed.column)
            }
            records = self._records(batch, light, met)
            if batch.last:
                self._finish(began if number else None)
            yield records, batch.last

    def _batches(self, size: int) -> Iterator[tuple[Batch, bool]]:
        feed, lists = self._feed, self._resource.context.lists
        params = dict(feed.params)
        if self._since is not None:
            params[feed.query] = _iso(self._since - OVERLAP)
        try:
            for batch in lists.batches(feed.path, params, size):
                yield batch, False
        except Unavailable:
            if not feed.light:
                raise
            for batch in lists.batches(feed.path, {**params, "attributes": feed.light}, size):
                yield batch, True

    def _records(self, batch: Batch, light: bool, met: set[str]) -> Records:
        feed, rows = self._feed, batch.rows
        if feed.rows == "records" and light:
            return tuple(Hint(str(row["id"]), str(row.get("updated_at") or "") or None) for row in rows)
        if feed.rows == "records":
            found = self._resource.snapshots(
                feed.path, [row for row in rows if not row.get("deleted_at")], batch.at
            )
            return tuple(
                _once([one for one in found if unmet_condition(self._spec.where, one.values) is None], met)
            )
        news = [row for row in rows if self._told.get(str(row["id"])) != row.get(feed.column)]
        if feed.rows == "gone":
            return tuple(_once([Gone(str(row["id"]), batch.at) for row in news], met))
        return tuple(
            Hint(owner) for owner in dict.fromkeys(self._resource.owners(feed, news) if news else ())
        )

    def _finish(self, began: datetime | None) -> None:
        newest = max((_parsed(stamp) for stamp in self._stamps.values()), default=None)
        if newest is not None and began is not None:
            newest = min(newest, began)
        if newest is not None:
            self.position = max(newest, self._since or newest)
        if self._feed.rows != "records" and self.position is not None:
            self.seen = {
                key: stamp for key, stamp in sorted(self._stamps.items()) if self._passable(_parsed(stamp))
            }

    def _passable(self, stamp: datetime) -> bool:
        """Within the overlap of the next poll, and, unless it can happen only once, of a second that is
        over."""
        assert self.position is not None
        over = self._feed.rows == "gone" or stamp <= self._now() - OVERLAP
        return over and stamp >= self.position - OVERLAP

    def _now(self) -> datetime:
        return self._resource.context.client.server_time or self._resource.context.clock.now()


def _settle(state: dict[str, Any], seen: dict[str, dict[str, str]], feed: Feed, walk: _Walk) -> None:
    if walk.position is not None:
        state[feed.name] = _iso(walk.position)
    seen.pop(feed.name, None)
    if walk.seen:
        seen[feed.name] = walk.seen


def _begin(state: dict[str, Any], resource: Resource, done: Feed, start: datetime) -> None:
    """A list of records that is empty, and the other lists without a position, start with this poll: at
    Sage's own time where it tells it."""
    now = resource.context.client.server_time
    moment = min(now - (resource.context.clock.now() - start), now) if now else start
    for feed in resource.feeds():
        if feed.rows != "records" or feed.name == done.name:
            state.setdefault(feed.name, _iso(moment))


def _cursor(state: Mapping[str, Any], seen: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {**state, **({"seen": {name: dict(rows) for name, rows in seen.items()}} if seen else {})}


def _once(found: Sequence[Any], met: set[str]) -> list[Any]:
    fresh = [one for one in found if one.id not in met]
    met.update(one.id for one in fresh)
    return fresh


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parsed(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _time(text: Any) -> datetime | None:
    if not text:
        return None
    try:
        return _parsed(str(text))
    except ValueError:
        raise RuleInvalid(
            f"The stored position of the Sage Accounting poll is {text!r}, which is not a time: clear it, "
            "and the next poll will read everything again."
        ) from None

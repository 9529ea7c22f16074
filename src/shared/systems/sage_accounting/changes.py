"""Follows the lists of one kind of record: what is new since a cursor, or, without a cursor, everything.

A cursor has one ISO time for each list ("since" for the records, "deleted" for those that are gone, and the
names of further lists). Each list is requested from 5 seconds before its time, because Sage's times are in
whole seconds and rows may be saved out of order; the time advances only when something newer was listed.
Promises:

- a quiet poll is one call for each list, and leaves the cursor as it is;
- a row of a list of hints or deletions is reported once: the cursor remembers, under "seen", those within
  the overlap;
- reading several pages moves the cursor no further than to the time when the reading began;
- without a cursor only the records are listed; the other lists start at that moment, so that nothing old is
  reported as new.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.errors import RuleInvalid, Unavailable
from shared.mapping.conditions import unmet_condition
from shared.ports import Gone, Hint, ObjectSpec, Page, Reading
from shared.systems.sage_accounting.lists import NewRows
from shared.systems.sage_accounting.resource import Feed, Resource

OVERLAP = timedelta(seconds=5)
Records = tuple[Reading | Hint, ...]


def pages(
    resource: Resource,
    spec: ObjectSpec,
    cursor: Mapping[str, Any] | None,
    size: int,
    *,
    own: bool = False,
) -> Iterator[Page]:
    """`own`: only the lists of the records themselves. Raises RuleInvalid for a stored position that is no
    time."""
    state = {name: value for name, value in (cursor or {}).items() if name != "seen"}
    seen: dict[str, dict[str, str]] = {
        name: dict(rows) for name, rows in ((cursor or {}).get("seen") or {}).items()
    }
    following = [
        feed for feed in resource.feeds() if feed.rows == "records" or (state.get(feed.name) and not own)
    ]
    start, reported, parts = resource.context.clock.now(), set[str](), list[_Part]()
    for feed in following:
        walk = _Walk(resource, spec, feed, _time(state.get(feed.name)), seen.get(feed.name, {}))
        for records, done in walk.run(size, reported):
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
        yield Page(
            tuple(_once(records, reported)), _cursor(state, seen), (feed, walk, records, done) == parts[-1]
        )


_Part = tuple[Feed, "_Walk", Records, bool]
"""Hints from the lists of parts, kept until the records are listed: a record that is listed completely needs
no hint."""


class _Walk:
    """One list, read to its end. Afterwards `position` is where the next poll continues, and `seen` is what
    it may skip."""

    def __init__(
        self,
        resource: Resource,
        spec: ObjectSpec,
        feed: Feed,
        since: datetime | None,
        seen: Mapping[str, str],
    ) -> None:
        self._resource, self._spec, self._feed, self._since, self._seen_before = (
            resource,
            spec,
            feed,
            since,
            seen,
        )
        self._stamps: dict[str, str] = {}
        self.position = since
        self.seen: dict[str, str] = {}

    def run(self, size: int, reported: set[str]) -> Iterator[tuple[Records, bool]]:
        """`reported`: ids of records already reported by an earlier list of this poll."""
        began: datetime | None = None
        for number, (batch, light) in enumerate(self._batches(size)):
            began = began or self._now()
            self._stamps |= {
                str(row["id"]): str(row[self._feed.column])
                for row in batch.rows
                if row.get(self._feed.column)
            }
            records = self._records(batch, light, reported)
            if batch.last:
                self._finish(began if number else None)
            yield records, batch.last

    def _batches(self, size: int) -> Iterator[tuple[NewRows, bool]]:
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

    def _records(self, batch: NewRows, light: bool, reported: set[str]) -> Records:
        feed, rows = self._feed, batch.rows
        if feed.rows == "records" and light:
            return tuple(Hint(str(row["id"]), str(row.get("updated_at") or "") or None) for row in rows)
        if feed.rows == "records":
            found = self._resource.snapshots(
                feed.path, [row for row in rows if not row.get("deleted_at")], batch.at
            )
            return tuple(
                _once(
                    [one for one in found if unmet_condition(self._spec.where, one.values) is None], reported
                )
            )
        news = [row for row in rows if self._seen_before.get(str(row["id"])) != row.get(feed.column)]
        if feed.rows == "gone":
            return tuple(_once([Gone(str(row["id"]), batch.at) for row in news], reported))
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
        """Whether the row is within the overlap of the next poll and, unless it can happen only once, from a
        second that is over."""
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
    """An empty list of records, and any other list without a position, start with this poll: at Sage's own
    time, if known."""
    now = resource.context.client.server_time
    moment = min(now - (resource.context.clock.now() - start), now) if now else start
    for feed in resource.feeds():
        if feed.rows != "records" or feed.name == done.name:
            state.setdefault(feed.name, _iso(moment))


def _cursor(state: Mapping[str, Any], seen: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {**state, **({"seen": {name: dict(rows) for name, rows in seen.items()}} if seen else {})}


def _once(found: Sequence[Any], reported: set[str]) -> list[Any]:
    fresh = [one for one in found if one.id not in reported]
    reported.update(one.id for one in fresh)
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

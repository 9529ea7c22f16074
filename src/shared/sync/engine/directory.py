"""A whole list of one system in memory, so that records are matched without a search for each.

It is read once, page by page, and kept in the cache; after that only what changed since is read. A list that
takes longer than one invocation is continued by the next. Rows are native values; rules that map other fields
have a list of their own.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.mapping.maps import ObjectMap
from shared.ports import Cache, Clock, Gone, Hint, Moved, Page, Reading, Snapshot, System
from shared.sync.engine.kept_lists import Kept, Row
from shared.sync.seen import seen_paths, seen_values

KEPT = timedelta(days=7)
FRESH = timedelta(seconds=10)
"""What was read longer ago than this is brought up to date before anything is decided by it."""
_ROWS, _PARTS, _READ = 200, 60, 50
"""Rows in one part, parts before they are packed together, and records read at once."""
_HEAD = "head"


class Directory:
    """`rows`: record id -> (version, native values). `read_at`: when the last full reading began, `looked_at`
    when it was last asked for what is new; `whole`: whether the list was read to its end. `changed` lists the
    ids of what came in, in order. `kept` is what an earlier batch read of its parts."""

    def __init__(
        self, system: System, object_map: ObjectMap, cache: Cache, clock: Clock, kept: Kept | None = None
    ) -> None:
        self._system, self._map, self._cache, self._clock = system, object_map, cache, clock
        self._kind = f"list.{object_map.spec.system}.{object_map.spec.entity}.{_digest(object_map)}"
        self._known = (kept or Kept()).of(self._kind)
        self._parts: list[str] = []
        self._cursor: Mapping[str, Any] | None = None
        self.rows: dict[str, Row] = {}
        self._loaded = False
        self.read_at: datetime | None = None
        self.looked_at: datetime | None = None
        self.whole = False
        self.changed: list[str] = []

    def refresh(
        self, hurried: Callable[[], bool], age: timedelta = FRESH, *, records_only: bool = False
    ) -> bool:
        """Whether all of the list is known as it was at most `age` ago. 1 cache read the first time, then a
        call for what changed. `records_only`: what was deleted, and changed in what belongs to a record, may
        be missing. Raises the SyncErrors of the system."""
        if not self._loaded:
            self._load()
            self._known.rows = self.rows
            self._loaded = True
        last = self.looked_at if records_only else self.read_at
        if self.whole and last is not None and self._clock.now() - last <= age:
            return True
        began, news = self._clock.now(), dict[str, Any]()
        records_only = records_only and self.whole
        for page in self._pages(records_only):
            news |= self._take(page)
            self._cursor = page.cursor
            self.whole = self.whole or page.last
            if hurried() and not page.last:
                break
        self.looked_at = began
        self.read_at = self.read_at if records_only else began
        if news:
            self._keep(news)
        return self.whole

    def _pages(self, records_only: bool) -> Iterator[Page]:
        spec = self._map.spec
        if records_only:
            return self._system.recent(spec, self._cursor or {})
        return self._system.changes(spec, self._cursor or None)

    def snapshot(self, record_id: str) -> Snapshot | None:
        """The record as its list shows it now."""
        row = self.rows.get(record_id)
        if row is None or self.read_at is None:
            return None
        return Snapshot(record_id, dict(row[1]), self.read_at, row[0])

    def put(self, one: Snapshot) -> None:
        """What was just read or made, before the list shows it."""
        named = {path: one.values[path] for path in self._map.spec.label_paths if path in one.values}
        row = (one.version, {**seen_values(self._map, one.values), **named})
        if self.rows.get(one.id) != row:
            self.rows[one.id] = row
            self.changed.append(one.id)

    def drop(self, record_id: str) -> None:
        if self.rows.pop(record_id, None) is not None:
            self.changed.append(record_id)

    def _take(self, page: Page) -> dict[str, Any]:
        """The news of a page in the form that is kept; None for what is gone."""
        named = [one.id for one in page.records if isinstance(one, Hint)]
        readings: list[Reading] = [one for one in page.records if not isinstance(one, Hint)]
        for start in range(0, len(named), _READ):
            readings += self._system.read(self._map.spec, named[start : start + _READ]).values()
        news: dict[str, Any] = {}
        for one in readings:
            if isinstance(one, (Gone, Moved)):
                if one.id in self.rows:
                    news[one.id] = None
                self.drop(one.id)
                continue
            before = self.rows.get(one.id)
            self.put(one)
            if self.rows[one.id] != before:
                news[one.id] = list(self.rows[one.id])
        return news

    def _load(self) -> None:
        now = self._clock.now()
        head = self._cache.get(self._kind, [_HEAD], now).get(_HEAD)
        names = list(head["parts"]) if head else []
        parts = self._known.of(names, now)
        if unread := [name for name in names if name not in parts]:
            for name, part in self._cache.get(self._kind, unread, now).items():
                parts[name] = self._known.keep(name, part["rows"])
        if head is None or len(parts) < len(names):
            return
        for name in names:
            for record_id, row in parts[name].items():
                if row is None:
                    self.rows.pop(record_id, None)
                else:
                    self.rows[record_id] = row
        self._parts, self._cursor, self.whole = names, head["cursor"], head["whole"]

    def _keep(self, news: Mapping[str, Any]) -> None:
        """Parts first, then the head that names them: whoever reads meanwhile finds the older list whole."""
        if len(self._parts) > _PARTS + len(self.rows) // _ROWS:
            self._parts, news = [], {key: list(row) for key, row in self.rows.items()}
        keys, made = list(news), dict[str, Mapping[str, Any]]()
        for start in range(0, len(keys), _ROWS):
            made[uuid.uuid4().hex[:12]] = {"rows": {key: news[key] for key in keys[start : start + _ROWS]}}
        until = self._clock.now() + KEPT
        self._cache.put(self._kind, made, until)
        self._parts = [*self._parts, *made]
        head = {"parts": self._parts, "cursor": dict(self._cursor or {}), "whole": self.whole}
        self._cache.put(self._kind, {_HEAD: head}, until)


def _digest(object_map: ObjectMap) -> str:
    """A row of an older map lacks what a newer one reads: that would look as if it were blank there."""
    paths = "\x1f".join(sorted({*seen_paths(object_map), *object_map.spec.label_paths}))
    return hashlib.sha256(paths.encode()).hexdigest()[:12]

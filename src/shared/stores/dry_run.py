"""Stores that keep nothing, for dry runs: existing data is read, and anything saved is forgotten."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.domain.link import Link, LogRow
from shared.ports import Cache, Commit, LinkStore, Loaded, Missing, MissingStore, Run, SyncLog


class ForgetfulLinks:
    """`LinkStore` over a real one."""

    def __init__(self, links: LinkStore) -> None:
        self._links = links

    def load(self, link_ids: Sequence[str]) -> dict[str, Loaded]:
        return self._links.load(link_ids)

    def find(self, system: str, entity: str, ids: Sequence[str]) -> dict[str, str]:
        return self._links.find(system, entity, ids)

    def claim(self, link_id: str, pointers: Sequence[tuple[str, str, str]]) -> None:
        return None

    def commit(self, commit: Commit, now: datetime) -> Link:
        return replace(commit.link, version=commit.expected + 1)

    def by_outcome(self, entity: str, outcomes: Iterable[str]) -> Iterator[Link]:
        return self._links.by_outcome(entity, outcomes)

    def unsettled(self, entity: str, kinds: Sequence[str], most: int) -> Iterator[Link]:
        return self._links.unsettled(entity, kinds, most)

    def all(self, entity: str | None = None) -> Iterator[Link]:
        return self._links.all(entity)

    def count(self, entity: str) -> int:
        return self._links.count(entity)

    def cut_lease(self, link_id: str, owner: str, until: datetime) -> None:
        return None

    def erase(self, link_id: str) -> None:
        return None


class ForgetfulMissing:
    """`MissingStore` over a real one."""

    def __init__(self, missing: MissingStore) -> None:
        self._missing = missing

    def note(self, system: str, entity: str, found: Sequence[Missing]) -> None:
        return None

    def listed(self, system: str, entity: str) -> list[Missing]:
        return self._missing.listed(system, entity)

    def settle(self, system: str, entity: str, found: Sequence[Missing], to: Missing) -> list[str]:
        return []

    def drop(self, system: str, entity: str, ids: Sequence[str]) -> None:
        return None

    def flag(self, system: str, entity: str) -> None:
        return None

    def unflag(self, system: str, entity: str) -> None:
        return None


class ForgetfulCache:
    """`Cache` over a real one."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get(self, kind: str, keys: Sequence[str], now: datetime) -> dict[str, dict[str, Any]]:
        return self._cache.get(kind, keys, now)

    def put(self, kind: str, rows: Mapping[str, Mapping[str, Any]], until: datetime) -> None:
        return None

    def erase(self, found: Callable[[str], bool], change: bool) -> int:
        return 0


class ForgetfulLog:
    """`SyncLog` over another: rows are read there, and none is added."""

    def __init__(self, log: SyncLog) -> None:
        self._log = log
        self.runs, self.rows, self.walk = log.runs, log.rows, log.walk

    def put_run(self, run: Run) -> None:
        return None

    def count(self, run_id: str, counts: Mapping[str, int]) -> None:
        return None

    def append(self, rows: Sequence[LogRow]) -> None:
        return None

    def ensure(self, rows: Sequence[LogRow]) -> None:
        return None

    def erase(self, record: tuple[str, str, str]) -> int:
        return 0

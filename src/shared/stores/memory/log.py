"""The memory twin of the sync log, with the same retention."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from shared.domain import codec
from shared.domain.link import LogRow
from shared.ports import Run
from shared.stores._counted_runs import counted_run
from shared.stores._keys import epoch, moment, run_expiry, stamp
from shared.stores.memory._shelf import Service, Shelf


class MemorySyncLog:
    """`SyncLog`. `days` is how long runs and rows are kept."""

    def __init__(self, service: Service, integration: str, days: int, now: Callable[[], datetime]) -> None:
        self._runs = Shelf(service, integration, "run")
        self._counts = Shelf(service, integration, "count")
        self._counted = Shelf(service, integration, "counted")
        self._rows = Shelf(service, integration, "rec")
        self._numbers = Shelf(service, integration, "seq")
        self._days = days
        self._now = now

    def put_run(self, run: Run) -> None:
        self._runs.put(replace(run, counts={}), run.run_id)

    def count(self, run_id: str, counts: Mapping[str, int]) -> None:
        with self._counts.lock:
            before = self._counts.get(run_id) or {}
            total = {kind: before.get(kind, 0) + counts.get(kind, 0) for kind in {**before, **counts}}
            total = {kind: number for kind, number in total.items() if kind in before or number}
            if total:
                self._counts.put(total, run_id)
                self._counted.put(stamp(self._now()), run_id)

    def append(self, rows: Sequence[LogRow]) -> None:
        with self._rows.lock:
            for row in rows:
                named = row if row.seq else replace(row, seq=self._next())
                self._rows.put(named, row.system, row.entity, row.record_id, stamp(row.at), named.seq)

    def ensure(self, rows: Sequence[LogRow]) -> None:
        with self._rows.lock:
            for row in rows:
                there = self._rows.get(row.system, row.entity, row.record_id, stamp(row.at), row.seq)
                if there is None and self._kept_still(row):
                    self.append([row])

    def runs(self, limit: int = 50) -> list[Run]:
        with self._runs.lock:
            counts = {key[0]: value for key, value in self._counts.items()}
            runs = {key[0]: value for key, value in self._runs.items()}
        ids = sorted({**runs, **counts}, reverse=True)
        kept = (run_id for run_id in ids if run_expiry(run_id, self._days, self._now()) > epoch(self._now()))
        return [self._run(run_id, runs.get(run_id), counts.get(run_id, {})) for run_id in islice(kept, limit)]

    def rows(
        self,
        *,
        run_id: str | None = None,
        record: tuple[str, str, str] | None = None,
        outcome: str | None = None,
        limit: int = 1000,
    ) -> list[LogRow]:
        rows = (row for row in self._kept(record or ()) if run_id in (None, row.run_id))
        chosen = [row for row in rows if outcome in (None, row.outcome.kind)]
        return sorted(chosen, key=lambda row: (stamp(row.at), row.seq), reverse=True)[:limit]

    def erase(self, record: tuple[str, str, str]) -> int:
        with self._rows.lock:
            keys = [key for key, _ in self._rows.items(*record)]
            for key in keys:
                self._rows.drop(*key)
        return len(keys)

    def _kept(self, record: tuple[str, ...]) -> Iterator[LogRow]:
        rows = (codec.log_row(data) for _, data in self._rows.items(*record))
        return (row for row in rows if self._kept_still(row))

    def _kept_still(self, row: LogRow) -> bool:
        return epoch(row.at + timedelta(days=self._days)) > epoch(self._now())

    def _run(self, run_id: str, data: dict[str, Any] | None, counts: Mapping[str, int]) -> Run:
        if data is None:
            at = self._counted.get(run_id)
            return counted_run(run_id, dict(sorted(counts.items())), moment(at) if at else None, self._now())
        return replace(Run(**data), counts=dict(sorted(counts.items())))

    def _next(self) -> str:
        number = (self._numbers.get() or 0) + 1
        self._numbers.put(number)
        return f"{number:012d}"

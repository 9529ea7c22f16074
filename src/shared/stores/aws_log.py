"""The sync log in DynamoDB: runs with their counts, and one row for each outcome, newest first.

Rows expire after the retention time in the settings; an expired row is never shown, however late DynamoDB
removes it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from shared.domain.link import LogRow
from shared.ports import Run
from shared.stores._attributes import Item
from shared.stores._keys import epoch, integration_name, moment, part, run_expiry, run_start, stamp
from shared.stores._log_rows import LogRows
from shared.stores._table import Condition, Table, under
from shared.stores.body import Bodies

_COUNT = "n_"


class AwsSyncLog:
    """`SyncLog` on the log table. `days` is how long runs are kept; `now` decides what has expired."""

    def __init__(
        self,
        table: Table,
        integration: str,
        rows: LogRows,
        bodies: Bodies,
        days: int,
        now: Callable[[], datetime],
    ) -> None:
        self._table = table
        self._runs_pk = f"{integration_name(integration)}#runs"
        self._rows = rows
        self._bodies = bodies
        self._days = days
        self._now = now

    def put_run(self, run: Run) -> None:
        """1 request."""
        values = {
            "run_id": run.run_id,
            "cause": run.cause,
            "entity": run.entity,
            "system": run.system,
            "state": run.state,
            "started_at": stamp(run.started_at),
            "finished_at": stamp(run.finished_at) if run.finished_at else "",
            "message": run.message,
            "expires": self._expiry(run.run_id),
        }
        self._table.update(
            self._runs_pk,
            part(run.run_id),
            "SET " + ", ".join(f"#{name} = :{name}" for name in values),
            {f":{name}": value for name, value in values.items()},
        )

    def count(self, run_id: str, counts: Mapping[str, int]) -> None:
        """1 request, none for empty counts. Creates the run if it does not exist yet."""
        added = {f"{_COUNT}{kind}": number for kind, number in counts.items() if number}
        if not added:
            return
        change = "SET #run_id = :run_id, #expires = :expires ADD " + ", ".join(
            f"#{name} :{name}" for name in added
        )
        values = {":run_id": run_id, ":expires": self._expiry(run_id)}
        self._table.update(
            self._runs_pk,
            part(run_id),
            change,
            {**values, **{f":{name}": number for name, number in added.items()}},
        )

    def append(self, rows: Sequence[LogRow]) -> None:
        """1 request for 25 rows."""
        items = [self._rows.item(row) for row in rows]
        self._table.write_many(list({(item["pk"], item["sk"]): item for item in items}.values()))

    def runs(self, limit: int = 50) -> list[Run]:
        """Newest first. Usually 1 request."""
        return [self._run(item) for item in islice(self._run_items(limit), limit)]

    def rows(
        self,
        *,
        run_id: str | None = None,
        record: tuple[str, str, str] | None = None,
        outcome: str | None = None,
        limit: int = 1000,
    ) -> list[LogRow]:
        """1 request a megabyte; without run and record, 1 for each run from the newest until `limit` rows are
        found."""
        items = self._items(run_id, record, outcome, limit)
        if run_id is not None and record is not None:
            items = (item for item in items if item["run_pk"] == self._rows.run_pk(run_id))
        found = sorted(islice(items, limit), key=lambda item: str(item["sk"]), reverse=True)
        return [self._rows.row(item) for item in found]

    def erase(self, record: tuple[str, str, str]) -> int:
        """1 request a megabyte read and 1 for 25 rows."""
        keys = [(item["pk"], item["sk"]) for item in self._table.query(under(self._rows.record_pk(record)))]
        self._bodies.forget(self._rows.spill_prefix(record))
        self._table.write_many(deletes=keys)
        return len(keys)

    def _items(
        self, run_id: str | None, record: tuple[str, str, str] | None, outcome: str | None, limit: int
    ) -> Iterator[Item]:
        where = self._where(outcome)
        if record is not None:
            yield from self._table.query(under(self._rows.record_pk(record)), where=where, newest_first=True)
            return
        for one in (run_id,) if run_id is not None else (item["run_id"] for item in self._run_items(limit)):
            keys = Condition("#run_pk = :pk", {":pk": self._rows.run_pk(one)})
            yield from self._table.query(keys, index="by_run", where=where, newest_first=True)

    def _run_items(self, page: int) -> Iterator[Item]:
        return self._table.query(under(self._runs_pk), where=self._where(None), newest_first=True, page=page)

    def _where(self, outcome: str | None) -> Condition:
        kept = Condition("#expires > :now", {":now": epoch(self._now())})
        if outcome is None:
            return kept
        return Condition(f"{kept.text} AND #outcome = :outcome", {**kept.values, ":outcome": outcome})

    def _expiry(self, run_id: str) -> int:
        return run_expiry(run_id, self._days, self._now())

    def _run(self, item: Item) -> Run:
        counts = {
            name[len(_COUNT) :]: number for name, number in sorted(item.items()) if name.startswith(_COUNT)
        }
        texts: dict[str, Any] = {
            name: item.get(name, "") for name in ("cause", "entity", "system", "message")
        }
        started, finished = item.get("started_at"), item.get("finished_at")
        return Run(
            run_id=item["run_id"],
            started_at=moment(started) if started else run_start(item["run_id"]),
            finished_at=moment(finished) if finished else None,
            state=item.get("state", "running"),
            counts=counts,
            **texts,
        )

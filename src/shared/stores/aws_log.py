"""The sync log in DynamoDB: runs with their counts, and one row for each outcome, newest first.

Lists come from one index, by outcome and time: however many rows and quiet runs are stored, a page costs
the same. Rows expire after the retention time in the settings; an expired row is never shown, however late
DynamoDB removes it.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, get_args

from shared.domain.link import LogRow, OutcomeKind
from shared.ports import Run
from shared.stores._attributes import Item
from shared.stores._counted_runs import CALM, counted_run
from shared.stores._keys import (
    epoch,
    integration_name,
    moment,
    part,
    run_day,
    run_expiry,
    run_start,
    stamp,
)
from shared.stores._log_rows import LogRows
from shared.stores._table import Condition, Table, under
from shared.stores.body import Bodies

LISTS = "by_outcome_and_time"
_COUNT = "n_"
_PAGE = 100


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
        change = "SET #run_id = :run_id, #expires = :expires, #counted_at = :counted_at ADD " + ", ".join(
            f"#{name} :{name}" for name in added
        )
        values = {
            ":run_id": run_id,
            ":expires": self._expiry(run_id),
            ":counted_at": stamp(self._now()),
        }
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

    def ensure(self, rows: Sequence[LogRow]) -> None:
        """1 request for 100 rows, and 1 for 25 that are not there."""
        items = {(item["pk"], item["sk"]): item for item in map(self._rows.item, rows)}
        there = {(item["pk"], item["sk"]) for item in self._table.get_many(items)}
        now = epoch(self._now())
        self._table.write_many(
            [item for key, item in items.items() if key not in there and item["expires"] > now]
        )

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
        """Of a record 1 request a megabyte; else 1 for each outcome and hundred rows. For a run 1 more, and
        all rows from its start until it last counted something are read."""
        if record is not None:
            found = self._of_record(record, run_id, outcome)
        elif run_id is not None:
            found = self._of_run(run_id, outcome)
        else:
            found = self._newest(outcome, None, min(limit, _PAGE))
        return [self._rows.row(item) for item in islice(found, limit)]

    def erase(self, record: tuple[str, str, str]) -> int:
        """1 request a megabyte read and 1 for 25 rows."""
        keys = [(item["pk"], item["sk"]) for item in self._table.query(under(self._rows.record_pk(record)))]
        self._bodies.forget(self._rows.spill_prefix(record))
        self._table.write_many(deletes=keys)
        return len(keys)

    def _of_record(
        self, record: tuple[str, str, str], run_id: str | None, outcome: str | None
    ) -> Iterator[Item]:
        keys = under(self._rows.record_pk(record))
        for item in self._table.query(keys, where=self._where(outcome), newest_first=True):
            if run_id is None or run_id == item.get("run"):
                yield item

    def _of_run(self, run_id: str, outcome: str | None) -> Iterator[Item]:
        """A row is saved before its run counts it, in one invocation."""
        run = self._table.get(self._runs_pk, part(run_id)) or {}
        ended = max(str(run.get("counted_at", "")), str(run.get("finished_at", "")))
        until = stamp(moment(ended) + CALM) if ended else "~"
        start = stamp(run_start(run_id)) if run_day(run_id) else "0"
        between = Condition("#sk BETWEEN :from AND :to", {":from": start, ":to": until})
        of_run = Condition("#run = :run", {":run": run_id})
        return self._newest(outcome, between, None, of_run)

    def _newest(
        self, outcome: str | None, between: Condition | None, page: int | None, where: Condition | None = None
    ) -> Iterator[Item]:
        """From the index, newest first: what was saved in the last second may be missing."""
        kept = _both(self._where(None), where)
        return _merged(
            self._table.query(
                _both(Condition("#list_pk = :pk", {":pk": self._rows.list_pk(kind)}), between),
                index=LISTS,
                where=kept,
                newest_first=True,
                page=page,
            )
            for kind in ((outcome,) if outcome else get_args(OutcomeKind))
        )

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
        started, finished, counted = (item.get(f"{name}_at") for name in ("started", "finished", "counted"))
        if not started:
            return counted_run(item["run_id"], counts, moment(counted) if counted else None, self._now())
        return Run(
            run_id=item["run_id"],
            started_at=moment(started),
            finished_at=moment(finished) if finished else None,
            state=item["state"],
            counts=counts,
            **texts,
        )


def _merged(lists: Iterable[Iterator[Item]]) -> Iterator[Item]:
    """Lists that are newest first as one; each is read only as far as it is needed."""
    return heapq.merge(*lists, key=lambda item: str(item["sk"]), reverse=True)


def _both(one: Condition, other: Condition | None) -> Condition:
    if other is None:
        return one
    return Condition(f"{one.text} AND {other.text}", {**one.values, **other.values})

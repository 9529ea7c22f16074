"""The log as JSON: times in UTC, ids whole, values as they are."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from shared.domain.link import LogRow
from shared.ports import Run


def facts(rows: Sequence[LogRow], runs: Sequence[Run]) -> dict[str, Any]:
    """`counts` by outcome over the records shown."""
    return {
        "counts": dict(Counter(row.outcome.kind for row in rows)),
        "records": [row_facts(row) for row in rows],
        "runs": [run_facts(run) for run in runs],
    }


def run_facts(run: Run) -> dict[str, Any]:
    return {
        "id": run.run_id,
        "cause": run.cause,
        "entity": run.entity,
        "system": run.system,
        "state": run.state,
        "message": run.message,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "counts": dict(run.counts),
    }


def row_facts(row: LogRow) -> dict[str, Any]:
    what = row.outcome
    return {
        "at": row.at,
        "run": row.run_id,
        "system": row.system,
        "entity": row.entity,
        "id": row.record_id,
        "label": row.label,
        "outcome": what.kind,
        "reason": what.reason,
        "rule": what.rule,
        "field": what.field,
        "value": what.value,
        "notes": list(what.notes),
        "waits_for": what.waits_for,
        "until": what.until,
        "cause": row.cause,
        "attempt": row.attempt,
        "changes": list(row.changes),
        "records": {
            system: {"id": found[0], "label": found[1], "address": found[2]}
            for system, found in row.records.items()
        },
    }

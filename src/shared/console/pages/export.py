"""What the log page shows, as a file: the same filters, all pages at once."""

import json
from typing import Any

from shared.console.files import csv_reply
from shared.console.pages.log import wanted_of
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.link import LogRow
from shared.operations.log_search import every

MOST = 5_000
"""Rows: about what an answer of Lambda's six megabytes holds."""
_BYTES = 4_500_000
LOOK = 20_000
"""Rows looked at: some seconds, within the half minute that a page may take."""
MORE = "There may be more: narrow it down by days"


def csv_file(visit: Visit) -> Reply:
    found, more = _rows(visit)
    rows: list[list[Any]] = [[*found[0]] if found else [], *([*one.values()] for one in found)]
    return csv_reply([*rows, *([[MORE]] if more else [])], _name(visit, "csv"))


def json_file(visit: Visit) -> Reply:
    """{"rows": […], "more": whether there are others}"""
    found, more = _rows(visit)
    body = json.dumps({"rows": found, "more": more}, ensure_ascii=False)
    named = {"Content-Disposition": f'attachment; filename="{_name(visit, "json")}"'}
    return Reply(200, body, kind="application/json", headers=named)


def _rows(visit: Visit) -> tuple[list[dict[str, Any]], bool]:
    """And whether there are more than fit, or than can be looked through."""
    kept, size = list[dict[str, Any]](), 0
    for row in every(visit.services.stores.log, wanted_of(visit.query), LOOK):
        if row is None:
            return kept, True
        one = _flat(row)
        size += sum(len(str(value).encode()) + 20 for value in one.values())
        if len(kept) == MOST or size > _BYTES:
            return kept, True
        kept.append(one)
    return kept, False


def _flat(row: LogRow) -> dict[str, Any]:
    return {
        "at": f"{row.at:%Y-%m-%dT%H:%M:%SZ}",
        "outcome": row.outcome.kind,
        "entity": row.entity,
        "system": row.system,
        "record": row.record_id,
        "name": row.label,
        "reason": row.outcome.reason,
        "rule": str(row.outcome.rule),
        "field": row.outcome.field,
        "value": row.outcome.value,
        "notes": "; ".join(row.outcome.notes),
        "cause": row.cause,
        "run": row.run_id,
        "others": "; ".join(
            f"{system} {label or one}" for system, (one, label, _) in sorted(row.records.items())
        ),
    }


def _name(visit: Visit, suffix: str) -> str:
    return f"tieout-{visit.services.integration.name}-log-{visit.now:%Y-%m-%d}.{suffix}"

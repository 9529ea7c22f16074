"""What the log page shows, as a file: the same filters, all pages at once."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from shared.console.pages.log import wanted_of
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.link import LogRow
from shared.operations.log_search import every

MOST = 5_000
"""Rows: about what an answer of Lambda's six megabytes holds."""
_BYTES = 5_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run."""


def csv_file(visit: Visit) -> Reply:
    made = io.StringIO()
    rows, size = csv.writer(made), 0
    for number, one in enumerate(_rows(visit)):
        if number == 0:
            rows.writerow(one)
        rows.writerow(_harmless(str(value)) for value in one.values())
        size = made.tell()
        if size > _BYTES:
            break
    # With a mark of UTF-8 in front, without which a spreadsheet reads it in another encoding.
    return Reply(
        200, "\ufeff" + made.getvalue(), kind="text/csv; charset=utf-8", headers=_named(visit, "csv")
    )


def json_file(visit: Visit) -> Reply:
    kept, size = list[str](), 0
    for one in _rows(visit):
        kept.append(json.dumps(one, ensure_ascii=False))
        size += len(kept[-1].encode())
        if size > _BYTES:
            break
    return Reply(200, "[" + ",\n".join(kept) + "]", kind="application/json", headers=_named(visit, "json"))


def _rows(visit: Visit) -> Iterator[dict[str, Any]]:
    return map(_flat, every(visit.services.stores.log, wanted_of(visit.query), MOST))


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


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _named(visit: Visit, suffix: str) -> dict[str, str]:
    name = f"tieout-{visit.services.integration.name}-log-{visit.now:%Y-%m-%d}.{suffix}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}

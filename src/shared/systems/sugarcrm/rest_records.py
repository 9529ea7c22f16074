"""Turns v11 records into snapshots, and builds the `fields` argument that requests them. Pure.

A nested link map in `fields` brings the related records in the same call. Its answer comes in several shapes:
a collection (`{"records": [...]}`), a list, or, for a link to one record, the record itself; `linked` tells
all of them from no answer.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.ports import ObjectSpec, Related, Snapshot, Values
from shared.systems.sugarcrm.records import MODIFIED, related_fields, related_values, text, wanted_fields

MAX_LINKED = 100
"""How many lines per record are requested within a list; a second read completes a record with more."""


def fields_argument(spec: ObjectSpec) -> str:
    """Comma-separated names, with a JSON map for each link (the documented mixed form)."""
    nested = [
        {"name": item.link, "fields": related_fields(item), **({"max_num": MAX_LINKED} if item.many else {})}
        for item in spec.related
    ]
    return ",".join([*wanted_fields(spec), *(json.dumps(item, separators=(",", ":")) for item in nested)])


def linked(record: Mapping[str, Any], related: Related) -> list[dict[str, Any]] | None:
    """The related records in an answer; None if they are missing or incomplete, so that they must be read."""
    answer = record.get(related.link)
    rows: Any = None
    if isinstance(answer, list):
        rows = answer
    elif isinstance(answer, dict) and "records" in answer:
        more = str(answer.get("next_offset", -1))
        rows = answer["records"] if more in ("-1", "") else None
    elif isinstance(answer, dict) and answer:
        rows = [answer]
    elif isinstance(answer, dict):
        rows = []
    if not isinstance(rows, list) or not all(_whole(row, related) for row in rows):
        return None
    # If a link is empty although the record names its id, it is hidden or was not looked up: ask for it,
    # never
    # leave it blank.
    named = None if related.many or not related.id_field else record.get(related.id_field)
    return rows if rows or not named else None


def _whole(row: Any, related: Related) -> bool:
    return isinstance(row, dict) and all(name in row for name in related_fields(related))


def snapshot(
    spec: ObjectSpec,
    record: Mapping[str, Any],
    at: datetime,
    related: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> Snapshot:
    """`related` is name -> records; left out after a write, when the answer has only the record itself."""
    values: Values = {
        name: record.get(name) for name in wanted_fields(spec) if related is not None or name in record
    }
    for item in spec.related:
        if related is not None:
            values.update(related_values(item, related.get(item.name, ())))
    version = record.get(spec.version_path or MODIFIED)
    return Snapshot(text(record.get("id")), values, at, text(version) or None)

"""Stored previews as a file: every record, and every value that would be written. Of one list, or the newest
of each."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from shared.console.files import csv_reply
from shared.console.pages.preview import chosen
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.operations.preview_run import previewed
from shared.operations.preview_store import Made, Planned, Previews

COLUMNS = (
    "entity",
    "system",
    "record",
    "name",
    "would",
    "reason",
    "amount",
    "currency",
    "in",
    "field",
    "before",
    "after",
)
MORE = "There are more: take this list by itself"
_BYTES = 4_000_000
"""What an answer of Lambda's six megabytes holds, packed as text."""
Stored = tuple[Made, list[Planned]]


def csv_file(visit: Visit) -> Reply:
    """One line for each value that would be written, and one for a record without any. The amount stands in
    a record's first line alone, so that a sum over the column is that of the records."""
    stored, left = _stored(visit)
    rows = [row for made, records in stored for row in _rows(made, records)]
    return csv_reply([COLUMNS, *rows, *((entity, MORE) for entity in left)], _name(visit, "csv"))


def json_file(visit: Visit) -> Reply:
    """{"previews": [{"entity", "began_at", "counts", "totals", …, "records": […]}], "left_out": the entities
    whose preview is too long to stand beside the others}: money as text, exactly."""
    stored, left = _stored(visit)
    told = [{**asdict(made), "records": [asdict(one) for one in records]} for made, records in stored]
    text = json.dumps({"previews": told, "left_out": left}, ensure_ascii=False, default=str)
    named = {"Content-Disposition": f'attachment; filename="{_name(visit, "json")}"'}
    return Reply(200, text, kind="application/json", headers=named)


def _stored(visit: Visit) -> tuple[list[Stored], list[str]]:
    """And the entities that are left out."""
    previews, entities = Previews(visit.services.stores.cache), previewed(visit.services)
    stored = previews.of(entities, visit.now)
    one = chosen(visit, stored)
    wanted = [one] if one is not None else [made[0] for made in stored.values() if made]
    found, left, size = list[Stored](), list[str](), 0
    for made in wanted:
        records = previews.records(made, visit.now)
        size += len(json.dumps([asdict(each) for each in records], ensure_ascii=False, default=str).encode())
        if found and size > _BYTES:
            left.append(made.entity)
        else:
            found.append((made, records))
    return found, left


def _rows(made: Made, records: list[Planned]) -> Iterator[tuple[Any, ...]]:
    for one in records:
        told = (made.entity, one.system, one.id, one.label, one.would, one.reason)
        worth = ("" if one.amount is None else one.amount, one.currency)
        values = [(each.system, each.name, each.before, each.after) for each in one.fields] or [("",) * 4]
        for number, value in enumerate(values):
            yield (*told, *(worth if number == 0 else ("", "")), *value)


def _name(visit: Visit, suffix: str) -> str:
    """Of what was asked for; the address is checked by then."""
    entity = visit.query.get("entity", "")
    listed = f"-{entity}" if entity else ""
    return f"tieout-{visit.services.integration.name}-preview{listed}-{visit.now:%Y-%m-%d-%H%M}.{suffix}"

"""Quotations whose last day has passed: nothing changes in their record, so no list of changes names them.

They are asked for once a day, behind the first list of that day.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shared.ports import ObjectSpec, Page
from shared.systems.sage_50 import changes, search
from shared.systems.sage_50.dates import SageDates
from shared.systems.sage_50.fields import Table
from shared.systems.sage_50.quote_state import QUOTE
from shared.systems.sage_50.reader import Reader


def pages(
    reader: Reader,
    dates: SageDates,
    spec: ObjectSpec,
    table: Table,
    cursor: Mapping[str, Any] | None,
    size: int,
    today: date,
) -> Iterator[Page]:
    """As `changes.pages`; a cursor also holds the `day` up to which expiry dates were looked at."""
    looked = str((cursor or {}).get("day") or "")
    kept = {"day": looked or today.isoformat()}
    due = bool(looked) and looked < today.isoformat()
    at: Mapping[str, Any] = {}
    for page in changes.pages(reader, dates, spec, table, cursor, size):
        at = {**page.cursor, **kept}
        yield Page(page.records, at, page.last and not due)
    if due:
        found = reader.search(
            table,
            [
                {"field": "ORDER_TYPE_CODE", "type": "eq", "value": str(QUOTE)},
                {"field": "QUOTE_EXPIRY_DATE", "type": "gte", "value": dates.wire(looked)},
                {"field": "QUOTE_EXPIRY_DATE", "type": "lt", "value": dates.wire(today.isoformat())},
                search.KEPT,
            ],
        )
        whole = tuple(reader.complete(table, found, ["invoiceItems"]))
        yield Page(whole, {**at, "day": today.isoformat()}, True)

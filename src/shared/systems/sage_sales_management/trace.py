"""Finds what a create may have made when its answer was lost, where our key is not kept: by the time it was
made and
its content."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.ports import Clock, ObjectSpec, Traces, Values
from shared.systems.sage_sales_management.language import second
from shared.systems.sage_sales_management.reader import Reader
from shared.systems.sage_sales_management.resources import LINES, resource_of
from shared.systems.sage_sales_management.values import Row, folded, is_deleted, moment, native

_CLOCKS_DIFFER = timedelta(seconds=300)


def trace(reader: Reader, clock: Clock, spec: ObjectSpec, values: Values, since: datetime) -> Traces:
    """Whose keys made a record is not known before the first one is found: so others than ours are never
    told."""
    wanted = {path: values[path] for path in spec.witness if path != LINES and not _blank(values.get(path))}
    if not wanted:
        return Traces()
    at = clock.now()
    started = since - _CLOCKS_DIFFER
    rows = reader.matching(resource_of(spec.object).path, [f"dateCreated>'{second(started)}'"])
    same = [
        row
        for row in rows
        if not is_deleted(row)
        and (moment(row.get("dateCreated")) or started) > started
        and all(_equal(native(row, path), value) for path, value in wanted.items())
    ]
    return Traces(tuple(reader.snapshots(spec, _in_order(same), at)))


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: int(row["id"]))


def _blank(value: Any) -> bool:
    return value is None or value == ""


def _equal(found: Any, sent: Any) -> bool:
    if isinstance(found, (int, Decimal)) and not isinstance(found, bool):
        try:
            return Decimal(found) == Decimal(str(sent))
        except InvalidOperation:
            return False
    left, right = folded(found), folded(sent)
    return left == right or (left.endswith("t00:00:00z") and left[:10] == right[:10])

"""Parked events in DynamoDB, sorted by when they wake.

A record parked twice for the same moment is one row: an event is only a hint to look, unless a person says
something of the record with it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from shared.domain.spans import from_ahead
from shared.ports import Parked
from shared.stores import forms
from shared.stores._keys import integration_name, stamp
from shared.stores._park_names import park_id
from shared.stores._table import Condition, Table
from shared.stores.body import expand, shrink


class AwsParkStore:
    """`ParkStore` on the state table."""

    def __init__(self, table: Table, integration: str) -> None:
        self._table = table
        self._pk = f"{integration_name(integration)}#K"

    def park(self, parked: Sequence[Parked]) -> None:
        """1 request for 25."""
        rows = {park_id(one): {"pk": self._pk, "sk": park_id(one), "data": shrink(one)} for one in parked}
        self._table.write_many(list(rows.values()))

    def due(self, now: datetime, limit: int) -> list[Parked]:
        """Those due for longest come first, each with its `id`. 1 request for each megabyte."""
        keys = Condition("#pk = :pk AND #sk < :end", {":pk": self._pk, ":end": f"{stamp(now)}$"})
        items = islice(self._table.query(keys, page=limit), limit)
        return [replace(forms.parked(expand(item["data"])), id=item["sk"]) for item in items]

    def ahead(self, now: datetime) -> list[Parked]:
        """1 request for each megabyte."""
        items = self._table.query(Condition("#pk = :pk", {":pk": self._pk}))
        found = [replace(forms.parked(expand(item["data"])), id=item["sk"]) for item in items]
        return [one for one in found if from_ahead(one.since or now, one.wake_at, now)]

    def remove(self, parked: Sequence[Parked]) -> None:
        """1 request for 25."""
        self._table.write_many(deletes=[(self._pk, one.id or park_id(one)) for one in parked])

    def count(self) -> int:
        """1 request a megabyte."""
        return self._table.count(self._pk)

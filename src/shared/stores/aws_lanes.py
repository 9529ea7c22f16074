"""Lanes in DynamoDB: one caller at a time for a vendor resource, across all functions of an integration."""

from datetime import datetime

from shared.stores import _lease_rows
from shared.stores._keys import integration_name, part
from shared.stores._table import Table


class AwsLanes:
    """`Lanes` on the state table."""

    def __init__(self, table: Table, integration: str) -> None:
        self._table = table
        self._pk = f"{integration_name(integration)}#N"

    def acquire(self, lane: str, owner: str, until: datetime, now: datetime) -> bool:
        """1 request. Taking a lane that one already has extends it."""
        return _lease_rows.take(self._table, self._pk, part(lane), owner, until, now)

    def release(self, lane: str, owner: str) -> None:
        """1 request."""
        _lease_rows.drop(self._table, self._pk, part(lane), owner)

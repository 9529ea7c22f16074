"""Poll cursors in DynamoDB, one row for each system and entity, kept exactly (times and Decimals
included)."""

from collections.abc import Mapping
from typing import Any

from shared.stores._keys import integration_name, joined
from shared.stores._table import Table
from shared.stores.body import expand, shrink


class AwsCursors:
    """`Cursors` on the state table."""

    def __init__(self, table: Table, integration: str) -> None:
        self._table = table
        self._pk = f"{integration_name(integration)}#C"

    def load(self, system: str, entity: str) -> dict[str, Any] | None:
        """1 request, strongly consistent."""
        item = self._table.get(self._pk, joined(system, entity))
        return None if item is None else expand(item["data"])

    def save(self, system: str, entity: str, cursor: Mapping[str, Any]) -> None:
        """1 request."""
        self._table.put({"pk": self._pk, "sk": joined(system, entity), "data": shrink(dict(cursor))})

    def drop(self, system: str, entity: str) -> None:
        """1 request."""
        self._table.delete(self._pk, joined(system, entity))

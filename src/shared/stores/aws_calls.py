"""Calls to vendors in DynamoDB: one row a day for all systems of an integration, and one row for each system
whose calls are limited.

The counts are added once a batch, so they are about right where a worker dies; the windows are written before
the calls that they permit, so they never say too little.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from shared.domain.call_budget import Window
from shared.stores._call_windows import slots_text, spans_text, window_of
from shared.stores._keys import epoch, integration_name, part
from shared.stores._table import Condition, Table

KEPT = timedelta(days=35)
_DAY, _WINDOW = "day#", "limit#"


class AwsCallCounts:
    """`CallCounts` on the state table."""

    def __init__(self, table: Table, integration: str) -> None:
        self._table = table
        self._pk = f"{integration_name(integration)}#V"

    def add(self, day: str, calls: Mapping[str, int]) -> None:
        """1 request."""
        values = {f":c{number}": count for number, count in enumerate(calls.values())}
        added = ", ".join(f"#{system} :c{number}" for number, system in enumerate(calls))
        gone = epoch(datetime.fromisoformat(day).replace(tzinfo=UTC) + KEPT)
        change = f"SET #expires = :expires ADD {added}"
        self._table.update(self._pk, _DAY + day, change, {**values, ":expires": gone})

    def of(self, day: str) -> dict[str, int]:
        """1 request."""
        item = self._table.get(self._pk, _DAY + day) or {}
        return {name: count for name, count in item.items() if name not in ("pk", "sk", "expires")}

    def window(self, system: str) -> tuple[Window, int]:
        """1 request, strongly consistent."""
        item = self._table.get(self._pk, _WINDOW + part(system))
        return (Window(), 0) if item is None else (window_of(item["spans"], item["slots"]), item["version"])

    def save_window(self, system: str, window: Window, version: int) -> bool:
        """1 request."""
        item = {"pk": self._pk, "sk": _WINDOW + part(system), "version": version + 1}
        item |= {"spans": spans_text(window), "slots": slots_text(window)}
        text = "#version = :version" if version else "attribute_not_exists(#pk)"
        return self._table.put(item, Condition(text, {":version": version} if version else {}))

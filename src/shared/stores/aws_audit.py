"""The audit trail in the log table: one partition for an integration, and one for the stack, sorted by time.

It outlives the sync log: whoever signs a year's accounts may ask who let what go on.
"""

from datetime import datetime, timedelta
from itertools import islice

from shared.domain import codec
from shared.ports.audit import Entry
from shared.stores import _console_forms as forms
from shared.stores._keys import epoch, integration_name, part, stamp
from shared.stores._table import Condition, Table, under

KEPT = timedelta(days=400)
"""A year, and the month in which it is looked at."""


class AwsAuditTrail:
    """`AuditTrail` on the log table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, entry: Entry) -> None:
        """1 request."""
        self._table.put(
            {
                "pk": partition(entry.integration),
                "sk": f"{stamp(entry.at)}#{part(entry.id)}",
                "data": codec.dumps(entry),
                "expires": epoch(entry.at + KEPT),
            }
        )

    def newest(self, integration: str, limit: int = 100, before: datetime | None = None) -> list[Entry]:
        """1 request a megabyte, or `limit` rows."""
        keys = under(partition(integration))
        if before is not None:
            keys = Condition(f"{keys.text} AND #sk < :before", {**keys.values, ":before": stamp(before)})
        rows = self._table.query(keys, newest_first=True, page=limit)
        return [forms.entry(codec.loads(row["data"])) for row in islice(rows, limit)]


def partition(integration: str) -> str:
    return f"{integration_name(integration) if integration else ''}#audit"

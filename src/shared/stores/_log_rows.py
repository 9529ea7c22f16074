"""How a row of the log is stored, shared by the log and by link commits, which save a row in the same
request."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.domain import codec
from shared.domain.link import LogRow
from shared.stores._attributes import Item
from shared.stores._keys import epoch, integration_name, joined, part, stamp
from shared.stores.body import Bodies


class LogRows:
    """Keys and bodies of log rows. `days` is how long a row is kept."""

    def __init__(self, integration: str, bodies: Bodies, days: int) -> None:
        self._integration = integration_name(integration)
        self._bodies = bodies
        self._days = days

    def record_pk(self, record: tuple[str, str, str]) -> str:
        return f"{self._integration}#rec#{joined(*record)}"

    def run_pk(self, run_id: str) -> str:
        return f"{self._integration}#run#{part(run_id)}"

    def spill_prefix(self, record: tuple[str, str, str]) -> str:
        return f"spill/log/{self._integration}/{joined(*record)}/"

    def item(self, row: LogRow) -> Item:
        """A row without `seq` gets a random one, so that two rows with the same time never replace each
        other."""
        row = row if row.seq else replace(row, seq=uuid.uuid4().hex[:12])
        record = (row.system, row.entity, row.record_id)
        return {
            "pk": self.record_pk(record),
            "sk": f"{stamp(row.at)}#{part(row.seq)}",
            "run_pk": self.run_pk(row.run_id),
            "outcome": row.outcome.kind,
            "expires": epoch(row.at + timedelta(days=self._days)),
            **self._bodies.pack(row, self.spill_prefix(record)),
        }

    def row(self, item: dict[str, Any]) -> LogRow:
        return codec.log_row(self._bodies.unpack(item))

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

    def list_pk(self, outcome: str) -> str:
        """Under which the index `by_outcome_and_time` has the rows of one outcome, whatever caused them."""
        return f"{self._integration}#log#{part(outcome)}"

    def spill_prefix(self, record: tuple[str, str, str]) -> str:
        return f"spill/log/{self._integration}/{joined(*record)}/"

    def item(self, row: LogRow) -> Item:
        """A row without `seq` gets a random one, so that two rows with the same time never replace each
        other."""
        row = row if row.seq else replace(row, seq=uuid.uuid4().hex[:12])
        record = (row.system, row.entity, row.record_id)
        inside, outside = self._bodies.pack(row, self.spill_prefix(record))
        return {
            "pk": self.record_pk(record),
            "sk": f"{stamp(row.at)}#{part(row.seq)}",
            "list_pk": self.list_pk(row.outcome.kind),
            "run": row.run_id,
            "outcome": row.outcome.kind,
            "expires": epoch(row.at + timedelta(days=self._days)),
            "data": inside,
            "spill": outside,
        }

    def row(self, item: dict[str, Any]) -> LogRow:
        return codec.log_row(self._bodies.unpack(item.get("data"), item.get("spill")))

"""What one customer owes, or will owe, as far as the ledger and Tieout know: read while a lane of this
customer is held, so that no other worker orders for it meanwhile.

The ledger's orders are read before its balance: one that is invoiced in between is counted twice for a
moment, and never not at all. An order that was begun and is not listed yet is noted before it is sent. The
note is dropped when the ledger lists the order, when it refused it, or when nothing can come of it any more.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.domain.keys import OUR_KEY
from shared.mapping.check import unmet_condition
from shared.mapping.rules import Reference
from shared.ports import Position, Snapshot
from shared.sync.engine.context import Context
from shared.sync.seen import read_seen

KEPT_AS = "credit"
"""Where notes are kept among the cursors, in place of a system's name."""


class Exposure:
    """`orders`: our key -> what the order comes to, of all that Tieout made and that are not invoiced.
    `begun`: the same of those that the ledger does not list, with the time after which nothing comes of
    them."""

    def __init__(self, ctx: Context, entity: str, reference: Reference, customer: str) -> None:
        self._ctx, self._entity, self._reference, self.customer = ctx, entity, reference, customer
        self.position: Position | None = None
        self.orders: dict[str, Decimal] = {}
        self.begun: dict[str, tuple[Decimal, datetime]] = {}
        self.read_at: datetime | None = None

    def read(self) -> None:
        """Three calls for Sage 50. Raises the SyncErrors of the ledger."""
        ctx, ledger = self._ctx, self._reference.system
        began = ctx.now()
        object_map = ctx.map(self._entity, ledger)
        path = object_map.native_paths[self._reference.field][0]
        rows = ctx.systems[ledger].find(object_map.spec, path, [self.customer]).get(self.customer, [])
        debtors = ctx.systems[ledger].debtors()
        self.position = debtors.of([self.customer]).get(self.customer) if debtors is not None else None
        keyed = {str(row.values.get(object_map.spec.key_path or "") or ""): row for row in rows}
        ours = {key: row for key, row in keyed.items() if OUR_KEY.fullmatch(key)}
        tables = ctx.tables_of(ledger)
        alive = {key: row for key, row in ours.items() if not _done(object_map.spec.closed, row)}
        worths = {key: _worth(read_seen(object_map, row.values, tables)) for key, row in alive.items()}
        self.orders = {key: worth for key, worth in worths.items() if worth is not None}
        kept = ctx.stores.cursors.load(KEPT_AS, self.customer) or {}
        self.begun = {
            key: (Decimal(worth), until)
            for key, (worth, until) in kept.items()
            if (key not in ours and until > began) or (key in worths and key not in self.orders)
        }
        self.read_at = began

    def others(self, key: str) -> Decimal:
        """All but the order of this key."""
        listed = sum((worth for one, worth in self.orders.items() if one != key), Decimal(0))
        return listed + sum((worth for one, (worth, _) in self.begun.items() if one != key), Decimal(0))

    def begin(self, key: str, worth: Decimal) -> None:
        """Noted before it is sent."""
        settle = self._ctx.systems[self._reference.system].settle_seconds
        self.begun[key] = (worth, self._ctx.deadline + timedelta(seconds=2 * settle))
        self._keep()

    def refused(self, key: str) -> None:
        """Nothing was made under this key, for certain."""
        if self.begun.pop(key, None) is not None:
            self._keep()

    def _keep(self) -> None:
        rows = {key: [str(worth), until] for key, (worth, until) in self.begun.items()}
        self._ctx.stores.cursors.save(KEPT_AS, self.customer, rows)


def _worth(view: Mapping[str, Any]) -> Decimal | None:
    """None where the ledger's list does not say it: what was noted counts on."""
    parts = [view[part] for part in ("net", "tax") if view.get(part) is not None]
    return sum(parts, Decimal(0)) if parts else None


def _done(closed: Any, row: Snapshot) -> bool:
    """Despatched, so that it is invoiced, or cancelled."""
    return any(unmet_condition((one,), row.values) is None for one in closed)

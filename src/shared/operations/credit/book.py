"""What the CRM was told of each customer, in the cache: losing it costs a pass over all of them, no more."""

from collections.abc import Iterable
from datetime import timedelta
from zlib import crc32

from shared.bootstrap import Services
from shared.mapping.rules import Credit
from shared.sync.credit import Told

PARTS = 16
"""Rows of 100,000 customers are below what one row of the table takes."""
_KEPT = timedelta(days=7)


class Book:
    """1 request to open it; each part that changed is written once by `save`."""

    def __init__(self, services: Services, rules: Credit) -> None:
        self._cache, self._clock = services.stores.cache, services.clock
        self._kind = f"credit.{rules.ledger}.{services.flow.version}"
        names = [str(number) for number in range(PARTS)]
        kept = self._cache.get(self._kind, names, self._clock.now())
        self.rows: dict[str, Told] = {
            key: Told.of(row) for part in kept.values() for key, row in part["rows"].items()
        }
        self.new = not self.rows
        self._dirty: set[str] = set()

    def ids(self) -> list[str]:
        return sorted(self.rows)

    def put(self, customer: str, told: Told) -> None:
        if self.rows.get(customer) != told:
            self.rows[customer] = told
            self._dirty.add(_part(customer))

    def save(self) -> None:
        if not self._dirty:
            return
        made: dict[str, dict[str, dict[str, list[str]]]] = {name: {"rows": {}} for name in self._dirty}
        for customer, told in self.rows.items():
            if (name := _part(customer)) in made:
                made[name]["rows"][customer] = told.row()
        self._cache.put(self._kind, made, self._clock.now() + _KEPT)
        self._dirty.clear()

    def forget(self, gone: Iterable[str]) -> None:
        """Customers that the ledger no longer lists."""
        for customer in gone:
            if self.rows.pop(customer, None) is not None:
                self._dirty.add(_part(customer))


def _part(customer: str) -> str:
    return str(crc32(customer.encode()) % PARTS)

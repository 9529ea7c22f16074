"""Reference tables of the systems (currencies, tax codes), read once per invocation and kept for an hour in
the cache.

Pure but for the ports it is given.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from shared.mapping.model import Flow
from shared.mapping.tables import currency_table, exchange_rates, tax_rates
from shared.mapping.tax_periods import TaxPeriod, tax_periods
from shared.mapping.users import user_table
from shared.ports import Cache, System

_MEANING: Mapping[str, Callable[[list[dict[str, Any]]], Mapping[str, Any]]] = {
    "currencies": currency_table,
    "tax_codes": tax_rates,
    "users": user_table,
}
KEPT = timedelta(hours=1)
TableName = Literal["currencies", "tax_codes", "users"]


class Tables:
    """system -> table name -> native id -> meaning (ISO code; tax rate as Decimal, per cent)."""

    def __init__(
        self,
        systems: Mapping[str, System],
        needed: Mapping[str, frozenset[str]],
        cache: Cache,
        now: Callable[[], datetime],
    ) -> None:
        self._systems, self._needed, self._cache, self._now = systems, needed, cache, now
        self._fresh: set[str] = set()
        self._cached: Mapping[str, Mapping[str, Any]] | None = None
        self._kept: dict[str, dict[str, dict[str, Any]]] = {}
        self._read: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def of(self, system: str) -> Mapping[str, Mapping[str, Any]]:
        """Raises SyncErrors of the system when a table must be read and cannot be."""
        if system not in self._kept:
            self._kept[system] = {
                name: self._load(system, name) for name in sorted(self._needed.get(system, ()))
            }
        return self._kept[system]

    def rates(self, system: str) -> Mapping[str, Decimal]:
        """ISO code -> exchange rate as the system states it."""
        return exchange_rates(self._rows(system, "currencies"))

    def periods(self, system: str) -> tuple[TaxPeriod, ...]:
        """The system's tax codes with the days on which each percentage holds."""
        return tax_periods(self._rows(system, "tax_codes"))

    def refresh(self, system: str) -> bool:
        """Reads the tables anew, once per invocation: False when that was done already. For an id that is not
        in them."""
        if system in self._fresh:
            return False
        self._fresh.add(system)
        self._kept.pop(system, None)
        self._read = {key: rows for key, rows in self._read.items() if key[0] != system}
        self.of(system)
        return True

    def _load(self, system: str, name: str) -> dict[str, Any]:
        return dict(_MEANING[name](self._rows(system, name)))

    def _rows(self, system: str, name: str) -> list[dict[str, Any]]:
        if (system, name) in self._read:
            return self._read[(system, name)]
        found = {} if system in self._fresh else self._stored().get(f"{system}.{name}", {})
        rows: list[dict[str, Any]] | None = found.get("rows")
        if rows is None:
            rows = list(self._systems[system].table(name))  # type: ignore[arg-type]
            self._cache.put("table", {f"{system}.{name}": {"rows": rows}}, self._now() + KEPT)
        self._read[(system, name)] = rows
        return rows

    def _stored(self) -> Mapping[str, Mapping[str, Any]]:
        """What the cache holds of all systems' tables: one request for the lot."""
        if self._cached is None:
            keys = [f"{system}.{name}" for system, names in self._needed.items() for name in sorted(names)]
            self._cached = self._cache.get("table", keys, self._now()) if keys else {}
        return self._cached


def tables_needed(flow: Flow) -> dict[str, frozenset[str]]:
    """system -> reference tables used by its maps, or by the pricing of records created there."""
    needed: dict[str, set[str]] = {}
    for entity in flow.entities.values():
        for system, object_map in entity.maps.items():
            needed.setdefault(system, set()).update(object_map.tables)
            pricing = None if entity.off else entity.pricing
            if pricing is not None and entity.direction != f"from {system}":
                needed[system].add("tax_codes")
                if pricing.by == "tieout":
                    needed[system].add("currencies")
    return {system: frozenset(names) for system, names in needed.items()}

"""The small tables of an installation: currencies and taxes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shared.domain.record import record
from shared.errors import Halt
from shared.ports import Cache, Clock
from shared.systems.vtiger.api import Api
from shared.systems.vtiger.values import decimal_of, native, plain

_KEPT = timedelta(hours=1)
_BASE = "-11"
_TABLES = {"Currency": "SELECT * FROM Currency;", "Tax": "SELECT * FROM Tax;"}


@record
class Tax:
    """`name` is tax1, tax2, …; `rate` is its own percentage, from which a product may differ."""

    name: str
    label: str
    rate: Decimal


class Reference:
    def __init__(self, api: Api, cache: Cache, clock: Clock, tax: str) -> None:
        self._api, self._cache, self._clock, self._tax = api, cache, clock, tax
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def currencies(self) -> list[dict[str, str]]:
        """Read again each time."""
        return [
            {
                "id": native(row.get("id")),
                "iso": native(row.get("currency_code")).upper(),
                "rate": plain(decimal_of(row.get("conversion_rate"))),
                "base": "1" if native(row.get("defaultid")) == _BASE else "0",
            }
            for row in self._fresh("Currency")
        ]

    def tax_codes(self) -> list[dict[str, str]]:
        """Read again each time."""
        return [
            {"id": tax.name, "rate": plain(tax.rate), "name": tax.label} for tax in _taxes(self._fresh("Tax"))
        ]

    def taxes(self) -> Sequence[Tax]:
        """The active ones: the preferred one first, the others in Vtiger's order."""
        found = _taxes(self._kept("Tax"))
        first = self.preferred()
        return sorted(found, key=lambda tax: tax != first)

    def tax_names(self) -> list[str]:
        """Of all active taxes, of any method: a line that does not name one gets its product's rate."""
        return [native(row.get("taxname")) for row in self._kept("Tax")]

    def preferred(self) -> Tax | None:
        """The tax in the settings; without one, the tax called VAT, otherwise the first. Raises Halt for an
        unknown tax."""
        found = _taxes(self._kept("Tax"))
        wanted = self._tax.strip().casefold()
        if wanted:
            named = [tax for tax in found if wanted in (tax.name.casefold(), tax.label.casefold())]
            if not named:
                known = ", ".join(f"{tax.label} ({tax.name})" for tax in found) or "none"
                raise Halt(
                    f"the setting tax of the Vtiger connection is '{self._tax}', which is not an active tax "
                    f"of the method Simple there; those are: {known}"
                )
            return named[0]
        return next((tax for tax in found if "vat" in tax.label.casefold()), found[0] if found else None)

    def base_currency(self) -> Mapping[str, Any]:
        """{} where none is marked as the base."""
        return next((row for row in self._kept("Currency") if native(row.get("defaultid")) == _BASE), {})

    def currency_code(self, currency: str) -> str:
        """GBP for 21x1; "" for an unknown currency."""
        codes = {row.get("id"): native(row.get("currency_code")).upper() for row in self._kept("Currency")}
        return codes.get(currency, "")

    def currency_rate(self, currency: str) -> str:
        """The rate of one currency against the base, as Vtiger has it now; "" for an unknown currency."""
        return next(
            (
                native(row.get("conversion_rate"))
                for row in self._kept("Currency")
                if row.get("id") == currency
            ),
            "",
        )

    def _kept(self, table: str) -> list[dict[str, Any]]:
        if table not in self._rows:
            key = f"{table}@{self._api.address}"
            found = self._cache.get("vtiger.table", [key], self._clock.now()).get(key)
            self._rows[table] = found["rows"] if found else self._fresh(table)
        return self._rows[table]

    def _fresh(self, table: str) -> list[dict[str, Any]]:
        rows = [
            {name: native(value) for name, value in row.items()}
            for row in self._api.get("query", {"query": _TABLES[table]}) or ()
            if native(row.get("deleted")) != "1"
        ]
        self._rows[table] = rows
        self._cache.put(
            "vtiger.table", {f"{table}@{self._api.address}": {"rows": rows}}, self._clock.now() + _KEPT
        )
        return rows


def _taxes(rows: Sequence[Mapping[str, Any]]) -> list[Tax]:
    """Those that are simply added: Compound ones are worked out on other taxes as well, Deducted ones are
    taken off the total. Older servers tell no method."""
    return [
        Tax(native(row.get("taxname")), native(row.get("taxlabel")), decimal_of(row.get("percentage")))
        for row in rows
        if native(row.get("method")).strip().casefold() in ("", "simple")
    ]

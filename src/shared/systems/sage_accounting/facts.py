"""Small facts about a business that seldom change, kept in the cache: its plan, its ledger accounts, price
types, item kinds.

Each is read when it is first needed, and again when its cache entry has expired.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.errors import MissingPermission
from shared.ports import Cache, Clock
from shared.systems.sage_accounting.client import Client
from shared.systems.sage_accounting.lists import Lists, Row
from shared.systems.sage_accounting.reference import (
    percentage_of,
    preferred_zero,
    tax_codes,
    tax_rates,
)
from shared.systems.sage_accounting.tax_history import history_of
from shared.systems.sage_accounting.values import number, reference

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
FACT, ADDRESS, CUSTOMER, ITEM, LEDGER, LIST = (
    f"sage_accounting.{name}" for name in ("fact", "address", "customer", "item", "ledger", "list")
)


class Facts:
    """Rows of the cache belong to one business: its id is part of every key."""

    def __init__(self, client: Client, lists: Lists, cache: Cache, clock: Clock) -> None:
        self.client, self.lists = client, lists
        self._cache, self._clock = cache, clock
        self._held: dict[tuple[str, str], dict[str, Any]] = {}

    def now(self) -> datetime:
        return self._clock.now()

    def sage_time(self) -> datetime:
        """Sage's clock as of its last answer; ours before the first one."""
        return self.client.server_time or self._clock.now()

    # any fact

    def cached(self, kind: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The cached rows, with one request for those not looked up before."""
        missing = [key for key in dict.fromkeys(keys) if (kind, key) not in self._held]
        if missing:
            found = self._cache.get(kind, [self._key(key) for key in missing], self._clock.now())
            self._held |= {(kind, key): found[self._key(key)] for key in missing if self._key(key) in found}
        return {key: self._held[kind, key] for key in keys if (kind, key) in self._held}

    def remember(self, kind: str, rows: Mapping[str, Mapping[str, Any]], kept: timedelta = _WEEK) -> None:
        """Stores only what is not known already, so that a poll that finds nothing new writes nothing."""
        fresh = {key: dict(row) for key, row in rows.items() if self._held.get((kind, key)) != row}
        if fresh:
            self._held |= {(kind, key): row for key, row in fresh.items()}
            self._cache.put(
                kind, {self._key(key): row for key, row in fresh.items()}, self._clock.now() + kept
            )

    def _fact(self, name: str, read: Callable[[], dict[str, Any]], kept: timedelta) -> dict[str, Any]:
        found = self.cached(FACT, [name]).get(name)
        if found is None:
            found = read()
            self.remember(FACT, {name: found}, kept)
        return found

    def _key(self, key: str) -> str:
        return f"{self.client.business} {key}"

    # the facts

    def has_stock(self) -> bool:
        """Whether the plan has stock items; without them, Sage refuses to list them."""
        return bool(self._fact("stock", self._stock, _DAY)["has"])

    def _stock(self) -> dict[str, Any]:
        try:
            found = self.client.find("/stock_items", "look for stock items", {"items_per_page": "1"})
        except MissingPermission:
            return {"has": False}
        return {"has": found is not None}

    def ledger_defaults(self) -> dict[str, str]:
        """Name of the default -> ledger account id, for those that are set."""

        def read() -> dict[str, Any]:
            found = (
                self.client.get("/business_settings", "read the business settings").get(
                    "default_ledger_accounts"
                )
                or {}
            )
            return {name: reference(value) for name, value in found.items() if reference(value)}

        return self._fact("ledgers", read, _HOUR)

    def base_currency(self) -> str:
        """The ISO code of the business's own currency."""

        def read() -> dict[str, Any]:
            settings = self.client.get("/financial_settings", "read the financial settings")
            return {"iso": reference(settings.get("base_currency"))}

        return str(self._fact("base_currency", read, _DAY)["iso"])

    def quote_days(self) -> int:
        """How many days a quote is good for where it does not say, by Sage's own settings."""

        def read() -> dict[str, Any]:
            found = self.client.get("/invoice_settings", "read the invoice settings")
            return {"days": int(number(found.get("quote_default_days_to_expiry")) or 30)}

        return int(self._fact("quote_days", read, _HOUR)["days"])

    def zero_rate(self, setting: str) -> str:
        """The id of the tax rate that stands for no tax; "" where there is none."""

        def read() -> dict[str, Any]:
            return {"id": preferred_zero(tax_codes(self.lists, setting), setting)}

        return setting or str(self._fact("zero_rate", read, _HOUR)["id"])

    def tax_history(self) -> dict[str, Any]:
        """As `tax_history.history_of` gives it."""
        return dict(self._taxes()["history"])

    def percentage(self, code: str) -> Decimal | None:
        """What a tax code charges at present; None for one that Sage does not list."""
        return number(self._taxes()["now"].get(code))

    def _taxes(self) -> dict[str, Any]:
        def read() -> dict[str, Any]:
            rows = tax_rates(self.lists)
            return {
                "history": history_of(rows),
                "now": {str(row["id"]): percentage_of(row) for row in rows},
            }

        return self._fact("taxes", read, _HOUR)

    def first_type(self, path: str) -> str:
        """The id of the first price or rate type: the active one created first; "" if there is none."""

        def read() -> dict[str, Any]:
            rows = self.lists.all(path, {"attributes": "all"})
            active = [row for row in rows if row.get("active") is not False] or rows
            return {"id": str(min(active, key=_made)["id"]) if active else ""}

        return str(self._fact(path, read, _HOUR)["id"])

    def ledger_of(self, path: str, item_id: str) -> str:
        """The sales ledger account of an item, or ""."""
        key = f"{path}/{item_id}"
        found = self.cached(LEDGER, [key]).get(key)
        if found is None:
            item = (
                self.client.find(key, "read the item of a line", {"attributes": "sales_ledger_account"}) or {}
            )
            found = {"account": reference(item.get("sales_ledger_account"))}
            self.remember(LEDGER, {key: found}, _HOUR)
        return str(found["account"])


def _made(row: Row) -> str:
    return str(row.get("created_at") or "")

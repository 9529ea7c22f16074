"""What Sage knows of its prices: each item has one for each price type, and a customer may have a type.

A price that includes tax counts as the net price that gives exactly it at the item's own rate; where there is
none it is no price that could be taken, and is named as one. All are in the currency of the business.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.prices import LIST, PriceBook, PriceList, StoredPrice
from shared.mapping.gross import net_of
from shared.ports import Values
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.items import Products
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.prices import PRICES
from shared.systems.sage_accounting.values import number, reference

_NET, _TAXED = "net", "including VAT"


class PriceTypes:
    def __init__(self, context: SageContext, products: Products) -> None:
        self._context, self._products = context, products

    def book(self, codes: Sequence[str]) -> PriceBook:
        """`codes`: item codes in capitals. One search for each, two where the plan has stock. A code that
        several items have names none. Raises the SyncErrors of the client."""
        types = {str(one["id"]): one for one in self._context.lists.all(PRICES.path, {"attributes": "all"})}
        names = {key: str(one.get("displayed_as") or key).strip().upper() for key, one in types.items()}
        settings = self._context.client.get("/financial_settings", "read the financial settings")
        home = reference(settings.get("base_currency"))
        products: dict[str, Values] = {}
        prices: list[StoredPrice] = []
        for code in dict.fromkeys(codes):
            rows = self._rows(code)
            if len(rows) == 1:
                products[code] = self._products.values(rows[0])
                prices += self._prices(code, rows[0], names)
        lists = {name: PriceList(name, name.title(), home, static=True) for name in names.values()}
        return PriceBook(products, {}, tuple(prices), lists, frozenset({_NET}))

    def _rows(self, code: str) -> list[Row]:
        found: dict[str, Row] = {}
        for path in self._products.sources():
            for row in self._context.lists.all(path, {**self._products.whole, "search": code}):
                if str(row.get("item_code") or "").strip().upper() == code and not row.get("deleted_at"):
                    found.setdefault(str(row["id"]), row)
        return list(found.values())

    def _prices(self, code: str, row: Row, names: Mapping[str, str]) -> list[StoredPrice]:
        rate = self._context.facts.percentage(reference(row.get("sales_tax_rate")))
        return [
            _stored(code, names[key], one, rate)
            for one in row.get(PRICES.entries) or ()
            if (key := reference(one.get(PRICES.type))) in names
        ]


def _stored(code: str, name: str, entry: Mapping[str, Any], rate: Decimal | None) -> StoredPrice:
    amount = number(entry.get(PRICES.amount))
    if amount is None or entry.get(PRICES.taxed) is not True:
        return StoredPrice(LIST, name, code, _NET, amount)
    net = net_of(amount, rate) if rate is not None else None
    return StoredPrice(LIST, name, code, _TAXED if net is None else _NET, net)

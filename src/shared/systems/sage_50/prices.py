"""Reads what Sage 50 knows of its prices: products with their discount tables, special prices, price lists.

Price rows and lists are read only, and no search of ours writes them. Which of them applies is worked out
elsewhere.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.domain.prices import LIST, SPECIAL, Level, PriceBook, PriceList, StoredPrice
from shared.systems.sage_50 import search
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.tables import PRODUCT
from shared.systems.sage_50.values import Values50, rounded

_KINDS = {"P": LIST, "S": SPECIAL}
_LETTERS = "ABCDE"
_LEVELS = 10


class Prices:
    """`methods`: codes of calculation whose stored price is taken; what they mean is not published."""

    def __init__(self, client: Client, values: Values50, methods: str) -> None:
        self._client, self._values = client, values
        self._methods = frozenset(methods.replace(",", " ").split())

    def book(self, codes: Sequence[str]) -> PriceBook:
        """Three calls for 50 codes. Raises the SyncErrors of the client."""
        products: dict[str, Mapping[str, Any]] = {}
        bands, prices = {}, list[StoredPrice]()
        for part in search.chunks(sorted(set(codes))):
            filters = search.any_of("STOCK_CODE", part, False)
            for row in self._client.rows(PRODUCT.search, "search products", filters):
                values = self._values.from_row(PRODUCT, row)
                code = str(values["stockCode"]).strip().upper()
                products[code], bands[code] = values, _bands(row)
            rows = self._client.rows("/api/searchPrice", "search prices", filters)
            prices += [one for row in rows if (one := _stored(row)) is not None]
        return PriceBook(products, bands, tuple(prices), self._lists(), self._methods)

    def _lists(self) -> dict[str, PriceList]:
        """Currencies are counted from 0 where any list says 0, else from 1: which of the two is not
        published."""
        rows = [
            row
            for row in self._client.rows("/api/priceList", "list its price lists")
            if row.get("type") == "P" and not row.get("recordDeleted")
        ]
        offset = 1 if any(str(row.get("currency")) == "0" for row in rows) else 0
        found = [_list(row, offset) for row in rows]
        return {one.reference: one for one in found}


def _list(row: Mapping[str, Any], offset: int) -> PriceList:
    number = str(row.get("currency") if row.get("currency") is not None else "")
    return PriceList(
        _upper(row.get("pricingRef")),
        str(row.get("name") or ""),
        str(int(number) + offset) if number.isdigit() else "",
        str(row.get("hasStaticPrices")) in ("1", "True"),
    )


def _stored(row: Mapping[str, Any]) -> StoredPrice | None:
    """None for a supplier's price."""
    kind = _KINDS.get(str(row.get("type")))
    if kind is None or row.get("recordDeleted"):
        return None
    return StoredPrice(
        kind,
        _upper(row.get("pricingRef")),
        _upper(row.get("stockCode")),
        str(row.get("calcMethod")),
        _number(row.get("storedPrice")),
    )


def _bands(row: Mapping[str, Any]) -> dict[int, tuple[Level, ...]]:
    """The levels that have a rate, by the number of their table."""
    found = {}
    for number, letter in enumerate(_LETTERS, 1):
        levels = [
            Level(
                _number(row.get(f"{start}Qty")) or Decimal(0), _number(row.get(f"{start}Rate")) or Decimal(0)
            )
            for start in (f"disc{letter}Level{n}" for n in range(1, _LEVELS + 1))
        ]
        found[number] = tuple(one for one in levels if one.rate)
    return found


def _upper(value: Any) -> str:
    return str(value or "").strip().upper()


def _number(value: Any) -> Decimal | None:
    """Raw doubles as a person entered them, to six places."""
    if value is None or value == "":
        return None
    try:
        return rounded(Decimal(str(value)), 6)
    except InvalidOperation:
        return None

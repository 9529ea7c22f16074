"""What a ledger knows of its prices, before anybody works out which of them applies."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.domain.record import record

SPECIAL, LIST = "special", "list"


@record
class PriceList:
    """`static`: its prices are stored as amounts. `currency`: the ledger's own id of one, "" where none is
    named."""

    reference: str
    name: str
    currency: str
    static: bool


@record
class StoredPrice:
    """`kind`: a customer's special price or one of a list; `holder`: the customer's account or the list's
    reference. `method`: the ledger's code of how it is calculated. `amount`: net, None where none is
    stored."""

    kind: str
    holder: str
    sku: str
    method: str
    amount: Decimal | None


@record
class Level:
    """From this quantity on, this discount in per cent."""

    quantity: Decimal
    rate: Decimal


@record
class PriceBook:
    """`products`: code -> native values. `bands`: code -> number of a discount table (1 = A) -> its levels.
    `methods`: codes of calculation whose stored amount is the price."""

    products: Mapping[str, Mapping[str, Any]]
    bands: Mapping[str, Mapping[int, tuple[Level, ...]]]
    prices: tuple[StoredPrice, ...]
    lists: Mapping[str, PriceList]
    methods: frozenset[str]

"""The one price of an item that Tieout carries over: that of the first price type (services: rate type), net.

Sage has a price for each type. A price that includes tax is not a net price: it is shown as blank, and
`price_includes_tax` says why. A write sends the prices of all types again, ours always without tax.
"""

from collections.abc import Mapping
from typing import Any

from shared.domain.record import record
from shared.errors import RecordRejected
from shared.ports import Values
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.values import blank, plain, reference, sent


@record
class PriceList:
    """The names that a kind of item uses for its prices. `path` lists the price types."""

    path: str
    entries: str
    type: str
    amount: str
    virtual: str

    @property
    def taxed(self) -> str:
        return f"{self.amount}_includes_tax"


PRICES = PriceList(
    "/product_sales_price_types", "sales_prices", "product_sales_price_type", "price", "sales_price"
)
RATES = PriceList("/service_rate_types", "sales_rates", "service_rate_type", "rate", "sales_rate")


def shown(prices: PriceList, facts: Facts, body: Mapping[str, Any]) -> Values:
    entries = [one for one in body.get(prices.entries) or [] if isinstance(one, Mapping)]
    first = facts.first_type(prices.path) if entries else ""
    entry = next((one for one in entries if reference(one.get(prices.type)) == first), {})
    taxed = entry.get(prices.taxed) is True
    return {prices.virtual: "" if taxed else plain(entry.get(prices.amount)), "price_includes_tax": taxed}


def written(
    prices: PriceList, facts: Facts, body: Mapping[str, Any] | None, value: Any
) -> list[dict[str, Any]]:
    """All entries of the item with ours put in. Raises RecordRejected where the business has no price
    type."""
    first = facts.first_type(prices.path)
    if not first:
        raise RecordRejected(
            "Sage has no active price type, so no price can be entered: add one in Sage's settings"
        )
    entries = [_entry(prices, one) for one in (body or {}).get(prices.entries) or []]
    ours = next((one for one in entries if one[f"{prices.type}_id"] == first), None)
    if ours is None:
        ours = {f"{prices.type}_id": first}
        entries.append(ours)
    ours |= {prices.amount: "0" if blank(value) else sent(value), prices.taxed: False}
    return entries


def _entry(prices: PriceList, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{prices.type}_id": reference(one.get(prices.type)),
        f"{prices.amount}_name": one.get(f"{prices.amount}_name"),
        prices.amount: sent(one.get(prices.amount)),
        prices.taxed: one.get(prices.taxed) is True,
    }

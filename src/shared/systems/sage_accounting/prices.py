"""The one price of an item that Tieout carries over: that of the first price type (services: rate type), net.

Sage has a price for each type. One that includes tax is shown as the net price that gives exactly it at the
rate of the item's own tax code, and where there is none as a text that says so (`mapping.gross`). A write
sends the prices of all types again; ours goes on including tax where the new net price allows it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.domain.record import record
from shared.errors import RecordRejected
from shared.mapping.gross import gross_of, marked, net_of
from shared.ports import Values
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.values import blank, number, plain, reference, sent


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
    amount = plain(entry.get(prices.amount))
    code = reference(body.get("sales_tax_rate"))
    return {
        prices.virtual: _net(facts, amount, code) if taxed and amount else amount,
        "price_includes_tax": taxed,
    }


def _net(facts: Facts, gross: str, code: str) -> str:
    amount, rate = number(gross), facts.percentage(code)
    net = net_of(amount, rate) if amount is not None and rate is not None else None
    return marked(gross, rate) if net is None else sent(net)


def written(
    prices: PriceList, facts: Facts, body: Mapping[str, Any] | None, value: Any, code: str = ""
) -> list[dict[str, Any]]:
    """All entries of the item with ours put in; `code` is the tax code that it is about to have. Raises
    RecordRejected where the business has no price type."""
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
    gross = _gross(facts, value, code) if ours.get(prices.taxed) else None
    if gross is None:
        ours |= {prices.amount: "0" if blank(value) else sent(value), prices.taxed: False}
    else:
        ours[prices.amount] = sent(gross)
    return entries


def _gross(facts: Facts, net: Any, code: str) -> Decimal | None:
    """What the price is with tax, where that reads as the same net price again."""
    amount, rate = number(net), facts.percentage(code)
    if amount is None or rate is None:
        return None
    gross = gross_of(amount, rate)
    return gross if net_of(gross, rate) == amount else None


def _entry(prices: PriceList, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{prices.type}_id": reference(one.get(prices.type)),
        f"{prices.amount}_name": one.get(f"{prices.amount}_name"),
        prices.amount: sent(one.get(prices.amount)),
        prices.taxed: one.get(prices.taxed) is True,
    }

"""The side tables of products and services: taxes that are switched on, and prices by currency."""

from typing import Any

from local.vendors.vtiger.schema import Field
from local.vendors.vtiger.server import Actor, Record, VtigerServer
from local.vendors.vtiger.values import number, rounded


def price_sent(server: VtigerServer, element: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The element with its prices rounded to the decimals of the user who sends them."""
    told = dict(element)
    for name in ("unit_price", "purchase_cost"):
        if told.get(name) not in (None, ""):
            told[name] = rounded(told[name], min(actor.user.decimals, 8))
    return told


def in_base(server: VtigerServer, actor: Actor, field: Field, value: Any) -> Any:
    """Amounts of some kinds are converted from the sender's own currency; what was stored is shown as it is.
    A form shows them converted back, so that a person sees what they entered."""
    converted = field.type == "currency" and (field.name == "purchase_cost" or field.name.startswith("cf_"))
    if actor.person or not actor.user.currency or not converted or value in (None, ""):
        return value
    rates = {key: rate for key, _, _, _, rate in server.options.currencies}
    return str(number(value) / number(rates[actor.user.currency]))


def side_tables(
    server: VtigerServer, record: Record, element: dict[str, Any], actor: Actor, new: bool
) -> None:
    """8.1 forgets taxes and price of a product or service that a program revises without them; 8.4 the taxes
    of a service alone (both seen on real servers)."""
    record.currency = str(element.get("currency_id") or record.currency).rpartition("x")[2]
    own = record.currency or str(server.options.currencies[0][0])
    sent = {name: element[name] for name in server.tax_names() if element.get(name) not in (None, "")}
    priced = "currency_id" in element
    forgets = server.options.old and not new and not actor.person
    untaxed = forgets or (record.module == "Services" and not new and not actor.person)
    if sent or untaxed:
        record.taxes = {
            **({} if untaxed else record.taxes),
            **{name: rounded(rate, 3) for name, rate in sent.items()},
        }
    if actor.person:
        record.taxes = {
            name: rate for name, rate in record.taxes.items() if element.get(name, rate) not in (None, "")
        }
    price = number(record.values["unit_price"] or 0)
    if new and record.module == "Services" and not server.options.old and not priced and not actor.person:
        price = number(0)
    if new or priced or actor.person:
        record.prices[own] = price
    elif forgets:
        record.prices[own] = number(0)
    elif "unit_price" in element:
        record.prices[own] = price

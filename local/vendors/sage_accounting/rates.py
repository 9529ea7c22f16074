"""Exchange rates: those of the service, and a business's own, which take precedence."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import invalid, not_found
from local.vendors.sage_accounting.fields import BodyContext, read
from local.vendors.sage_accounting.tables import EXCHANGE_RATE
from local.vendors.sage_accounting.values import decimal_text, rounded

STARTED = "2024-01-02T09:00:00Z"


def inverse(rate: Decimal) -> Decimal:
    return rounded(1 / rate, 10)


def text(rate: Decimal) -> str:
    return decimal_text(rate)


def to_base(books: Books, rate: Decimal) -> Decimal:
    """The factor that converts an amount into the base currency."""
    return rate if books.options.rate_direction == "base_per_foreign" else 1 / rate


def live(books: Books, currency: str) -> Decimal | None:
    found = books.options.exchange_rates.get(currency)
    if found is None:
        return None
    return Decimal(found) if books.options.rate_direction == "base_per_foreign" else inverse(Decimal(found))


def effective(books: Books, currency: str) -> Decimal | None:
    own = books.own_rates.get(currency)
    return own["rate"] if own else live(books, currency)


def listed(books: Books, resource: str) -> list[Record]:
    codes = dict.fromkeys([*books.options.exchange_rates, *books.own_rates])
    if resource == "business_exchange_rates":
        codes = dict.fromkeys(books.own_rates)
    return [
        shape(books, resource, code)
        for code in codes
        if resource != "live_exchange_rates" or live(books, code)
    ]


def shape(books: Books, resource: str, currency: str) -> Record:
    """Raises Refused when there is no such rate."""
    own = books.own_rates.get(currency)
    rate = live(books, currency) if resource == "live_exchange_rates" else effective(books, currency)
    if rate is None or (resource == "business_exchange_rates" and own is None):
        raise not_found()
    stamp = books.clock.stamp() if resource == "live_exchange_rates" else STARTED
    found = {
        "displayed_as": f"{currency} to {books.options.base_currency}",
        "$path": f"/{resource}/{currency}",
        "rate": text(rate),
        "inverse_rate": text(inverse(rate)),
        "base_currency": books.reference("currencies", books.options.base_currency),
        "currency": books.reference("currencies", currency),
    }
    if resource == "live_exchange_rates":
        return found | {"retrieved_at": stamp, "updated_at": stamp}
    return found | {name: own[name] if own else stamp for name in ("created_at", "updated_at")}


def save(books: Books, body: Mapping[str, Any], currency: str | None = None) -> str:
    """Saves a business's own rate and returns the currency's code."""
    values = read(BodyContext(books, "business_exchange_rate", currency is None), EXCHANGE_RATE, body)
    code = currency or values["currency_id"]
    if not books.multi_currency:
        raise invalid("You cannot use foreign currencies with your subscription.", "currency_id")
    if currency and currency not in books.own_rates:
        raise not_found()
    now = books.clock.stamp()
    before = books.own_rates.get(code, {"created_at": now, "rate": Decimal(1)})
    rate = values.get("rate") or (
        inverse(values["inverse_rate"]) if values.get("inverse_rate") else before["rate"]
    )
    if rate <= 0:
        raise invalid("The exchange rate must be more than zero.", "rate")
    books.set(books.own_rates, {code: {**before, "rate": rate, "updated_at": now}})
    return code


def remove(books: Books, currency: str) -> None:
    if books.own_rates.pop(currency, None) is None:
        raise not_found()

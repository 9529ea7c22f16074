"""Tax rates whose percentage changed, or will: `percentage` is that of the day asked for, today's if none is,
and `percentages` names the days of each; ended ones only with `include_historical_data`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.listing import bad_parameter, wanted

Query = Mapping[str, str]
_FIRST = "2011-01-04"


def periods(books: Books, record: Record) -> list[tuple[Decimal, str, str]]:
    """(percentage, first day, last day), oldest first; a blank last day is open. From the option
    `tax_history`, else the one that the seed gives it."""
    stated = books.options.tax_history.get(record["id"])
    if not stated:
        return [(record["percentage"], _FIRST, "")]
    return sorted(((Decimal(rate), since, until) for rate, since, until in stated), key=lambda one: one[1])


def percentage_on(books: Books, record: Record, day: str) -> Decimal:
    for rate, since, until in periods(books, record):
        if since <= day and (not until or day <= until):
            return rate
    return Decimal(record["percentage"])


def today(books: Books) -> str:
    return books.clock.stamp()[:10]


def day_of(books: Books, query: Query) -> str:
    """Raises Refused for a `date` that is none."""
    asked = query.get("date", "")
    try:
        return date.fromisoformat(asked).isoformat() if asked else today(books)
    except ValueError:
        raise bad_parameter(books, "date") from None


def listed(books: Books, record: Record, query: Query) -> list[Record]:
    """The `percentages` of one tax rate."""
    everything = wanted(books, query, "include_historical_data")
    return [
        {"percentage": f"{rate:.1f}", "from_date": since, "to_date": until or None}
        for rate, since, until in periods(books, record)
        if everything or not until or until >= day_of(books, query)
    ]

"""The reference tables of a business: currencies with their rates, and the sales tax rates."""

from collections.abc import Mapping
from typing import Any

from shared.errors import RuleInvalid
from shared.mapping.tax_periods import dated
from shared.systems.sage_accounting.client import Client
from shared.systems.sage_accounting.lists import Lists, Row
from shared.systems.sage_accounting.values import number, reference, text

DIRECTIONS = ("base_per_foreign", "foreign_per_base")
"""What Sage means by `exchange_rate`: units of the base currency for one foreign unit, which is also what
snapshots show, or the other way round; then `inverse_exchange_rate` stands for it."""


def currencies(client: Client, lists: Lists, direction: str) -> list[dict[str, str]]:
    """Rows {id, iso, rate, base}; ids are ISO codes. Foreign ones only where the business has several
    currencies."""
    settings = client.get("/financial_settings", "read the financial settings")
    base = reference(settings.get("base_currency"))
    rows = [{"id": base, "iso": base, "rate": "1", "base": "1"}]
    if settings.get("multi_currency_enabled") is True:
        found = lists.all("/exchange_rates", {"attributes": "all"})
        rows += [
            _foreign(row, direction) for row in found if reference(row.get("currency")) not in ("", base)
        ]
    return rows


def _foreign(row: Row, direction: str) -> dict[str, str]:
    """Sage's list gives a rate and its inverse, as its documents do: the one in base units is used."""
    iso = reference(row.get("currency"))
    rate = row.get("rate") if direction == DIRECTIONS[0] else row.get("inverse_rate")
    return {"id": iso, "iso": iso, "rate": text(rate), "base": "0"}


def direction_of(options: Mapping[str, str]) -> str:
    found = options.get("rate_direction") or DIRECTIONS[0]
    if found not in DIRECTIONS:
        raise RuleInvalid(
            f"The setting rate_direction of sage_accounting is {found!r}: write {' or '.join(DIRECTIONS)}."
        )
    return found


def tax_codes(lists: Lists, zero_rate: str) -> list[dict[str, str]]:
    """Rows {id, rate, name, code, from, to} of the visible sales tax rates. The preferred 0 % comes first,
    because it is taken where only the rate decides: exempt and no-tax are also 0 %, but mean something else.
    Behind them all, each percentage of those that changed, as `tax_history` shows them on lines."""
    found = [row for row in tax_rates(lists) if row.get("is_visible") is not False and percentage_of(row)]
    rows = [_present(row) for row in found]
    zero = preferred_zero(rows, zero_rate)
    return [
        *sorted(rows, key=lambda row: row["id"] != zero),
        *(one for row in found for one in _by_days(row)),
    ]


def tax_rates(lists: Lists) -> list[Row]:
    """All sales tax rates, with the percentages of other days."""
    asked = {"usage": "sales", "attributes": "all", "include_historical_data": "true"}
    return lists.all("/tax_rates", asked)


def _present(row: Row) -> dict[str, str]:
    rate = percentage_of(row)
    now = [one for one in periods_of(row) if same_rate(one["rate"], rate)]
    days = now[-1] if now else {"from": "", "to": ""}
    code = str(row["id"])
    name = str(row.get("name") or row.get("displayed_as") or code)
    return {"id": code, "rate": rate, "name": name, "code": code, "from": days["from"], "to": days["to"]}


def _by_days(row: Row) -> list[dict[str, str]]:
    """Nothing for a code that has always had one percentage."""
    present, known = _present(row), periods_of(row)
    dated_rows = [{**present, **one, "id": dated(present["code"], one["rate"])} for one in known]
    return dated_rows if len(known) > 1 else []


def periods_of(row: Row) -> list[dict[str, str]]:
    """{rate, from, to} as Sage lists them; blank where open."""
    return [
        {
            "rate": text(one.get("percentage")),
            "from": text(one.get("from_date")),
            "to": text(one.get("to_date")),
        }
        for one in row.get("percentages") or []
        if one.get("percentage") not in (None, "")
    ]


def same_rate(one: str, other: str) -> bool:
    return number(one) == number(other)


def preferred_zero(rows: list[dict[str, str]], zero_rate: str) -> str:
    """The setting, otherwise the 0 % whose id ends in _ZERO, otherwise the first 0 %; "" if there is none."""
    zeros = [row["id"] for row in rows if not row["rate"].strip("0.")]
    if zero_rate:
        return zero_rate
    return next((one for one in zeros if one.endswith("_ZERO")), zeros[0] if zeros else "")


def percentage_of(row: Mapping[str, Any]) -> str:
    """The present one; "" where Sage shows none."""
    if row.get("percentage") not in (None, ""):
        return text(row["percentage"])
    current = [one for one in row.get("percentages") or [] if not one.get("to_date")]
    return text(current[-1].get("percentage")) if current else ""

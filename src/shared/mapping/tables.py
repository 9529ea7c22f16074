"""Turns a connector's reference tables (`System.table`) into the form that maps and pricing use."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Spot, number
from shared.mapping.tax_codes import tax_name


def currency_table(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Currency id -> ISO code, and "" -> the base currency's, which is what a blank id means."""
    table: dict[str, str] = {}
    for row in rows:
        table[str(row["id"])] = row["iso"].upper()
        if str(row.get("base", "0")) == "1":
            table[""] = row["iso"].upper()
    return table


def tax_rates(rows: Iterable[Mapping[str, str]]) -> dict[str, Decimal]:
    """Tax code -> per cent. Raises FieldUnreadable for a rate that is no number."""
    rates: dict[str, Decimal] = {}
    for row in rows:
        spot = Spot("tax_rate", f"rate of tax code {row['id']}")
        rate = number(row["rate"], spot)
        if rate is None:
            raise FieldUnreadable(spot.field, spot.path, "", "a number, such as 20")
        rates[tax_name(str(row["id"]))] = rate
    return rates


def exchange_rates(rows: Iterable[Mapping[str, str]]) -> dict[str, Decimal]:
    """ISO code -> rate as the system states it; the base currency has 1. Rows without a rate are left out."""
    rates: dict[str, Decimal] = {}
    for row in rows:
        iso = row["iso"].upper()
        rate = (
            Decimal(1)
            if str(row.get("base", "0")) == "1"
            else number(row.get("rate", ""), Spot("exchange_rate", iso))
        )
        if rate:
            rates[iso] = rate
    return rates

"""A ledger's tax codes with the percentages they had, have and will have, each for a span of days.

A code has one percentage at a time. Natively the code alone stands for the one it has now; the line of a
document shows the percentage of its day beside a code that changed ("IE_LOWER 13.5 %"), so that it reads as
it was entered, whatever day it is now.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from shared.domain.record import record
from shared.mapping.tax_codes import tax_name

_DATED = re.compile(r"(\S+) \d[\d.]* %")


@record
class TaxPeriod:
    """`native`: how a line shows this code in this period. `since`, `until`: the first and the last day, as
    ISO text; blank where it is open."""

    native: str
    code: str
    rate: Decimal
    since: str = ""
    until: str = ""

    def holds(self, day: str) -> bool:
        return self.since <= day and (not self.until or day <= self.until)


def dated(code: str, rate: str) -> str:
    """The code with the percentage of some day."""
    return f"{code} {rate} %"


def undated(native: str) -> str:
    """The code alone, however a line shows it."""
    found = _DATED.fullmatch(native)
    return found[1] if found else native


def is_dated(native: str) -> bool:
    return undated(native) != native


def tax_periods(rows: Iterable[Mapping[str, str]]) -> tuple[TaxPeriod, ...]:
    """In the order of the connector's rows (`System.table`). A row without days holds always."""
    return tuple(
        TaxPeriod(
            tax_name(row["id"]),
            tax_name(row.get("code") or row["id"]),
            Decimal(row["rate"]),
            row.get("from", ""),
            row.get("to", ""),
        )
        for row in rows
    )


def valid_on(periods: Sequence[TaxPeriod], day: date | None) -> list[TaxPeriod]:
    """One for each code, in order: the period that holds on that day, else, or without a day, the present
    one."""
    found: dict[str, TaxPeriod] = {}
    for one in periods:
        if not is_dated(one.native):
            found.setdefault(one.code, one)
    for one in periods if day is not None else ():
        if one.code in found and day is not None and one.holds(day.isoformat()):
            found[one.code] = one
    return list(found.values())

"""Which of the ledger's tax codes a line gets, when all that the CRM says is a rate.

A rate alone does not tell zero-rated from exempt or outside the scope. Item and customer have codes of their
own in the ledger: the first of these that has this rate is taken. Only where none has, the rate decides.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from shared.domain.outcomes.coding import by_rate_alone
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.mapping.faults import RuleRefused, shown
from shared.mapping.numbers import tidy
from shared.mapping.tax_periods import TaxPeriod


def code_of(
    number: int,
    rate: Decimal,
    valid: Sequence[TaxPeriod],
    candidates: Iterable[str],
    ledger: str,
    day: date | None,
) -> tuple[str, str]:
    """The native code of line `number`, and a sentence where several have its rate and only that decided.

    `valid`: the ledger's codes on the document's `day`; `candidates`: codes of its own records, the first
    choice first. Raises RuleRefused where no code has the rate on that day.
    """
    fitting = {one.code: one.native for one in valid if one.rate == rate}
    for code in candidates:
        if code in fitting:
            return fitting[code], ""
    if not fitting:
        raise RuleRefused(
            Rule.TAX, "lines.tax_rate", f"{shown(rate)} %", _none(number, rate, valid, ledger, day)
        )
    code, *others = fitting
    said = by_rate_alone(number, shown(rate.normalize()), code, others, ledger) if others else ""
    return fitting[code], said


def _none(number: int, rate: Decimal, valid: Sequence[TaxPeriod], ledger: str, day: date | None) -> str:
    rates = ", ".join(dict.fromkeys(f"{shown(tidy(one.rate))} %" for one in valid)) or "none"
    when = f" on {day.isoformat()}" if day else ""
    return (
        f"Line {number}: {title(ledger)} has no tax rate of {shown(rate)} %{when}, only {rates}: correct the "
        "rate or the date, or set up the rate there."
    )

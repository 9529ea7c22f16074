"""Tax codes with the percentages of other days, and which of them a line gets."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.titles import title
from shared.mapping.faults import RuleRefused
from shared.mapping.line_codes import code_of
from shared.mapping.numbers import Spot
from shared.mapping.tax_periods import TaxPeriod, dated, is_dated, tax_periods, undated, valid_on
from shared.mapping.taxes import tax_rate_writer

ROWS = [
    {"id": "ZERO", "rate": "0.0", "name": ""},
    {"id": "FOOD", "rate": "9.0", "name": "", "code": "FOOD", "from": "2026-07-01", "to": ""},
    {"id": "STANDARD", "rate": "23", "name": "", "code": "STANDARD", "from": "2012-01-01", "to": ""},
    {"id": "EXEMPT", "rate": "0", "name": ""},
    {
        "id": "FOOD 13.5 %",
        "rate": "13.5",
        "name": "",
        "code": "FOOD",
        "from": "2012-01-01",
        "to": "2026-06-30",
    },
    {"id": "FOOD 12 %", "rate": "12", "name": "", "code": "FOOD", "from": "2030-01-01", "to": ""},
]
PERIODS = tax_periods(ROWS)


def codes(day: date | None) -> list[str]:
    return [one.native for one in valid_on(PERIODS, day)]


@pytest.mark.parametrize(
    ("day", "food"),
    [
        (date(2026, 6, 30), "FOOD 13.5 %"),
        (date(2026, 7, 1), "FOOD"),
        (date(2030, 1, 1), "FOOD 12 %"),
        (date(1999, 1, 1), "FOOD"),
        (None, "FOOD"),
    ],
)
def test_one_period_for_each_code(day: date | None, food: str) -> None:
    assert codes(day) == ["ZERO", food, "STANDARD", "EXEMPT"]


@pytest.mark.parametrize("code", ["GB_ZERO", "T1", "IE_X"])
def test_a_code_with_its_rate_and_without(code: str) -> None:
    assert undated(dated(code, "13.5")) == code == undated(code)
    assert is_dated(dated(code, "13.5")) and not is_dated(code)


@pytest.mark.parametrize(
    ("field", "rate", "code"),
    [("tax_rate", "9", "FOOD"), ("lines.tax_rate", "13.5", "FOOD 13.5 %"), ("lines.tax_rate", "0", "ZERO")],
)
def test_only_lines_are_written_with_other_days_rates(field: str, rate: str, code: str) -> None:
    table = {one.native: one.rate for one in PERIODS}
    assert tax_rate_writer(Spot(field, "tax"))(Decimal(rate), table) == code


@pytest.mark.parametrize(
    ("rate", "own", "code", "named"),
    [
        ("0", [], "ZERO", True),
        ("0", ["EXEMPT"], "EXEMPT", False),
        ("0", ["STANDARD", "EXEMPT"], "EXEMPT", False),
        ("0", ["UNKNOWN"], "ZERO", True),
        ("13.5", [], "FOOD 13.5 %", False),
        ("13.50", ["FOOD"], "FOOD 13.5 %", False),
    ],
)
def test_the_first_of_its_own_codes_with_the_rate(rate: str, own: list[str], code: str, named: bool) -> None:
    day = date(2026, 6, 30)
    found, said = code_of(1, Decimal(rate), valid_on(PERIODS, day), own, "sage_accounting", day)
    assert (found, bool(said)) == (code, named)


def test_no_code_of_that_rate_on_that_day() -> None:
    day = date(2026, 7, 1)
    with pytest.raises(RuleRefused) as no:
        code_of(3, Decimal("13.5"), valid_on(PERIODS, day), ["FOOD"], "sage_accounting", day)
    assert (no.value.rule, no.value.field, no.value.value) == ("tax", "lines.tax_rate", "13.5 %")
    assert str(no.value) == (
        f"Line 3: {title('sage_accounting')} has no tax rate of 13.5 % on 2026-07-01, only 0.00 %, 9.00 %, "
        "23.00 %: correct the rate or the date, or set up the rate there."
    )


RATES = st.sampled_from(["0", "5", "9", "13.5", "20"]).map(Decimal)
NAMES = st.sampled_from(["A", "B", "C", "D"])


@given(st.dictionaries(NAMES, RATES, min_size=1), st.lists(NAMES), RATES)
def test_a_code_of_another_rate_is_never_taken_and_an_own_one_always(
    known: dict[str, Decimal], own: list[str], rate: Decimal
) -> None:
    valid = [TaxPeriod(code, code, percentage) for code, percentage in known.items()]
    try:
        code, said = code_of(1, rate, valid, own, "ledger", None)
    except RuleRefused:
        assert rate not in known.values()
        return
    fitting = [one for one in own if known.get(one) == rate]
    assert known[code] == rate and (not fitting or (code, said) == (fitting[0], ""))

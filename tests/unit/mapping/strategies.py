"""Canonical values to throw at maps: every kind, the ugly ones included."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from shared.entities.registry import kinds
from shared.mapping.plan import FieldPlan

TABLES = {"currencies": {"1": "GBP", "-99": "GBP", "2": "EUR", "": "GBP"}}

TEXTS = st.one_of(
    st.none(),
    st.text(max_size=90),
    st.sampled_from(
        (
            "  trimmed ",
            "a\r\nb\n\n c",
            "👩‍👩‍👧 family " * 9,
            "e\u0301" * 80,
            "x" * 300,
            "'\"<>&",
            "1 High St\n" * 4,
            "A long street name that goes on and on and on until it does not fit at all, Leeds",
        )
    ),
)
NUMBERS = st.one_of(
    st.none(), st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.integers(-(10**6), 10**6).map(Decimal)
)
_BY_KIND: dict[str, Any] = {
    "decimal": NUMBERS,
    "integer": st.one_of(st.none(), st.integers(-(10**9), 10**9)),
    "boolean": st.one_of(st.none(), st.booleans()),
    "date": st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2099, 1, 1))),
    "datetime": st.one_of(
        st.none(), st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
    ),
}
_BY_TRANSFORM = {
    "account_ref": st.sampled_from((None, "SMITH001", "A1", "X#_/!%&.")),
    "country_code": st.sampled_from((None, "GB", "ie", "France")),
    "email": st.sampled_from((None, "ann@example.test", "O'Hara@Example.TEST")),
    "currency": st.sampled_from((None, "GBP", "EUR")),
    "tax_code": st.sampled_from((None, "T0", "T1", "T20")),
}


def values_for(item: FieldPlan) -> st.SearchStrategy[Any]:
    return _BY_TRANSFORM.get(item.transform.name, _BY_KIND.get(item.kind, TEXTS))


def lines_for(items: list[FieldPlan]) -> st.SearchStrategy[Any]:
    line = st.fixed_dictionaries({}, optional={item.name: values_for(item) for item in items})
    return st.one_of(st.none(), st.lists(line, max_size=3))


assert set(_BY_KIND) | {"text"} == set(kinds("line").values()) | {"boolean", "date", "datetime"}

"""Canonical values to throw at maps: every kind, the ugly ones included."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from shared.entities.registry import kinds
from shared.mapping.plan import FieldPlan

LINKED = ("account", "contact", "product", "service")
TABLES: dict[str, Any] = {
    "currencies": {"1": "GBP", "-99": "GBP", "2": "EUR", "": "GBP"},
    "tax_codes": {
        "GB_ZERO": Decimal(0),
        "GB_EXEMPT": Decimal(0),
        "GB_LOWER": Decimal("5.0"),
        "GB_STANDARD": Decimal("20.0"),
    },
    "users": {"51": "ann@example.test", "EL": "emma@example.test", "el": "emma@example.test"},
    **{f"link.{entity}": {"11x2": "LINK2", "11x3": "LINK3"} for entity in LINKED},
    **{f"native.{entity}": {"LINK2": "11x2", "LINK3": "11x3"} for entity in LINKED},
}

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
    st.none(),
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    st.decimals(min_value=-(10**9), max_value=10**9, places=6),
    st.integers(-(10**6), 10**6).map(Decimal),
)
_BY_KIND: dict[str, Any] = {
    "decimal": NUMBERS,
    "integer": st.one_of(st.none(), st.integers(-(10**9), 10**9)),
    "boolean": st.one_of(st.none(), st.booleans()),
    "date": st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2099, 1, 1))),
    "datetime": st.one_of(
        st.none(),
        st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    ),
}
_BY_TRANSFORM = {
    "account_ref": st.sampled_from((None, "SMITH001", "A1", "X#_/!%&.")),
    "country_code": st.sampled_from((None, "GB", "ie", "France")),
    "email": st.sampled_from((None, "ann@example.test", "O'Hara@Example.TEST")),
    "currency": st.sampled_from((None, "GBP", "EUR")),
    "user": st.sampled_from((None, "ann@example.test", "emma@example.test")),
    "tax_code": st.sampled_from((None, "T0", "T1", "T20")),
    "country_name": st.sampled_from((None, "GB", "IE", "FR", "XK")),
    "link": st.sampled_from((None, "LINK2", "LINK3")),
    "tax_rate": st.sampled_from((None, Decimal("20.00"), Decimal("5.00"), Decimal("0.00"))),
    "one_tax": st.sampled_from((None, Decimal("20.00"), Decimal("4.50"), Decimal("0.00"), Decimal("17.875"))),
    "inverse": st.sampled_from((None, Decimal("1.25"), Decimal("0.86"), Decimal("1.00"))),
}


_NATIVE_TEXTS = st.one_of(
    TEXTS,
    st.sampled_from(
        ("", "  ", "a  b", " a \nb", "a\n\nb", "a\u00a0b", "a\r\nb", "0113 496 0000", 7, Decimal("1.50"))
    ),
)
_NATIVE_NUMBERS = st.one_of(
    NUMBERS,
    NUMBERS.map(lambda value: value and format(value, "f")),
    st.sampled_from(
        (
            "",
            " 12.5 ",
            "12.340000",
            "-0.00",
            "+7.10",
            "007.00",
            "1",
            3,
            "999.995",
            Decimal("2.7499999999999996"),
        )
    ),
)
_NATIVE_BY_TRANSFORM = {
    "account_ref": st.sampled_from((None, "", "SMI001", " smi001 ", "A1", "12", "X#_/!%", 42)),
    "country_code": st.sampled_from((None, "GB", "ie", "France", "UK")),
    "email": st.sampled_from((None, "", "ann@example.test", " O'Hara@Example.TEST")),
    "currency": st.sampled_from((None, "", "1", "-99", "2", 2)),
    "user": st.sampled_from((None, "", "51", 51, "EL", " el ")),
    "tax_code": st.sampled_from((None, "", "T0", "t1", "20", 1)),
    "country_name": st.sampled_from((None, "GB", "Ireland", "United Kingdom", "UK")),
    "link": st.sampled_from((None, "", "11x2", "11x3")),
    "tax_rate": st.sampled_from((None, "", "GB_STANDARD", "GB_EXEMPT")),
    "one_tax": st.sampled_from((None, "", "20.000", "4.500", "0.000")),
    "inverse": st.sampled_from((None, "", "1.000", "1.163", "0.86")),
    "table": st.sampled_from((None, "", "Won", "Lost")),
    "date": st.sampled_from((None, "", "2026-11-21", "2026-11-21T00:00:00", " 2024-02-29 ")),
    "datetime": st.sampled_from((None, "", "2026-11-21 10:00:00", "2026-11-21T10:00:00+02:00")),
    "boolean": st.sampled_from((None, "", True, "0", "yes")),
    "integer": st.sampled_from((None, "", "12", 7, "3.00")),
    "decimal": _NATIVE_NUMBERS,
    "money": _NATIVE_NUMBERS,
}
ODD = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        (
            "SMITH0001",
            "SMI\u00c901",
            "SMI\u00b2",
            "\u0661\u0662",
            "2026-02-30",
            "2026-11-2x",
            "2026-W47-6",
            "won",
        )
    ),
    st.sampled_from(("1.5e3", "NaN", "1" * 16, 0, True, False, Decimal("NaN"), [], ["x"], {}, 1.5, b"bytes")),
)
"""Native values that few fields can hold."""


def natives_for(item: FieldPlan) -> st.SearchStrategy[Any]:
    """Values as a system may send them, all of which the field's transform can read."""
    return _NATIVE_BY_TRANSFORM.get(item.transform.name.removeprefix("web "), _NATIVE_TEXTS)


def values_for(item: FieldPlan) -> st.SearchStrategy[Any]:
    """Keys no longer than their native field: longer ones are refused, see `test_whole.py`."""
    values = _BY_TRANSFORM.get(item.transform.name.removeprefix("web "), _BY_KIND.get(item.kind, TEXTS))
    limit = item.spot.max
    if not item.spot.whole or limit is None:
        return values
    return values.map(lambda value: value[:limit] if isinstance(value, str) else value)


def lines_for(items: list[FieldPlan]) -> st.SearchStrategy[Any]:
    line = st.fixed_dictionaries({}, optional={item.name: values_for(item) for item in items})
    return st.one_of(st.none(), st.lists(line, max_size=3))


assert set(_BY_KIND) | {"text"} == set(kinds("line").values()) | {"boolean", "date", "datetime"}

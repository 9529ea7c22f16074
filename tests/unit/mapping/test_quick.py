"""Each expression of generated code gives what its transform's function gives, for every value one by one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.entities.registry import kinds
from shared.mapping.numbers import Spot
from shared.mapping.object_map import compile_object
from shared.mapping.plan import FieldPlan
from shared.mapping.quick import NAMES, is_one_line, read_expression, write_expression
from shared.mapping.source import Source
from shared.mapping.transforms import TRANSFORMS
from shared.mapping.web import PREFIX, on_the_web

TABLES: dict[str, dict[str, Any]] = {
    "currencies": {"": "GBP", "2": "GBP", "1": "GBP", "e": "EUR"},
    "tax_codes": {"T1": Decimal("1.5"), "2": Decimal(0)},
    "users": {"a": "GBP", "2": "EUR", "<EUR>": "EUR"},
    "link.": {"a": "GBP", "2": "EUR"},
    "native.": {"GBP": "a", "EUR": "2"},
}
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"max": 5},
    {"places": 0},
    {"places": 1},
    {"places": 6},
    {"pairs": {"Won": "won"}},
)
NATIVE: tuple[Any, ...] = (
    None, "", " ", "a", " a  b ", "a\nb", " a \n b\r\n\r\nc ", "a\n\nb", "a\u00a0b", "a\tb", "\u200b", 0, 1, 1.5, True, False,
    "SMI001", "SMI01", "SMI 1", "smi01", "SM\u00c91", "SM\u00b2", "\u0661\u0662", "A&B", "12345", "12345678", "123456789",
    "2026-11-21", "2026-02-30", "2026-11-2x", "2026/11/21", "2026-W47-6", "2026-11-21T10:00:00", "x" * 10, "20261121",
    "12.34", "12.340000", "12.345", "-0.00", "+7.10", "007.00", " 7 ", "1.5e3", "NaN", "1" * 16, "1_0.00", "\u0661.00",
    Decimal("1.50"), Decimal("2.7499999999999996"), Decimal("NaN"), Decimal("1E+2"), [], {}, (), b"12.34", b"SMI01",
    "A&amp;B", "&amp;amp;", " a&#10;b ", "a\U0001f468b", "12 &", "e", "2", 2, "T1", "t20", "yes", "ann@example.test", "Won", "GB",
)  # fmt: skip
CANONICAL: dict[str, tuple[Any, ...]] = {
    "text": (
        None, "", "a", "a\nb", "abcde", "abcdef", "abcd\U0001f468\u200d\U0001f469", "GBP", "EUR", "USD", "T1", "t07", "won",
        "FR",
    ),
    "decimal": (None, *map(Decimal, ("0", "-0.00", "1.5", "1.50", "2.745", "-2.55", "1E+2", "0.0000005", "12.340000"))),
    "integer": (None, 0, -3), "boolean": (None, True, False), "date": (None, date(2026, 11, 21), date(1, 1, 1)),
    "datetime": (None, datetime(2026, 11, 21, 10, tzinfo=UTC)),
}  # fmt: skip
WEB = {f"{PREFIX}{name}": on_the_web(item) for name, item in TRANSFORMS.items() if item.extra == "notes"}
SINGLE = [name for name, item in (TRANSFORMS | WEB).items() if not item.several]


def a_plan(name: str, options: dict[str, Any]) -> FieldPlan:
    transform = (TRANSFORMS | WEB)[name]
    return FieldPlan("f", transform.kinds[0], ("p",), transform, Spot("f", "p", **options), True, True, False)


def result(work: Any) -> str:
    try:
        return repr(work())
    except Exception as fault:
        return f"{type(fault).__name__}: {fault}"


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("name", SINGLE)
def test_reading(name: str, options: dict[str, Any]) -> None:
    item = a_plan(name, options)
    for value in NATIVE:
        expected = result(lambda: item.reader(value, *_table(item, item.table)))  # noqa: B023
        for start, given in (("values['p']", {"values": {"p": value}}), ("v", {"v": value})):
            space = {**NAMES, "slow": item.reader, "tables": TABLES, **given}
            assert result(lambda: eval(read_expression(item, start, "slow"), space)) == expected, value  # noqa: B023


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("name", [name for name in SINGLE if name in WEB or TRANSFORMS[name].writer])
def test_writing(name: str, options: dict[str, Any]) -> None:
    item = a_plan(name, options)
    for value in CANONICAL[item.kind]:
        slow_notes: list[str] = []
        more = (slow_notes,) if item.transform.extra == "notes" else _table(item, item.written_table)
        expected = result(lambda: item.writer(value, *more))  # noqa: B023
        notes: list[str] = []
        space = {**NAMES, "slow": item.writer, "tables": TABLES, "notes": notes, "v": value}
        assert result(lambda: eval(write_expression(item, "slow", "'f'"), space)) == expected, value  # noqa: B023
        assert notes == slow_notes


def _table(item: FieldPlan, name: str) -> tuple[Any, ...]:
    return (TABLES[name],) if item.transform.extra == "table" else ()


@pytest.mark.parametrize(
    ("limit", "value", "fits"),
    [
        (None, "a" * 500, True),
        (5, "abcde", True),
        (5, "abcdef", False),
        (None, "a\nb", False),
        (5, "a\nb", False),
        (5, None, False),
    ],
)
def test_one_line(limit: int | None, value: str | None, fits: bool) -> None:
    condition = is_one_line(a_plan("lines", {"max": limit, "count": 2}))
    assert eval(condition, {**NAMES, "v": value}) is fits


def test_every_canonical_kind_is_written() -> None:
    assert {item.kinds[0] for item in TRANSFORMS.values()} == set(CANONICAL) and set(
        kinds("line").values()
    ) <= set(CANONICAL)


def test_two_ways_of_reading_one_path_are_kept_apart() -> None:
    rules = (
        'object = "X"\nid = "id"\n[fields]\namount = { path = "a", as = "money", access = "read" }\n'
        'net = { path = "a", as = "money", places = 0, access = "read" }\n'
        'tax = { path = "a", as = "money", places = 0, rounding = "half_even", access = "read" }\n'
    )
    made = compile_object("x", "sales_order", Source("x.toml", rules))
    assert made.read({"a": "2.50"}, {}) == {"amount": Decimal("2.50"), "net": Decimal(3), "tax": Decimal(2)}

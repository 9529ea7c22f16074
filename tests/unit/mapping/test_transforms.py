"""Each transform: what it makes of good values, and the sentence for bad ones."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Spot
from shared.mapping.texts import cut
from shared.mapping.transforms import TRANSFORMS

CURRENCIES = {"-99": "GBP", "": "GBP", "e": "EUR"}


def _writer(transform: str, spot: Spot) -> Callable[..., Any]:
    make = TRANSFORMS[transform].writer
    assert make is not None
    return make(spot)


GOOD = [
    ("text", " a ", "a"),
    ("text", "", None),
    ("text", None, None),
    ("text", 1042, "1042"),
    ("text", Decimal("2.50"), "2.50"),
    ("memo", "a \r\nb", "a\nb"),
    ("street", "1 High St\r\n\n Leeds ", "1 High St\nLeeds"),
    ("account_ref", " smith001 ", "SMITH001"),
    ("country_code", "United Kingdom", "GB"),
    ("country_code", "ie", "IE"),
    ("email", " Ann@Example.TEST ", "Ann@example.test"),
    ("phone", "0113  100", "0113 100"),
    ("tax_code", 1, "T1"),
    ("tax_code", "t05", "T5"),
    ("tax_code", None, None),
    ("decimal", "25000.000000", Decimal(25000)),
    ("decimal", "559.595960", Decimal("559.59596")),
    ("decimal", "", None),
    ("decimal", " 7 ", Decimal(7)),
    ("decimal", "-1.5", Decimal("-1.5")),
    ("decimal", Decimal("1E+2"), Decimal(100)),
    ("money", Decimal("2.7499999999999996"), Decimal("2.75")),
    ("money", "1.005", Decimal("1.01")),
    ("integer", "3", 3),
    ("integer", "3.0", 3),
    ("boolean", "Yes", True),
    ("boolean", "0", False),
    ("boolean", 1, True),
    ("boolean", "", None),
    ("date", "2026-11-21", date(2026, 11, 21)),
    ("date", "2026-11-21T00:00:00", date(2026, 11, 21)),
    ("date", "", None),
    ("datetime", "2026-11-21T19:12:00-04:00", datetime(2026, 11, 21, 23, 12, tzinfo=UTC)),
    ("datetime", "2026-11-21 19:12:00", datetime(2026, 11, 21, 19, 12, tzinfo=UTC)),
]


@pytest.mark.parametrize(("name", "native", "canonical"), GOOD)
def test_reads(name: str, native: Any, canonical: Any) -> None:
    assert TRANSFORMS[name].reader(Spot("f", "p"))(native) == canonical


BAD = [
    (
        "decimal",
        "abc",
        (
            'amount holds "abc", which cannot be read as f: enter a number of digits with a point, such as '
            "1234.56."
        ),
    ),
    (
        "decimal",
        "1,234.56",
        (
            'amount holds "1,234.56", which cannot be read as f: enter a number of digits with a point, '
            "such as "
            "1234.56."
        ),
    ),
    ("decimal", "NaN", None),
    ("decimal", "1e5", None),
    ("decimal", "1_000", None),
    ("decimal", "９", None),
    ("decimal", True, None),
    ("decimal", "9" * 40, None),
    ("decimal", Decimal("Infinity"), None),
    ("decimal", 1.5, None),
    ("money", "12.3.4", None),
    ("integer", "3.5", 'amount holds "3.5", which cannot be read as f: enter a whole number, such as 3.'),
    ("boolean", "maybe", None),
    ("date", "21/11/2026", None),
    ("date", "2026-02-30", None),
    ("date", "2026-W47-6", None),
    ("datetime", "yesterday", None),
    ("email", "nobody", None),
    ("country_code", "Atlantis", None),
    ("tax_code", "GB20", None),
    ("account_ref", "TOOLONG99", None),
    ("account_ref", "A B", None),
    ("text", ["a"], None),
    ("text", True, None),
]


@pytest.mark.parametrize(("name", "native", "message"), BAD)
def test_refuses(name: str, native: Any, message: str | None) -> None:
    with pytest.raises(FieldUnreadable) as fault:
        TRANSFORMS[name].reader(Spot("f", "amount"))(native)
    assert message is None or str(fault.value) == message
    assert (fault.value.field, fault.value.path) == ("f", "amount") and fault.value.allowed


def test_currency_goes_through_the_systems_table() -> None:
    read, write = (
        getattr(TRANSFORMS["currency"], way)(Spot("currency", "currency_id")) for way in ("reader", "writer")
    )
    assert (
        read("e", CURRENCIES) == "EUR" and read("", CURRENCIES) == "GBP" and read(None, CURRENCIES) == "GBP"
    )
    assert write("GBP", CURRENCIES) == "-99"
    with pytest.raises(
        FieldUnreadable, match=r'currency_id holds "x", .*: enter the id of one of the currencies EUR, GBP'
    ):
        read("x", CURRENCIES)
    with pytest.raises(FieldUnreadable, match='holds "USD"'):
        write("USD", CURRENCIES)


def test_the_first_id_of_a_currency_goes_out_and_another_table_is_another_answer() -> None:
    write = _writer("currency", Spot("currency", "currency_id"))
    first, second = {"": "GBP", "2": "GBP", "1": "GBP", "e": "EUR"}, {"1": "GBP", "2": "GBP"}
    assert [write("GBP", table) for table in (first, second, first)] == ["2", "1", "2"]
    with pytest.raises(FieldUnreadable, match='holds "EUR"'):
        write("EUR", second)
    with pytest.raises(FieldUnreadable, match='holds "EUR"'):
        write("EUR", {"": "EUR"})


def test_a_street_of_as_many_lines_as_there_are_is_cut_line_by_line() -> None:
    notes: list[str] = []
    write = _writer("lines", Spot("street", "a, b", max=10, count=2))
    assert write("Unit 2\nHigh St", notes) == ["Unit 2", "High St"] and write("12345678\n123", notes) == [
        "12345678",
        "123",
    ]
    assert write("ab\n12345678901", notes) == ["ab", "1234567890"]
    assert notes == ["street, last line, cut from 11 to 10 characters"]


def test_value_tables_go_both_ways() -> None:
    spot = Spot("terms", "terms_c", pairs={"Net 30": "30 days"})
    assert TRANSFORMS["table"].reader(spot)("Net 30") == "30 days"
    writer = TRANSFORMS["table"].writer
    assert writer is not None and writer(spot)("30 days") == "Net 30"
    with pytest.raises(FieldUnreadable, match=r"one of the values of its table \(Net 30\)"):
        TRANSFORMS["table"].reader(spot)("Net 60")


@pytest.mark.parametrize(
    ("street", "lines", "notes"),
    [
        ("1 High St", ["1 High St", ""], []),
        ("Unit 2\n1 High St", ["Unit 2", "1 High St"], []),
        ("a\nb\nc", ["a", "b, c"], []),
        ("Saint Bartholomew House", ["Saint Bartholomew", "House"], []),
        ("a\n" + "b" * 25, ["a", "b" * 20], ["street, last line, cut from 25 to 20 characters"]),
        ("c" * 25 + "\nb", ["c" * 20, "ccccc, b"], []),
        (None, ["", ""], []),
    ],
)
def test_a_street_over_two_lines(street: str | None, lines: list[str], notes: list[str]) -> None:
    found: list[str] = []
    writer = TRANSFORMS["lines"].writer
    assert writer is not None and writer(Spot("street", "p", max=20, count=2))(street, found) == lines
    assert found == notes


def test_join_reads_only() -> None:
    assert TRANSFORMS["join"].reader(Spot("f", "p"))((" Ann ", None, "Smith")) == "Ann Smith"
    assert TRANSFORMS["join"].writer is None


def test_cutting_leaves_no_half_of_a_sign() -> None:
    notes: list[str] = []
    assert cut("ab 👩\u200d👩", 5, "name", notes) == "ab 👩"
    assert cut("abc  def", 5, "name", notes) == "abc"
    assert notes == ["name cut from 6 to 5 characters", "name cut from 8 to 5 characters"]

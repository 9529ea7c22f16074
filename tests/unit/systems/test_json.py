"""Numbers as vendors send them, and numbers that are none."""

from decimal import Decimal

import pytest

from shared.systems._json import is_torn, loads


def test_money_is_exact() -> None:
    assert loads('{"amount": 2.7499999999999996, "net": 0.10, "count": 12}') == {
        "amount": Decimal("2.7499999999999996"),
        "net": Decimal("0.10"),
        "count": 12,
    }


@pytest.mark.parametrize(
    "number", ["1e200000000", "-1E+999999999", "1e-200000000", "9" * 5000, "1." + "0" * 50 + "1", "1e41"]
)
def test_f17_a_number_that_nobody_could_write_out_stays_text(number: str) -> None:
    assert loads(f'{{"amount": {number}}}') == {"amount": number}


@pytest.mark.parametrize("number", ["0.0", "0e-300", "1e15", "123456789012345678901234567890"])
def test_an_unusual_number_is_one(number: str) -> None:
    assert loads(number) == Decimal(number)


@pytest.mark.parametrize("zero", ["0e-999999999", "-0.0E-300000000", "0e999999999", "0." + "0" * 9000])
def test_a_nothing_that_nobody_could_write_out_is_nothing(zero: str) -> None:
    """Written plainly it would take a gigabyte of noughts."""
    assert loads(zero) == 0 and len(format(loads(zero), "f")) < 50


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_stays_text(word: str) -> None:
    assert loads(f'{{"amount": {word}}}') == {"amount": word}


def test_what_is_nested_without_end_is_not_json() -> None:
    with pytest.raises(ValueError, match="nested"):
        loads("[" * 200_000)


@pytest.mark.parametrize(
    "body", [b'{"error": "need_lo', b'{"Message": "Author', b"<html><body>Forbid", b'["a', b"<p>x</"]
)
def test_f12_an_answer_that_broke_off_is_torn(body: bytes) -> None:
    assert is_torn(body)


@pytest.mark.parametrize("body", [b"", b"Forbidden", b'{"error": "x"}', b"<html>no</html>\n", b"[]", b"<a/>"])
def test_a_short_answer_is_not_torn(body: bytes) -> None:
    assert not is_torn(body)

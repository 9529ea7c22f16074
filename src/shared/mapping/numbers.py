"""Numbers and yes/no values, exact: Decimal in, Decimal out, never a float."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from shared.domain.record import record
from shared.domain.rules import Rule
from shared.mapping import gross, other_currency
from shared.mapping.faults import FieldUnreadable

Convert = Callable[..., Any]
ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_FLOOR}

_PLAIN = re.compile(r"\s*[+-]?\d{1,15}(?:\.\d{0,12})?\s*", re.ASCII).fullmatch
two_places = re.compile(r"([+-]?\d{1,15}\.\d\d)0{0,10}", re.ASCII).fullmatch
"""The commonest forms of amounts, such as "1234.560000": the part that is kept needs no tidying."""
_LIMIT = Decimal(10) ** 15
CENT = Decimal("0.01")
_RATE = Decimal("0.00000001")
_NUMBER = "a number of digits with a point, such as 1234.56"
_TRUE = {"true", "yes", "y", "on", "1"}
_FALSE = {"false", "no", "n", "off", "0"}


@record
class Spot:
    """Where a transform works: the canonical field, the native path(s) as people see them, and the field's
    options."""

    field: str
    path: str
    max: int | None = None
    places: int = 2
    rounding: str = "half_up"
    form: str = "json"
    pairs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    count: int = 1
    entity: str = ""
    whole: bool = False
    """Never cut: see `whole.py`."""


def number(value: Any, spot: Spot) -> Decimal | None:
    """Any native number as Decimal. Exponents, thousands separators, NaN and more than 15 digits are
    refused."""
    if value.__class__ is str:
        if _PLAIN(value):
            return Decimal(value)
        if not value.strip():
            return None
    elif value is None:
        return None
    elif value.__class__ is int:
        return Decimal(value)
    elif value.__class__ is Decimal and value.is_finite() and abs(value) < _LIMIT:
        return value
    if words := gross.refusal(spot.path, str(value)):
        raise FieldUnreadable(spot.field, spot.path, value, _NUMBER, Rule.INCLUDES_VAT, words)
    words = other_currency.refusal(spot.path, str(value))
    raise FieldUnreadable(spot.field, spot.path, value, _NUMBER, words=words)


def tidy(value: Decimal) -> Decimal:
    """The same number with at most two places where that loses nothing, else without trailing zeros."""
    short = value.quantize(CENT)
    return short if short == value else value.normalize()


def decimal_reader(spot: Spot) -> Convert:
    def read(value: Any) -> Decimal | None:
        if value.__class__ is str and (quick := two_places(value)):
            return Decimal(quick[1])
        found = number(value, spot)
        return None if found is None else tidy(found)

    return read


def money_reader(spot: Spot) -> Convert:
    """Rounded to `places`: Sage answers 2.7499999999999996 where somebody entered 2.75."""
    unit, rounding = Decimal(1).scaleb(-spot.places), ROUNDINGS[spot.rounding]

    def read(value: Any) -> Decimal | None:
        found = number(value, spot)
        return None if found is None else _rounded(found, unit, rounding)

    return read


def money_writer(spot: Spot) -> Convert:
    unit, rounding = Decimal(1).scaleb(-spot.places), ROUNDINGS[spot.rounding]

    def write(value: Any) -> Decimal | None:
        if value is None:
            return None
        short = value.quantize(CENT)
        return short if short == value and unit <= CENT else _rounded(value, unit, rounding)

    return write


def _rounded(value: Decimal, unit: Decimal, rounding: str) -> Decimal:
    """With as few places as possible, at least two, that lose no more than `unit` does."""
    if unit <= CENT:
        short = value.quantize(CENT)
        if short == value:
            return short
    rounded = value.quantize(unit, rounding)
    return tidy(rounded) if unit < CENT else rounded


def inverse_reader(spot: Spot) -> Convert:
    """A rate stated the other way round: 1.25 euros to the pound as 0.8 pounds to the euro, to eight
    places."""

    def read(value: Any) -> Decimal | None:
        found = number(value, spot)
        if found is None:
            return None
        if found <= 0:
            raise FieldUnreadable(spot.field, spot.path, value, "a rate above zero, such as 1.25")
        return tidy((1 / found).quantize(_RATE))

    return read


def inverse_writer(spot: Spot) -> Convert:
    unit = Decimal(1).scaleb(-spot.places)

    def write(value: Any) -> Decimal | None:
        return None if value is None else tidy((1 / value).quantize(unit, ROUNDINGS[spot.rounding]))

    return write


def integer_reader(spot: Spot) -> Convert:
    def read(value: Any) -> int | None:
        found = number(value, spot)
        if found is None:
            return None
        if found != found.to_integral_value():
            raise FieldUnreadable(spot.field, spot.path, value, "a whole number, such as 3")
        return int(found)

    return read


def plain_writer(spot: Spot) -> Convert:
    def write(value: Any) -> Any:
        return value

    return write


def boolean_reader(spot: Spot) -> Convert:
    def read(value: Any) -> bool | None:
        found = plainly(value)
        return not found if found is not None and spot.form == "not" else found

    def plainly(value: Any) -> bool | None:
        if value is None or value is True or value is False:
            return value
        word = str(value).strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        if not word:
            return None
        raise FieldUnreadable(spot.field, spot.path, value, "yes or no (also true/false, 1/0, on/off)")

    return read


def boolean_writer(spot: Spot) -> Convert:
    def write(value: Any) -> Any:
        if value is None or spot.form == "json":
            return value
        return not value if spot.form == "not" else int(value)

    return write

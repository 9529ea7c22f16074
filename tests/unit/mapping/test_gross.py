"""Prices that include VAT, and the net that gives exactly them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mapping.faults import FieldUnreadable
from shared.mapping.gross import gross_of, marked, net_of, refusal
from shared.mapping.numbers import Spot, number

RATES = st.sampled_from(["0", "5", "9", "13.5", "20", "23"]).map(Decimal)


@given(st.integers(0, 10**9), RATES)
def test_a_net_is_proved_or_there_is_none(pence: int, rate: Decimal) -> None:
    gross = Decimal(pence) / 100
    found = net_of(gross, rate)
    if found is None:
        near = (gross / (1 + rate / 100)).quantize(Decimal("0.01"))
        assert all(gross_of(near + Decimal(n) / 100, rate) != gross for n in range(-5, 6))
    else:
        assert gross_of(found, rate) == gross


@given(st.integers(0, 10**9), RATES)
def test_every_net_is_found_again(pence: int, rate: Decimal) -> None:
    net = Decimal(pence) / 100
    found = net_of(gross_of(net, rate), rate)
    assert found is not None and gross_of(found, rate) == gross_of(net, rate)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            marked("10.05", Decimal("20.0")),
            "Prices that include VAT: sales_price is 10.05 with VAT, and no price without it gives exactly "
            "that at 20 %: enter the price without VAT, or change it by a penny.",
        ),
        (
            marked("10.05", None),
            "Prices that include VAT: sales_price is 10.05 with VAT, and its rate is not known: give it a "
            "tax rate, or enter the price without VAT.",
        ),
    ],
)
def test_what_has_none_is_refused_by_name(value: str, words: str) -> None:
    with pytest.raises(FieldUnreadable) as no:
        number(value, Spot("price", "sales_price"))
    assert (no.value.rule, str(no.value)) == ("includes_vat", words)


@pytest.mark.parametrize("value", ["", "abc", "10.05", "12 with VAT"])
def test_nothing_else_is_said_of_other_values(value: str) -> None:
    assert refusal("price", value) == ""

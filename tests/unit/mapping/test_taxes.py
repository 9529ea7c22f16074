"""Tax as a rate: the CRM's taxes on one side, the ledger's codes on the other."""

from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Spot
from shared.mapping.transforms import TRANSFORMS

CODES = {
    "GB_STANDARD": Decimal("20.0"),
    "GB_LOWER": Decimal("5.0"),
    "GB_ZERO": Decimal(0),
    "GB_EXEMPT": Decimal(0),
    "T1": Decimal("17.5"),
}
SPOT = Spot("tax_rate", "tax")


def pair(name: str) -> tuple[Any, Any]:
    writer = TRANSFORMS[name].writer
    assert writer is not None
    return TRANSFORMS[name].reader(SPOT), writer(SPOT)


@pytest.mark.parametrize(
    ("native", "rate"), [("20.000", 20), ("17.500", Decimal("17.5")), ("0", 0), ("", None), (None, None)]
)
def test_one_tax(native: str | None, rate: Any) -> None:
    read, write = pair("one_tax")
    assert read(native) == rate and read(write(read(native))) == rate


def test_more_than_one_tax_is_refused() -> None:
    read, write = pair("one_tax")
    with pytest.raises(FieldUnreadable) as fault:
        read("20.000+5.000")
    assert (fault.value.rule, str(fault.value)) == (
        "one tax",
        "There is more than one tax (20.000 % and 5.000 %), and the ledger takes one tax only: switch the "
        "others off.",
    )
    assert write(Decimal("4.50")) == "4.50" and write(Decimal("1E+1")) == "10" and write(None) == ""


@pytest.mark.parametrize(
    ("code", "rate"),
    [
        ("GB_STANDARD", 20),
        ("GB_EXEMPT", 0),
        (" GB_LOWER ", 5),
        ("T1", Decimal("17.5")),
        (1, Decimal("17.5")),
        ("", None),
        (None, None),
    ],
)
def test_a_ledgers_code_is_its_rate(code: Any, rate: Any) -> None:
    read, write = pair("tax_rate")
    assert read(code, CODES) == rate
    assert read(write(rate, CODES), CODES) == rate, (
        "another code of the same rate may come back, never another rate"
    )


def test_the_first_code_of_a_rate_goes_out() -> None:
    _, write = pair("tax_rate")
    assert [write(rate, CODES) for rate in (Decimal("20.00"), Decimal(0), None)] == [
        "GB_STANDARD",
        "GB_ZERO",
        "",
    ]


def test_a_code_or_rate_that_the_ledger_lacks_names_those_it_has() -> None:
    read, write = pair("tax_rate")
    with pytest.raises(FieldUnreadable) as fault:
        read("GB_OLD", CODES)
    assert (fault.value.rule, str(fault.value)) == (
        "tax",
        'tax holds "GB_OLD", which cannot be read as tax_rate: enter one of the ledger\'s tax codes '
        "GB_STANDARD, "
        "GB_LOWER, GB_ZERO, GB_EXEMPT, T1.",
    )
    with pytest.raises(FieldUnreadable) as fault:
        write(Decimal("12.5"), CODES)
    assert (fault.value.rule, str(fault.value)) == (
        "tax",
        "The ledger has no tax rate of 12.5 %: choose a tax rate that the ledger has (20.00 %, 5.00 %, 0.00 "
        "%, 17.50 %), or set up the rate there.",
    )
    with pytest.raises(FieldUnreadable, match=r"\(none is set up\)"):
        read("GB_STANDARD", {})

"""v4_1's amounts as they were entered: the residue of a double is none of anybody's money."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ports import ObjectSpec, Related, Snapshot, Values
from shared.systems.sugarcrm.legacy_numbers import tidied, without_residue

AT = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = Related("lines", "items", "Items", None, ("price",), many=True)
OWNER = Related("owner", "owners", "Owners", "owner_id", ("limit", "name"))
SPEC = ObjectSpec("sugarcrm", "order", "Orders", "id", None, ("name", "amount"), (ITEMS, OWNER))
NUMBERS = {("Orders", "amount"), ("Items", "price"), ("Owners", "limit")}
LONG, SHORT = "99.990000000000009", "99.99"


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        (LONG, SHORT),
        ("-300.30000000000001", "-300.3"),
        ("0.30000000000000004", "0.3"),
        ("1000.0000000000001", "1000"),
        ("12.345", "12.345"),
        ("12.500000", "12.500000"),
        ("1234567890123456", "1234567890123456"),
        ("SO-1.0000000000000001", "SO-1.0000000000000001"),
        ("", ""),
        (None, None),
    ],
)
def test_only_what_a_double_cannot_hold_is_cut_off(shown: str | None, meant: str | None) -> None:
    assert without_residue(shown) == meant


@given(st.decimals(-(10**10), 10**10, places=2), st.integers(-3, 3))
def test_an_amount_is_found_again_whatever_double_it_became(amount: Decimal, steps: int) -> None:
    """Also a few steps of a double away, as sums are; a second reading shows the same."""
    double = float(amount) * (1 + steps * 2.0**-53)
    found = without_residue(f"{Decimal(double):.17f}")
    assert isinstance(found, str)
    assert round(Decimal(found), 2) == amount
    assert without_residue(found) == found


def test_fields_of_lines_and_parents_too_and_texts_never() -> None:
    values: Values = {
        "name": LONG,
        "amount": LONG,
        "owner.limit": LONG,
        "owner.name": LONG,
        "lines": [{"price": LONG, "code": LONG}],
    }
    read = tidied(SPEC, Snapshot("o1", values, AT), lambda module, name: (module, name) in NUMBERS)
    assert isinstance(read, Snapshot)
    assert read.values == {
        "name": LONG,
        "amount": SHORT,
        "owner.limit": SHORT,
        "owner.name": LONG,
        "lines": [{"price": SHORT, "code": LONG}],
    }


def test_nothing_is_asked_where_nothing_looks_like_it() -> None:
    reading = Snapshot("o1", {"amount": "12.50", "name": "Deal"}, AT)
    assert tidied(SPEC, reading, lambda module, name: pytest.fail("asked")) is reading

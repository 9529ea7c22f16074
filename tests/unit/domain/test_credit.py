"""Row “credit position”: how much of a debt is overdue."""

from decimal import Decimal

import pytest

from shared.domain.credit import late_of, overdue_of, pence

TODAY = "2026-11-30"
LATE, DUE, OPEN = "2026-11-29", "2026-11-30", "2026-12-01"


@pytest.mark.parametrize(
    "items, balance, overdue",
    [
        ([], "0", "0"),
        ([(LATE, "100"), (OPEN, "50")], "150", "100"),
        ([(DUE, "100")], "100", "0"),  # due today is not late
        ([(LATE, "100"), (OPEN, "50")], "120", "70"),  # 30 on account pays what is late first
        ([(LATE, "100"), (OPEN, "50")], "10", "0"),
        ([(LATE, "100")], "-20", "0"),  # in credit
        ([(LATE, "100")], "400", "100"),  # an opening balance besides
        ([("", "100")], "100", "0"),  # no due day
    ],
)
def test_credit_position_overdue_from_open_invoices(
    items: list[tuple[str, str]], balance: str, overdue: str
) -> None:
    found = late_of([(day, Decimal(left)) for day, left in items], Decimal(balance), TODAY)
    assert found == Decimal(overdue)


def test_overdue_is_never_more_than_the_balance_and_never_below_zero() -> None:
    assert overdue_of(Decimal("100"), Decimal("40.005")) == Decimal("40.01")
    assert overdue_of(Decimal("-5"), Decimal("40")) == 0
    assert overdue_of(Decimal("5"), Decimal("-40")) == 0


def test_no_minus_before_nothing() -> None:
    assert str(pence(Decimal("-0.001"))) == "0.00"

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.ports import Snapshot, Values
from shared.systems.sage_50.settlement import settled

AT = datetime(2026, 11, 30, tzinfo=UTC)


def told(paid: str | None, **values: Any) -> Snapshot:
    """An invoice of 120.00 of which so much is paid; None: the ledger has no entry of it."""
    invoice = Snapshot("7", {"customerAccountRef": "ACME01", "invoiceTypeCode": 0, **values}, AT, None)
    entry: Values = {"type": "SI", "invRef": "7", "accountRef": "ACME01", "grossAmount": Decimal("120.00")}
    entries = [] if paid is None else [Snapshot("1", {**entry, "amountPaid": Decimal(paid)}, AT, None)]
    (found,) = settled([invoice], lambda numbers: entries)
    return found


@pytest.mark.parametrize(
    ("paid", "state"),
    [(None, "issued"), ("0.00", "issued"), ("119.99", "issued"), ("120.00", "paid"), ("121.00", "paid")],
)
def test_paid_is_what_leaves_nothing_outstanding(paid: str | None, state: str) -> None:
    assert told(paid).values["state"] == state


def test_a_credit_note_is_one_whatever_the_ledger_says_of_it() -> None:
    assert {told("120.00", invoiceTypeCode=kind).values["state"] for kind in (3, 4)} == {"credit note"}

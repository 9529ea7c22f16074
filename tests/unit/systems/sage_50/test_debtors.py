"""Row “credit position”, Sage 50: balances in ranges of references, overdue by aged debtors."""

from datetime import date
from decimal import Decimal
from typing import Any

from shared.errors import RecordRejected
from shared.ports import Position
from shared.systems.sage_50 import debtors
from shared.systems.sage_50.dates import DEFAULT, SageDates
from shared.systems.sage_50.debtors import Debtors50
from shared.systems.sage_50.values import Values50


class Service:
    """Answers searches for ranges of references, and for the age of debts."""

    def __init__(self, *rows: dict[str, Any], aged: dict[str, Any] | None = None) -> None:
        self.rows_there, self.aged = rows, aged
        self.asked: list[Any] = []

    def rows(self, path: str, doing: str, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.asked.append([(one["type"], one["value"]) for one in filters if one["field"] == "ACCOUNT_REF"])
        keep = {"gt": lambda a, b: a > b, "lte": lambda a, b: a <= b, "eq": lambda a, b: a == b}
        return [
            row
            for row in self.rows_there
            if all(keep[kind](row["accountRef"], value) for kind, value in self.asked[-1])
        ]

    def get(self, path: str, doing: str) -> Any:
        self.asked.append(path)
        if self.aged is None:
            raise RecordRejected("no such account")
        return self.aged


def ledger(service: Service) -> Debtors50:
    return Debtors50(service, Values50(SageDates(DEFAULT), 28, "1"), "1")  # type: ignore[arg-type]


def customer(reference: str, **values: Any) -> dict[str, Any]:
    return {"accountRef": reference, "balance": 0.1 + 0.2, "creditLimit": 500.0, "currency": "1", **values}


def test_ranges_leave_nobody_out_whoever_is_new_or_gone(monkeypatch: Any) -> None:
    monkeypatch.setattr(debtors, "RANGE", 2)
    there = [customer(one) for one in ("A1", "B1", "B2", "C1", "D1", "Z9")]
    service = Service(*there)
    found = [
        one.id for part in ledger(service).portions("", ["B1", "B3", "C1", "D1"]) for one in part.positions
    ]
    assert sorted(found) == ["A1", "B1", "B2", "C1", "D1", "Z9"]
    assert service.asked == [[("lte", "B3")], [("gt", "B3")]]
    assert [part.last for part in ledger(service).portions("", [])] == [True]


def test_a_row_is_read_to_the_penny_with_status_hold_and_currency() -> None:
    row = customer("acme01 ", accountStatusText="Stopped", accountOnHold=1, currency="2")
    (part,) = ledger(Service(row)).portions("", [])
    assert part.positions == (
        Position("ACME01", "ACME01", Decimal("0.30"), Decimal("500.00"), "Stopped", True, "2"),
    )


def test_overdue_is_what_is_thirty_days_old_and_a_refusal_leaves_a_customer_out() -> None:
    aged = {"total": 90.0, "current": 20.0, "future": 5.0, "period30Days": 40.05, "older": 24.95}
    acme = Position("A/1", "A/1", Decimal(90))
    service = Service(aged=aged)
    assert list(ledger(service).overdue([acme], date(2026, 11, 30))) == [("A/1", Decimal("65.00"))]
    assert service.asked == ["/api/agedDebtors/?id=A%2F1"]
    assert list(ledger(Service()).overdue([acme], date(2026, 11, 30))) == []

"""Records of an emulated Sage Accounting as tests look at them."""

from decimal import Decimal
from typing import Any

from shared.ports import ObjectSpec, Patch, Snapshot, Values
from shared.systems.sage_accounting.system import SageAccounting
from tests.contract.sage_accounting_bench import (
    Bench,
)


def line(**changed: Any) -> dict[str, Any]:
    return {
        "description": "Widget",
        "quantity": Decimal("2"),
        "unit_price": Decimal("9.99"),
        "tax_rate_id": "GB_STANDARD",
        "tax_amount": Decimal("4.00"),
        "discount_amount": Decimal("0"),
        **changed,
    }


def invoice(contact: str, **changed: Any) -> Values:
    return {
        "contact_id": contact,
        "date": "2026-11-21",
        "reference": "SO-1",
        "status_id": "DRAFT",
        "invoice_lines": [line()],
        **changed,
    }


def one(system: SageAccounting, of: ObjectSpec, record_id: str) -> Snapshot:
    found = system.read(of, [record_id])[record_id]
    assert isinstance(found, Snapshot)
    return found


def changed(system: SageAccounting, of: ObjectSpec, record_id: str, **values: Any) -> Any:
    return system.update(
        of, [Patch(record_id, {name.replace("__", "/"): value for name, value in values.items()})]
    )[0]


def customers(bench: Bench) -> list[dict[str, Any]]:
    return [row for row in bench.records("contacts") if not row["system"]]

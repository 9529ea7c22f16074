"""Stored numbers as text, the initial values of a new row, and the status that line items give their
opportunity."""

from decimal import Decimal
from typing import Any

from local.vendors.sugarcrm.schema import Module


def plain_number(value: Any) -> str:
    """A stored number as MySQL writes it: `100`, `1234.56`, '' for NULL."""
    if value is None or value == "":
        return ""
    if isinstance(value, float) and not value.is_integer():
        return format(Decimal(repr(value)), "f")
    return str(int(value)) if isinstance(value, (int, float)) else str(value)


def rolled_up_status(stages: list[str]) -> str:
    if all(stage == "Closed Won" for stage in stages):
        return "Closed Won"
    if all(stage == "Closed Lost" for stage in stages):
        return "Closed Lost"
    return "In Progress"


def new_row(module: Module) -> dict[str, Any]:
    if module.name == "Opportunities":
        return {"amount": 0, "currency_id": "-99"}
    return {"currency_id": "-99"} if "currency_id" in module.fields else {}

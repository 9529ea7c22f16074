"""The shipped order flow on two memory systems: a SugarCRM with opportunities, a Sage with customers."""

from collections.abc import Callable
from typing import Any

from shared.mapping.compile import compile_flow
from shared.sync.engine import Context, Engine
from shared.systems.memory import MemorySystem
from tests.properties.ports import Ticker
from tests.properties.rig import Rig

CRM, SAGE, ENTITY = "sugarcrm", "sage_50", "sales_order"
FLOW = compile_flow("sugarcrm--sage_50")
DEAL: dict[str, Any] = {
    "amount": "100.00",
    "currency_id": "-99",
    "date_closed": "2026-11-20",
    "sales_stage": "Closed Won",
    "sales_order_no_c": None,
    "account_id": "a1",
    "account.name": "Smith & Co",
    "account.sales_account_ref_c": "SMITH001",
}


def order_rig(make: Callable[[Context], Engine] = Engine) -> Rig:
    clock = Ticker()
    sugar, sage = MemorySystem(CRM, clock), MemorySystem(SAGE, clock, numbers="10")
    sugar.tables["currencies"] = [{"id": "-99", "iso": "GBP", "rate": "1", "base": "1"}]
    sage.tables["currencies"] = [{"id": "1", "iso": "GBP", "rate": "1", "base": "1"}]
    sage.tables["tax_codes"] = [{"id": "1", "rate": "20", "name": "standard"}]
    rig = Rig(FLOW, {CRM: sugar, SAGE: sage}, clock, make)
    customer(rig, "SMITH001")
    return rig


def customer(rig: Rig, reference: str) -> None:
    rig.systems[SAGE].put(
        "customer",
        reference,
        {
            "accountRef": reference,
            "name": reference.title(),
            "currency": "1",
            "onHold": False,
            "inactiveAccount": False,
        },
    )


def deal(rig: Rig, record_id: str, **values: Any) -> None:
    """Makes or edits an opportunity as a salesperson would."""
    known = rig.systems[CRM].objects.get("Opportunities", {}).get(record_id)
    made = {} if known else {**DEAL, "name": f"Deal {record_id}"}
    rig.systems[CRM].put("Opportunities", record_id, {**made, **values})


def deals(rig: Rig) -> dict[str, dict[str, Any]]:
    return rig.systems[CRM].objects.get("Opportunities", {})


def sage_orders(rig: Rig) -> dict[str, dict[str, Any]]:
    return rig.systems[SAGE].objects.get("salesOrder", {})


def orders_named(rig: Rig, record_id: str) -> list[dict[str, Any]]:
    """Sage orders that were made for this opportunity: its name is on their line."""
    return [
        order
        for order in sage_orders(rig).values()
        if order["invoiceItems"][0]["description"] == f"Deal {record_id}"
    ]

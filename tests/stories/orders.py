"""SugarCRM and Sage 50 under the shipped rules that make orders of won opportunities, in `World`'s language.

Sage holds the customer SMITH001, numbers its orders itself, and keeps our key on each of them.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.mapping.compile import compile_flow
from tests.properties.orders import CRM, ENTITY, SAGE, customer, deal, deals, order_rig, sage_orders
from tests.properties.rig import NAME
from tests.stories.world import World

SUGAR = CRM
WORDS = {"stage": "sales_stage", "customer": "account.sales_account_ref_c", "number": "sales_order_no_c"}

__all__ = ["Orders", "SAGE", "SUGAR"]


class Orders(World):
    """`amount`, `stage`, `customer` and `number` are fields of an opportunity."""

    entity = ENTITY

    def __init__(self) -> None:
        super().__init__(order_rig())

    def win(self, deal_id: str = "desks", **values: Any) -> None:
        """A salesperson wins an opportunity of 100.00 for SMITH001, or one of other values."""
        self.edit(deal_id, **values)

    def edit(self, deal_id: str = "desks", **values: Any) -> None:
        deal(self.rig, deal_id, **{WORDS.get(name, name): value for name, value in values.items()})

    def customer(self, reference: str) -> None:
        """Somebody enters a customer in Sage."""
        customer(self.rig, reference)

    def live_for_hours(self, hours: float) -> None:
        """The integration went live so long ago."""
        store, since = self.rig.world.integrations, self.rig.clock.now() - timedelta(hours=hours)
        before = store.state(NAME)
        store.change_state(NAME, before, replace(before, live_since=since))

    def new_rules(self, text: str) -> None:
        """The user's own rule file for the flow says this from now on."""
        self.rig.flow = compile_flow(self.rig.flow.name, {f"flows/{self.rig.flow.name}.toml": text})

    def number(self, deal_id: str = "desks") -> str | None:
        """The order number that SugarCRM shows."""
        shown: str | None = deals(self.rig)[deal_id]["sales_order_no_c"]
        return shown

    def orders(self) -> list[tuple[str, str, str]]:
        """(number, customer, price) of every order in Sage."""
        return [
            (one["orderNumber"], one["customerAccountRef"], str(one["invoiceItems"][0]["unitPrice"]))
            for one in sage_orders(self.rig).values()
        ]

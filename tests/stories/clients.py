"""Sage Sales Management and Sage 50 under the shipped rules, told in `World`'s language.

The vendors are memory: the CRM traces what was made and deletes for good, the ledger knows its creates by the
reference that they were given.
"""

from typing import Any

from shared.errors import RecordRejected
from shared.mapping.compile import compile_flow
from shared.mapping.model import Flow
from shared.ports import Capabilities, ObjectSpec, Snapshot
from shared.systems.memory import MemorySystem
from tests.properties.ports import Ticker
from tests.properties.rig import Rig
from tests.stories.customers import Customers, Vendor
from tests.stories.world import World

CRM, LEDGER = "sage_sales_management", "sage_50"
FLOW = f"{CRM}--{LEDGER}"
ABLE = {
    CRM: Capabilities(key_search=True, traces=True, deletes=True),
    LEDGER: Capabilities(key_search=True, traces=True, deletes=True),
}
DELETE = 'account.deletes = "delete"\ncontact.deletes = "delete"'


class Ledger(Vendor):
    """A customer's id is the reference that it was given, and that is all that a create answers."""

    def create(self, spec: ObjectSpec, values: Any, key: str) -> Snapshot:
        given = str(values.get(spec.id_path) or "")
        if given and given in self.objects.get(spec.object, {}):
            raise RecordRejected(f"{given} exists already")
        made = super().create(spec, values, key)
        if not given:
            return made
        record = self.objects[spec.object].pop(made.id)
        self.put(spec.object, given, {**record, spec.id_path: given, "id": given})
        self.made[spec.object, given] = self.made.pop((spec.object, made.id))
        return Snapshot(given, {spec.id_path: given}, made.observed_at)


class Clients(Customers):
    """`rules` are laid over the shipped ones."""

    def __init__(self, rules: str = "") -> None:
        clock = Ticker()
        vendors: dict[str, MemorySystem] = {
            CRM: Vendor(CRM, clock, capabilities=ABLE[CRM]),
            LEDGER: Ledger(LEDGER, clock, capabilities=ABLE[LEDGER]),
        }
        for vendor in vendors.values():
            vendor.tables["users"] = []
        World.__init__(self, Rig(sales_flow(rules), vendors, clock))

    @classmethod
    def in_both(cls, number: int = 1, rules: str = "") -> "Clients":
        """So many customers, CLIENT1 onwards, on both sides; nothing was logged yet."""
        here = cls(rules)
        for one in range(1, number + 1):
            here.client(f"CLIENT{one}")
        here.sync()
        here.wait(minutes=2)
        here.forget()
        return here

    def client(self, reference: str, **values: Any) -> None:
        """A customer that a bookkeeper enters."""
        values = {"name": f"{reference.title()} Ltd", **values}
        self.enter(LEDGER, reference, reference=reference, **values)

    def days(self, number: int) -> None:
        """Each with a sweep and what follows from it."""
        for _ in range(number):
            self.rig.clock.advance(24 * 3600)
            self.rig.poll()
            self.rig.reconcile()
            self.rig.drain()
            self.wait(minutes=2)

    def deletions(self) -> list[str]:
        """The ids of what was deleted for good in the CRM."""
        writes = self.rig.systems[CRM].writes
        return [record for kind, _, record, _ in writes if kind == "delete"]


def sales_flow(rules: str) -> Flow:
    """Of customers and their contacts."""
    others = dict.fromkeys(("product", "quotation", "sales_order", "invoice"), "off")
    return compile_flow(FLOW, {f"flows/{FLOW}.toml": rules} if rules else {}, others)

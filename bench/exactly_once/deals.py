"""Won opportunities that become orders in Sage 50, or quotations in Sage Accounting, once each, on vendors in
memory. Each has a name and a price of its own."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from bench.exactly_once.firms import EXPLAINED, stamping
from bench.exactly_once.site import JumpingClock, Site, TheirClock
from bench.exactly_once.tally import Tally
from shared.mapping.compile import compile_flow
from shared.ports import Capabilities
from shared.systems.memory import MemorySystem
from tests.properties.orders import DEAL

CRM, REFERENCE, DEALS = "sugarcrm", "SMITH001", "Opportunities"
NEW, WON = 0.6, 0.7
CUSTOMERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "sage_50": (
        "customer",
        {
            "accountRef": REFERENCE,
            "name": "Smith",
            "currency": "1",
            "onHold": False,
            "inactiveAccount": False,
        },
    ),
    "sage_accounting": (
        "contacts",
        {"contact_type_id": "CUSTOMER", "reference": REFERENCE, "name": "Smith", "currency_id": "GBP"},
    ),
}
DOCUMENTS = {"sage_50": ("salesOrder", "orderNumber"), "sage_accounting": ("sales_quotes", "number")}
SHOWN = {"sage_50": "sales_order_no_c", "sage_accounting": "sales_quote_no_c"}
HOME = {"sage_50": "1", "sage_accounting": "GBP"}
TAX = {"sage_50": "1", "sage_accounting": "GB_STANDARD"}


class Deals:
    def __init__(self, flow: str, sides: tuple[str, ...], random: Random) -> None:
        self.random, self.clock = random, JumpingClock()
        compiled = compile_flow(flow)
        self.ledger, self.entity = compiled.sage, "sales_order" if compiled.sage == "sage_50" else "quotation"
        able = {
            "sage_accounting": Capabilities(
                idempotent_create=True, idempotent_seconds=6 * 86400, deletes=True
            )
        }
        self.systems: dict[str, MemorySystem] = {}
        for name in (CRM, self.ledger):
            kind = stamping(MemorySystem)
            numbers = "10" if name == self.ledger else None
            self.systems[name] = kind(name, self.clock, numbers=numbers, capabilities=able.get(name))
            self.systems[name].theirs = TheirClock(self.clock)  # type: ignore[attr-defined]
        home = HOME[self.ledger]
        self.systems[CRM].tables["currencies"] = [{"id": "-99", "iso": "GBP", "rate": "1", "base": "1"}]
        self.systems[self.ledger].tables |= {
            "currencies": [{"id": home, "iso": "GBP", "rate": "1", "base": "1"}],
            "tax_codes": [{"id": TAX[self.ledger], "rate": "20", "name": "standard"}],
            "users": [],
        }
        self.site = Site(compiled, self.systems, self.clock)
        kind_of, customer = CUSTOMERS[self.ledger]
        self.systems[self.ledger].put(kind_of, REFERENCE, customer)
        self.made: list[str] = []

    def change(self) -> None:
        """A deal that is new, and most often won; or an edit of one."""
        if self.made and self.random.random() > NEW:
            self.edit()
            return
        record_id = f"D{len(self.made):06}"
        stage = "Closed Won" if self.random.random() < WON else "Prospecting"
        self.made.append(record_id)
        self._put(
            record_id,
            {**DEAL, **dict.fromkeys(SHOWN.values()), "name": f"Deal {record_id}", "sales_stage": stage},
        )

    def edit(self) -> None:
        """What is not won yet is; of what is, the salesperson corrects the date."""
        if not self.made:
            return
        record_id = self.random.choice(self.made)
        if self._deals()[record_id]["sales_stage"] != "Closed Won":
            self._put(record_id, {"sales_stage": "Closed Won"})
        else:
            self._put(record_id, {"date_closed": f"2026-11-{self.random.randrange(1, 29):02}"})

    def jump(self) -> None:
        for system in self.systems.values():
            seconds = self.random.choice((-3600, -5, 0, 7, 86_400))
            system.theirs.off = timedelta(seconds=seconds)  # type: ignore[attr-defined]

    def _put(self, record_id: str, values: Mapping[str, Any]) -> None:
        self.systems[CRM].put(DEALS, record_id, values)
        if self.random.random() < 0.7:
            for _ in range(self.random.choice((1, 1, 1, 2, 3))):
                self.site.notify(CRM, self.entity, record_id)

    def _deals(self) -> dict[str, dict[str, Any]]:
        return self.systems[CRM].objects.get(DEALS, {})

    # what came of it

    def judge(self, tally: Tally) -> None:
        documents, number_path = DOCUMENTS[self.ledger]
        found = self.systems[self.ledger].objects.get(documents, {})
        named: dict[str, list[str]] = {}
        for one in found.values():
            named.setdefault(_name(one), []).append(str(one[number_path]))
        outcomes = {link.origin_id: link.outcome for link in self.site.links()}
        for name, numbers in named.items():
            if name.removeprefix("Deal ") not in self.made:
                tally.say("unexplained", f"{numbers} is of no deal: {name}")
        for record_id in self.made:
            deal, numbers = self._deals()[record_id], named.get(f"Deal {record_id}", [])
            outcome = outcomes.get(record_id)
            shown = deal.get(SHOWN[self.ledger])
            if len(numbers) > 1:
                tally.say("doubled", f"{record_id} has {numbers}")
            elif deal["sales_stage"] != "Closed Won":
                if numbers:
                    tally.say("unexplained", f"{record_id} is not won and has {numbers}")
            elif not numbers:
                told = outcome is not None and outcome.kind in EXPLAINED
                tally.say("held" if told else "lost", f"{record_id}: {outcome}")
            elif str(shown) != numbers[0]:
                tally.say("stale", f"{record_id} shows {shown}, not {numbers}: {outcome}")


def _name(document: Mapping[str, Any]) -> str:
    lines = document.get("invoiceItems") or document.get("quote_lines") or [{}]
    return str(lines[0].get("description") or "")

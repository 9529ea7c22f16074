"""A week in two offices: what people do, noted down so that each deed can be accounted for at its end.

A deed is accounted for when its value stands on both sides, or when the log names it: taken over and later
replaced, lost to the other side, held or refused with a reason; or when the same office replaced it itself
before anybody looked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from shared.domain.keys import link_id
from shared.domain.link import Link, LogRow
from tests.e2e.pair_people import PEOPLE, Values
from tests.e2e.pair_world import CYCLE, PairWorld


@dataclass(frozen=True)
class Deed:
    """`what` is made, edited, deleted or moved. `record` is the id on the side where it was done."""

    what: str
    entity: str
    record: str
    name: str = ""
    value: str = ""


Setter = Callable[[Any], Values]
EDITS: dict[str, dict[str, tuple[Setter, Setter]]] = {
    "account": {
        "billing_town": (lambda v: {"bill_city": v}, lambda v: {"main_address": {"city": v}}),
        "phone": (lambda v: {"phone": v}, lambda v: {"main_contact_person": {"telephone": v}}),
        "billing_postcode": (lambda v: {"bill_code": v}, lambda v: {"main_address": {"postal_code": v}}),
    },
    "contact": {
        "job_title": (lambda v: {"title": v}, lambda v: {"job_title": v}),
        "mobile": (lambda v: {"mobile": v}, lambda v: {"mobile": v}),
    },
    "product": {"description": (lambda v: {"description": v}, lambda v: {"description": v})},
    "service": {"description": (lambda v: {"description": v}, lambda v: {"description": v})},
    "invoice": {"reference": (lambda v: {"customerno": v}, lambda v: {"reference": v})},
}


@dataclass
class Week:
    here: PairWorld
    chance: Random = field(default_factory=lambda: Random(7))
    deeds: list[Deed] = field(default_factory=list)
    apart: set[str] = field(default_factory=set)
    """Records that stay different, as the log must say."""
    count: int = 0

    # ------------------------------------------------------------ people

    def fresh(self, kind: str) -> str:
        self.count += 1
        return f"{kind} {self.count}"

    def make(self, entity: str, side: str) -> str:
        record = getattr(self, f"_{entity}")(side)
        self.deeds.append(Deed("made", entity, record))
        return str(record)

    def edit(self, entity: str, side: str = "", pair: Link | None = None, name: str = "") -> Link | None:
        """A new value in one field of a linked record, on the named side or on either."""
        pair = pair or self.some(entity)
        if pair is None:
            return None
        side = side or self.chance.choice(("vtiger", "sage_accounting"))
        name = name or self.chance.choice(sorted(EDITS[entity]))
        value, record = self.fresh(name.split("_")[-1][:5]), pair.sides[side].id
        sales, books = EDITS[entity][name]
        if side == "vtiger":
            self.here.sales.edit(record, **sales(value))
        else:
            self.here.books.edit(PEOPLE[entity][1], record, **books(value))
        self.deeds.append(Deed("edited", entity, record, name, value))
        return pair

    def clash(self, entity: str, name: str) -> None:
        pair = self.edit(entity, "vtiger", name=name)
        self.edit(entity, "sage_accounting", pair, name)

    def some(self, entity: str) -> Link | None:
        """A linked record that is alive, and, of invoices, still a draft."""
        drafts = {one["id"] for one in self.here.books.invoices() if one["status"]["id"] == "DRAFT"}
        found = sorted(
            (
                link
                for link in self.here.stores.links.all(entity)
                if len(link.sides) == 2
                and not any(side.gone for side in link.sides.values())
                and not self.apart & {side.id for side in link.sides.values()}
                and (entity != "invoice" or link.sides["sage_accounting"].id in drafts)
            ),
            key=lambda link: link.sides["vtiger"].label + link.origin_id,
        )
        return self.chance.choice(found) if found else None

    def delete(self, entity: str, side: str) -> None:
        pair = self.some(entity)
        assert pair is not None
        record = pair.sides[side].id
        if side == "vtiger":
            self.here.sales.delete(record)
        else:
            self.here.books.delete(PEOPLE[entity][1], record)
        self.deeds.append(Deed("deleted", entity, record))
        self.apart |= {one.id for one in pair.sides.values()}

    def move(self) -> None:
        person, home = self.some("contact"), self.some("account")
        assert person is not None and home is not None
        record = person.sides["vtiger"].id
        self.here.sales.edit(record, account_id=home.sides["vtiger"].id)
        self.deeds.append(Deed("edited", "contact", record, "account", home.link_id))

    def release(self) -> None:
        pair = self.some("invoice")
        assert pair is not None
        self.here.books.release(pair.sides["sage_accounting"].id)

    def pay(self) -> None:
        """Half of what is owed on every released invoice."""
        for one in self.here.books.invoices():
            if float(one["outstanding_amount"]) > 1:
                self.here.books.pay(one["id"], f"{float(one['outstanding_amount']) / 2:.2f}")

    # ------------------------------------------------------------ time

    def cycles(self, number: int) -> None:
        for _ in range(number):
            self.here.cycle()

    def until_quiet(self, most: int = 8) -> None:
        """And until no connection rests."""
        stores = self.here.stores
        for _ in range(most):
            gates = stores.gate.read(["vtiger", "sage_accounting"]).values()
            if (
                self.here.cycle() == 0
                and self.here.world.queue.next_visible() is None
                and stores.parks.count() == 0
                and all(one.state == "ok" for one in gates)
            ):
                return

    def night(self, hours: float) -> None:
        """Nobody works: the quarters of an hour between are as quiet as the one that is left out here."""
        self.here.wait(hours * 3600 - CYCLE)
        self.here.cycle()

    # ------------------------------------------------------------ accounting

    def unaccounted(self) -> list[str]:
        rows: dict[str, list[LogRow]] = {}
        for row in self.here.log():
            rows.setdefault(row.link_id, []).append(row)
        last = {(deed.record, deed.name): deed for deed in self.deeds}
        return [
            str(deed)
            for deed in self.deeds
            if not _named(deed, rows.get(self._link(deed), [])) and last[deed.record, deed.name] is deed
        ]

    def _link(self, deed: Deed) -> str:
        system = "vtiger" if "x" in deed.record else "sage_accounting"
        found = self.here.stores.links.find(system, deed.entity, [deed.record])
        return str(found.get(deed.record) or link_id("main", deed.entity, system, deed.record))

    # inside

    def _account(self, side: str) -> str:
        name = self.fresh("Firm")
        return self.here.sales.organisation(name) if side == "vtiger" else self.here.books.customer(name)

    def _contact(self, side: str) -> str:
        home, name = self._home(side), self.fresh("Person")
        return (
            self.here.sales.person(home, name)
            if side == "vtiger"
            else self.here.books.person(home, f"Ann {name}", email=f"{name.replace(' ', '')}@borg.test")
        )

    def _product(self, side: str) -> str:
        return (self.here.sales if side == "vtiger" else self.here.books).product(self.fresh("W"))

    def _service(self, side: str) -> str:
        return (self.here.sales if side == "vtiger" else self.here.books).service(self.fresh("Work"))

    def _invoice(self, side: str) -> str:
        home, item = self._home(side), self.some("product")
        assert item is not None
        if side == "vtiger":
            return self.here.sales.invoice(
                home, self.here.sales.line(item.sides["vtiger"].id), customerno=self.fresh("PO")
            )
        return self.here.books.invoice(
            home,
            self.here.books.line(product_id=item.sides["sage_accounting"].id),
            reference=self.fresh("PO"),
        )

    def _home(self, side: str) -> str:
        pair = self.some("account")
        assert pair is not None
        return str(pair.sides[side].id)


def _named(deed: Deed, rows: list[LogRow]) -> bool:
    if deed.what == "made":
        return any(row.outcome.kind == "created" or "linked" in row.outcome.reason for row in rows)
    if deed.what == "deleted":
        return any(
            row.outcome.rule == "deletes" or "because it was deleted in" in row.outcome.reason for row in rows
        )
    changes = [change for row in rows for change in row.changes if change["field"] == deed.name]
    values = {str(change.get(word)) for change in changes for word in ("after", "lost", "before")}
    refused = any(
        row.outcome.kind in ("held", "skipped") and deed.value in row.outcome.reason for row in rows
    )
    return deed.value in values or refused

"""Invoices in Vtiger and Sage Accounting, line by line, on memory vendors that treat lines as real ones do.

Both replace all lines of a document at once and number them anew when they do; Vtiger's numbers come again.
Sage codes a line that says nothing of its account by a default, and a person may code it otherwise.
"""

import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.ports import ObjectSpec, Patch, Snapshot, Values
from shared.systems.memory import MemorySystem
from tests.properties.ports import Ticker
from tests.properties.rig import Rig
from tests.stories.customers import ABLE, SAGE, VTIGER, Rules, Vendor, flow_of
from tests.stories.world import World

RATES = {"GB_STANDARD": 20, "GB_LOWER": 5, "GB_ZERO": 0, "GB_EXEMPT": 0, "GB_NO_TAX": 0}
ITEMS = ("W", "C", "B", "Z", *(f"P{number}" for number in range(1, 9)))
"""Items that both systems know."""
DEFAULT = "4000"
Line = dict[str, Any]


class Books(Vendor):
    """Sage: what a new line does not say is decided here."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.line_ids = itertools.count(1)

    def create(self, spec: ObjectSpec, values: Any, key: str) -> Snapshot:
        return super().create(spec, self.booked(values), key)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Any]:
        return super().update(
            spec,
            [Patch(one.id, self.booked(one.values), one.version, one.read_at, one.key) for one in patches],
        )

    def put(self, object_name: str, record_id: str, values: Mapping[str, Any]) -> None:
        super().put(object_name, record_id, self.booked(values))

    def booked(self, values: Mapping[str, Any]) -> Values:
        found = dict(values)
        if lines := found.get("invoice_lines"):
            found["invoice_lines"] = [
                {"ledger_account_id": DEFAULT, **line, "id": f"L{next(self.line_ids)}"} for line in lines
            ]
            found["total_amount"] = sum(map(worth, found["invoice_lines"]), Decimal(0))
        return found


class Crm(Vendor):
    """Vtiger: the lines of a document have the ids 1 to n after each save."""

    def create(self, spec: ObjectSpec, values: Any, key: str) -> Snapshot:
        return super().create(spec, self.saved(values), key)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Any]:
        return super().update(
            spec,
            [Patch(one.id, self.saved(one.values), one.version, one.read_at, one.key) for one in patches],
        )

    def put(self, object_name: str, record_id: str, values: Mapping[str, Any]) -> None:
        super().put(object_name, record_id, self.saved(values))

    def saved(self, values: Mapping[str, Any]) -> Values:
        found = dict(values)
        if lines := found.get("LineItems"):
            found["LineItems"] = [{**line, "row": f"33x{place}"} for place, line in enumerate(lines, 1)]
            found["hdnGrandTotal"] = sum(map(asked, lines), Decimal(0))
        return found


def worth(line: Mapping[str, Any]) -> Decimal:
    net = Decimal(str(line["quantity"])) * Decimal(str(line["unit_price"]))
    return net - Decimal(str(line.get("discount_amount") or 0)) + Decimal(str(line.get("tax_amount") or 0))


def asked(line: Mapping[str, Any]) -> Decimal:
    net = Decimal(str(line["quantity"])) * Decimal(str(line["listprice"]))
    net -= Decimal(str(line.get("discount_amount") or 0))
    return net * (100 + Decimal(str(line.get("tax") or 0))) / 100


class Invoices(World):
    """One customer, four items, and the invoices of both."""

    entity = "invoice"

    def __init__(self, rules: Rules = "") -> None:
        clock = Ticker()
        vendors: dict[str, MemorySystem] = {
            VTIGER: Crm(VTIGER, clock, capabilities=ABLE[VTIGER]),
            SAGE: Books(SAGE, clock, capabilities=ABLE[SAGE]),
        }
        super().__init__(Rig(flow_of(rules), vendors, clock))
        vendors[VTIGER].tables["currencies"] = [{"id": "21x1", "iso": "GBP", "rate": "1", "base": "1"}]
        vendors[SAGE].tables["currencies"] = [{"id": "GBP", "iso": "GBP", "rate": "1", "base": "1"}]
        vendors[SAGE].tables["tax_codes"] = [
            {"id": code, "rate": str(rate), "name": code} for code, rate in RATES.items()
        ]
        self.ids: dict[str, str] = {}
        self._known()

    def _known(self) -> None:
        """Customer and items are linked already."""
        from shared.domain.keys import link_id
        from shared.domain.link import Link, Outcome, Side
        from shared.ports import Commit

        for entity, ids in (("account", ("acme",)), ("product", ITEMS)):
            for one in ids:
                for system in (VTIGER, SAGE):
                    spec = self.rig.flow.entities[entity].maps[system].spec
                    self.rig.systems[system].put(
                        spec.object, one, {**dict.fromkeys(spec.fields), "currency_id": "GBP"}
                    )
                key = link_id(self.rig.services().integration.name, entity, VTIGER, one)
                sides = {system: Side(one) for system in (VTIGER, SAGE)}
                link = Link(key, entity, VTIGER, one, sides=sides, outcome=Outcome("unchanged", "agree"))
                claims = tuple((system, entity, one) for system in sides)
                self.rig.stores.links.commit(
                    Commit(link, 0, "test", None, claims=claims), self.rig.clock.now()
                )

    # what people do

    def enter(self, *lines: Line, record: str = "inv") -> None:
        """A new draft in Vtiger, carried over to Sage, with nothing logged."""
        self.enter_all({record: lines})

    def enter_all(self, drafts: Mapping[str, Sequence[Line]]) -> None:
        for record, lines in drafts.items():
            self._draft(record, lines)
        self.hear(VTIGER, *drafts)
        assert set(self.log()) == {"created"}, self.rows()[-1].outcome
        self.wait(minutes=2)
        self.forget()

    def _draft(self, record: str, lines: Sequence[Line]) -> None:
        spec = self.rig.flow.entities["invoice"].maps[VTIGER].spec
        blank = dict.fromkeys(spec.fields, "")
        self.rig.systems[VTIGER].put(
            spec.object,
            record,
            {
                **blank,
                "subject": "Invoice",
                "account_id": "acme",
                "invoicedate": "2026-11-20",
                "currency_id": "21x1",
                "conversion_rate": "1.00000",
                "invoicestatus": "Created",
                "hdnTaxType": "individual",
                "bill_street": "1 High Street",
                "customerno": record,
                "LineItems": list(lines),
            },
        )

    def in_vtiger(self, *lines: Line, record: str = "inv") -> None:
        """A person saves the invoice with these lines, and Tieout hears of it."""
        self.save_all({record: lines}, {})

    def in_sage(self, *lines: Line, record: str = "inv") -> None:
        self.save_all({}, {record: lines})

    def save_all(
        self, in_vtiger: Mapping[str, Sequence[Line]], in_sage: Mapping[str, Sequence[Line]]
    ) -> None:
        """Each side's people save these invoices, by their ids in Vtiger, and Tieout hears of all of them."""
        self.rig.clock.advance(60)
        for record, lines in in_vtiger.items():
            self.rig.systems[VTIGER].put("Invoice", self.id_of(VTIGER, record), {"LineItems": list(lines)})
        ids = {record: self.id_of(SAGE, record) for record in in_sage}
        for record, lines in in_sage.items():
            self.rig.systems[SAGE].put("sales_invoices", ids[record], {"invoice_lines": list(lines)})
        if in_vtiger:
            self.hear(VTIGER, *in_vtiger)
        if in_sage:
            self.hear(SAGE, *ids.values())
        self.wait(minutes=2)

    def code(self, *codes: dict[str, Any], record: str = "inv") -> None:
        """The bookkeeper codes each line of the draft by hand."""
        self.code_all({record: codes})

    def code_all(self, codes: Mapping[str, Sequence[dict[str, Any]]]) -> None:
        rows = {
            record: [{**line, **code} for line, code in zip(self.sage(record), own, strict=True)]
            for record, own in codes.items()
        }
        self.save_all({}, rows)
        self.forget()

    # what they see

    def id_of(self, system: str, record: str, entity: str = "") -> str:
        """Looked up once for all invoices: a link keeps its records here."""
        if system != SAGE or entity or record in self.native(SAGE):
            return super().id_of(system, record, entity)
        if record not in self.ids:
            self.ids = {pair[VTIGER]: pair[SAGE] for pair in self.linked() if len(pair) == 2}
        return self.ids[record]

    def sage(self, record: str = "inv") -> list[Line]:
        return [dict(one) for one in self.native(SAGE)[self.id_of(SAGE, record)]["invoice_lines"]]

    def vtiger(self, record: str = "inv") -> list[Line]:
        return [dict(one) for one in self.native(VTIGER)[self.id_of(VTIGER, record)]["LineItems"]]

    def coded(self, *names: str, record: str = "inv") -> list[tuple[Any, ...]]:
        """Of each line in Sage its text, and what these names hold."""
        return [(one["description"], *(one.get(name) for name in names)) for one in self.sage(record)]


def line(item: str = "W", quantity: str = "1", price: str = "10.00", text: str = "", tax: str = "20") -> Line:
    """As Vtiger shows it."""
    return {
        "product": item,
        "service": "",
        "name": item,
        "comment": text or item,
        "quantity": quantity,
        "listprice": price,
        "discount_amount": "0",
        "tax": tax,
    }

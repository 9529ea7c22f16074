"""Whether Vtiger and Sage hold the same, looked at from outside: field by field, through the admin APIs of
both.

The default map written down a second time, by hand and by what a bookkeeper expects, so that a mistake of the
rule files or of the comparing code is not repeated here. Which records belong together is taken from the
links.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shared.operations.compare import compare
from tests.e2e.pair_people import PEOPLE, Values
from tests.e2e.pair_world import ENTITIES, PairWorld

_COUNTRIES = {"GB": "United Kingdom", "DE": "Germany", "FR": "France", "IE": "Ireland", "": ""}
_STATUS = {
    "DRAFT": "Created",
    "PRO_FORMA": "Created",
    "UNPAID": "Approved",
    "PART_PAID": "Approved",
    "PAID": "Paid",
    "VOID": "Cancel",
}
_SAME = {"AutoCreated": "Created", "Sent": "Approved"}
_RATES = {"GB_STANDARD": "20", "GB_LOWER": "5", "GB_ZERO": "0", "GB_EXEMPT": "0", "GB_NO_TAX": "0"}


def unequal(here: PairWorld, *but: str) -> list[str]:
    """Every difference that `tieout reconcile` or this page finds, in words. `but`: ids of records that a
    rule keeps apart, which must then be named by the former, or by the log."""
    services = here.services()
    try:
        found = [
            f"compare: {one.entity} {one.system} {one.record_id} {one.field}: {one.shown!r}, agreed "
            f"{one.agreed!r}: {one.reason}"
            for one in compare(services)
            if one.record_id not in but
        ]
    finally:
        services.close()
    return [*found, *Outside(here).differences(set(but))]


def told(here: PairWorld, entity: str, record: str, kind: str, rule: str, field: str, *words: str) -> None:
    """What was last said of the record."""
    outcome = here.outcome(entity, record)
    assert (outcome.kind, outcome.rule, outcome.field) == (kind, rule, field), here.tell()
    for word in words:
        assert word in outcome.reason, outcome.reason


def mended(here: PairWorld, *but: str) -> None:
    here.settle()
    assert unequal(here, *but) == [], here.tell()


def pair_of_accounts(here: PairWorld) -> tuple[str, str]:
    organisation = here.sales.organisation()
    here.settle()
    return organisation, str(here.books.customers()[0]["id"])


class Outside:
    def __init__(self, here: PairWorld) -> None:
        self.here = here
        self.crm = {row["id"]: row for module, _ in PEOPLE.values() for row in here.sales.all(module)}
        self.ledger = {
            row["id"]: row
            for resource in (*(one for _, one in PEOPLE.values()), "addresses")
            for row in here.books.all(resource)
        }
        self.pairs = {
            entity: {
                link.sides["vtiger"].id: link.sides["sage_accounting"].id
                for link in here.stores.links.all(entity)
                if len(link.sides) == 2
            }
            for entity in ENTITIES
        }
        services = here.services()
        services.close()
        self.off = {entity for entity in ENTITIES if services.flow.entities[entity].off}
        self.taxes = [f"tax{number}" for number in range(1, 9)]

    def differences(self, but: set[str]) -> Iterator[str]:
        for entity in ENTITIES:
            if entity in self.off:
                continue
            yield from self._alone(entity, but)
            for left, right in self.pairs[entity].items():
                if left in but or right in but or left not in self.crm or right not in self.ledger:
                    continue
                for field, (crm, sage) in getattr(self, f"_{entity}")(
                    self.crm[left], self.ledger[right]
                ).items():
                    if crm != sage:
                        yield f"outside: {entity} {left} {right} {field}: {crm!r} in Vtiger, {sage!r} in Sage"

    def _alone(self, entity: str, but: set[str]) -> Iterator[str]:
        module, resource = PEOPLE[entity]
        crm = {row["id"] for row in self.here.sales.all(module)}
        sage = {
            row["id"]
            for row in self.here.books.all(resource)
            if entity != "contact" or row["name"] != "Main Contact"
        }
        if entity == "account":
            sage = {one for one in sage if self.ledger[one]["contact_types"][0]["id"] == "CUSTOMER"}
        paired = self.pairs[entity]
        for one in sorted((crm - paired.keys()) | (sage - set(paired.values()))):
            if one not in but:
                yield f"outside: {entity} {one} stands alone"
        for left, right in paired.items():
            if (left in crm) != (right in sage) and not {left, right} & but:
                yield f"outside: {entity} {left} {right}: one of them is gone"

    def _account(self, crm: Values, sage: Values) -> dict[str, tuple[Any, Any]]:
        person = sage["main_contact_person"]
        return {
            "name": (crm["accountname"], sage["name"]),
            "email": (lower(crm["email1"]), lower(person["email"])),
            "phone": (crm["phone"], person["telephone"]),
            "vat": (crm["cf_854"], sage["tax_number"] or ""),
            "reference": (crm["cf_856"], sage["reference"] or ""),
            **address(crm, "bill", sage["main_address"]),
            **address(crm, "ship", sage["delivery_address"] or {}),
        }

    def _contact(self, crm: Values, sage: Values) -> dict[str, tuple[Any, Any]]:
        home = self.ledger[sage["address"]["id"]]["contact"]["id"]
        return {
            "name": (f"{crm['firstname']} {crm['lastname']}".strip(), sage["name"]),
            "email": (lower(crm["email"]), lower(sage["email"])),
            "mobile": (crm["mobile"], sage["mobile"]),
            "phone": (crm["phone"], sage["telephone"]),
            "title": (crm["title"], sage["job_title"]),
            "account": (self.pairs["account"].get(crm["account_id"]), home),
        }

    def _product(self, crm: Values, sage: Values) -> dict[str, tuple[Any, Any]]:
        stock = (
            {"stock": (number(crm["qtyinstock"]), number(sage["quantity_in_stock"]))}
            if "quantity_in_stock" in sage
            else {}
        )
        return {
            **self._item(crm, sage, "sales_prices", "price"),
            "code": (crm["productcode"] or crm["productname"], _code(sage)),
            "cost": (money(crm["purchase_cost"]), money(sage["cost_price"])),
            **stock,
        }

    def _service(self, crm: Values, sage: Values) -> dict[str, tuple[Any, Any]]:
        return {**self._item(crm, sage, "sales_rates", "rate"), "code": (crm["servicename"], _code(sage))}

    def _item(self, crm: Values, sage: Values, prices: str, price: str) -> dict[str, tuple[Any, Any]]:
        shown = money(sage[prices][0][price]) if sage[prices] else Decimal("0.00")
        on = [number(crm[name]) for name in self.taxes if crm.get(name) not in (None, "")]
        rate = sage["sales_tax_rate"]
        return {
            "description": (crm["description"].strip(), sage["description"].strip()),
            "price": (money(crm["unit_price"]), shown),
            "tax": (on, [number(_RATES[rate["id"]])] if rate else []),
            "active": (crm["discontinued"] == "1", sage["active"]),
        }

    def _invoice(self, crm: Values, sage: Values) -> dict[str, tuple[Any, Any]]:
        issued = sage["status"]["id"] not in ("DRAFT", "PRO_FORMA")
        owed = money(sage["outstanding_amount"] if issued else sage["total_amount"])
        return {
            "number": (crm["cf_858"] or "", sage["displayed_as"] if issued else ""),
            "account": (self.pairs["account"].get(crm["account_id"]), sage["contact"]["id"]),
            "date": (crm["invoicedate"], sage["date"]),
            "due": (crm["duedate"] or "", sage["due_date"] or ""),
            "reference": (crm["customerno"], sage["reference"]),
            "status": (_SAME.get(crm["invoicestatus"], crm["invoicestatus"]), _STATUS[sage["status"]["id"]]),
            "received": (money(crm["received"]), _received(sage)),
            "owed": (money(crm["balance"]), owed),
            "total": (money(crm["hdnGrandTotal"]), money(sage["total_amount"])),
            "shipping": (money(crm["hdnS_H_Amount"]), money(sage["shipping_net_amount"])),
            **address(crm, "bill", sage["main_address"]),
            "lines": (self._crm_lines(crm), self._sage_lines(sage)),
        }

    def _crm_lines(self, crm: Values) -> list[tuple[Any, ...]]:
        items = {**self.pairs["product"], **self.pairs["service"]}
        return [
            (
                items.get(line["productid"]),
                number(line["quantity"]),
                money(line["listprice"]),
                discount(line),
                sum((number(line[tax]) for tax in self.taxes if line.get(tax)), Decimal(0)),
            )
            for line in crm["LineItems"]
        ]

    def _sage_lines(self, sage: Values) -> list[tuple[Any, ...]]:
        return [
            (
                (line["product"] or line["service"] or {}).get("id"),
                number(line["quantity"]),
                money(line["unit_price"]),
                money(line["discount_amount"]),
                number(_RATES[line["tax_rate"]["id"]]),
            )
            for line in sage["invoice_lines"]
        ]


def address(crm: Mapping[str, Any], kind: str, sage: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Vtiger keeps the country's name, Sage its code."""
    lines = [line for line in (sage.get("address_line_1"), sage.get("address_line_2")) if line]
    country = (sage.get("country") or {}).get("id", "")
    pairs = {
        "street": (re.split(r"\r?\n", crm[f"{kind}_street"] or ""), lines or [""]),
        "city": (crm[f"{kind}_city"], sage.get("city")),
        "state": (crm[f"{kind}_state"], sage.get("region")),
        "code": (crm[f"{kind}_code"], sage.get("postal_code")),
        "country": (crm[f"{kind}_country"], _COUNTRIES.get(country, country)),
    }
    return {f"{kind} {name}": (one or "", other or "") for name, (one, other) in pairs.items()}


def _code(sage: Values) -> str:
    """An item without a code goes by its description."""
    return str(sage["item_code"] or sage["description"]).strip()


def discount(line: Mapping[str, Any]) -> Decimal:
    """Of two the amount wins, as in Vtiger."""
    worth = number(line["quantity"]) * number(line["listprice"])
    return money(line["discount_amount"] or worth * number(line["discount_percent"]) / 100)


def lower(text: str | None) -> str:
    return (text or "").strip().lower()


def number(text: Any) -> Decimal:
    return Decimal(str(text or 0)).normalize() + 0


def money(text: Any) -> Decimal:
    return Decimal(str(text or 0)).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def _received(sage: Values) -> Decimal:
    """Money, less what was paid back, as the rows of the payments have it."""
    rows = [row for row in sage["payments_allocations"] if row["contact_payment"]]
    return money(sum(number(row["amount"]) for row in rows))

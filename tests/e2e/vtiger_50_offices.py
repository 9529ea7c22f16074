"""The sales office at an emulated Vtiger and the bookkeeper at an emulated Sage 50."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local.demo.vtiger_sage_50.load import FIELDS
from shared.operations.connect import check_system
from tests.e2e.any_pair import AnyPair, any_pair

CRM, SAGE = "vtiger", "sage_50"
FLOW = f"{CRM}--{SAGE}"


@dataclass
class Offices:
    """The sales office and the bookkeeper."""

    pair: AnyPair

    def save(self, module: str, **values: Any) -> str:
        return str(self.pair.desks[CRM].post(f"/records/{module}", values)["id"])

    def rows(self, module: str) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.pair.desks[CRM].get(f"/records/{module}")}

    def named(self, module: str, field: str) -> dict[str, dict[str, Any]]:
        return {str(row[field]): row for row in self.rows(module).values()}

    def organisation(self, name: str, **values: Any) -> str:
        given = {"bill_street": "1 High St", "bill_city": "Leeds", "bill_country": "United Kingdom"}
        return self.save("Accounts", accountname=name, **{**given, **values})

    def customer(self, reference: str, **values: Any) -> None:
        given = {"name": f"{reference} Ltd", "countryCode": "GB", "currency": 1, "defTaxCode": 1}
        self.pair.desks[SAGE].post("/customers", {"accountRef": reference, **given, **values})

    def customers(self) -> dict[str, dict[str, Any]]:
        return {row["accountRef"]: row for row in self.pair.desks[SAGE].get("/customers")}

    def product(self, code: str, **values: Any) -> None:
        given = {"description": f"Widget {code}", "salesPrice": 10, "taxCode": 1, "nominalCode": "4000"}
        self.pair.desks[SAGE].post("/products", {"stockCode": code, **given, **values})

    def orders(self) -> list[dict[str, Any]]:
        return list(self.pair.desks[SAGE].get("/orders"))

    def order(self, account: str, *lines: dict[str, Any], **values: Any) -> str:
        given = {
            "subject": "Desks",
            "account_id": account,
            "sostatus": "Approved",
            "bill_street": "1 High St",
            "ship_street": "1 High St",
            "invoicestatus": "Created",
            "hdnTaxType": "individual",
        }
        return self.save("SalesOrder", **{**given, **values}, LineItems=list(lines))

    def line(self, product: str, quantity: str = "2", price: str = "12.50", **values: Any) -> dict[str, Any]:
        return {"productid": product, "quantity": quantity, "listprice": price, **values}

    def said(self, key: str) -> tuple[str, str]:
        outcome = self.pair.outcome(CRM, "sales_order", key)
        return outcome.kind, " | ".join((outcome.reason, *outcome.notes))

    # ------------------------------------------------------------ people, services, invoices

    def person(self, organisation: str, **values: Any) -> str:
        return self.save("Contacts", account_id=organisation, **values)

    def contact(self, reference: str, **values: Any) -> None:
        """A person chooses the type of the address."""
        self.pair.desks[SAGE].post("/addresses", {"accountRef": reference, "addressType": 1, **values})

    def contacts(self) -> dict[str, dict[str, Any]]:
        """Name -> address, those of the type contact."""
        rows = self.pair.desks[SAGE].get("/addresses")
        return {row["contact"]: row for row in rows if str(row["addressType"]) == "1"}

    def invoice(self, *lines: dict[str, Any], **values: Any) -> str:
        """Entered and posted, or changed where `invoiceNumber` names one."""
        new = {"invoiceDate": "21/11/2026", "posted": True}
        body = {**({} if "invoiceNumber" in values else new), **values}
        if lines:
            body["invoiceItems"] = list(lines)
        return str(self.pair.desks[SAGE].post("/invoices", body)[0])

    def by_hand(self, organisation: str, number: str, *lines: dict[str, Any]) -> str:
        """Somebody enters in Vtiger what Sage has invoiced."""
        given = {"subject": "By hand", "account_id": organisation, "cf_862": number, "currency_id": "21x1"}
        given |= {"invoicedate": "2026-11-21", "conversion_rate": "1", "hdnTaxType": "individual"}
        given |= {"invoicestatus": "Approved", "bill_street": "1 High St", "ship_street": "1 High St"}
        return self.save("Invoice", **given, LineItems=list(lines))

    def invoices(self) -> dict[str, dict[str, Any]]:
        return self.named("Invoice", "cf_862")

    def why(self, system: str, entity: str, key: str) -> tuple[str, str]:
        outcome = self.pair.outcome(system, entity, key)
        return outcome.kind, " | ".join((outcome.reason, *outcome.notes))

    def check(self) -> str:
        """What `tieout check` finds at Sage."""
        services = self.pair.services()
        found = check_system(services, SAGE)
        services.close()
        return " ".join(one.message for one in found)


def sold(code: str, quantity: float = 2, price: float = 50, **values: Any) -> dict[str, Any]:
    """A line of Sage's, at 20 % tax."""
    given = {"description": f"Some {code}", "taxCode": 1, "taxRate": 20, "discount": 0, "departmentNumber": 0}
    return {"stockCode": code, "quantity": quantity, "unitPrice": price, **given, **values}


@contextmanager
def offices(**crm: Any) -> Iterator[Offices]:
    """The demonstration's custom fields, and a Sage that keeps the type of contacts; `crm`: more switches of
    Vtiger."""
    switches = {CRM: {"custom_fields": FIELDS, **crm}, SAGE: {"keeps_contact_type": True}}
    with any_pair(FLOW, switches=switches, options={SAGE: {"contact_test": "BOLT01"}}) as pair:
        yield Offices(pair)

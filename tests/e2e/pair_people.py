"""What people do in Vtiger and in Sage, through the emulators' admin APIs: enter, edit, delete, release,
pay."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

Values = dict[str, Any]
PEOPLE = {
    "account": ("Accounts", "contacts"),
    "contact": ("Contacts", "contact_persons"),
    "product": ("Products", "products"),
    "service": ("Services", "services"),
    "invoice": ("Invoice", "sales_invoices"),
}
"""entity -> module in Vtiger, resource in Sage."""
_MODULES = {"11": "Accounts", "12": "Contacts", "14": "Products", "26": "Services", "7": "Invoice"}


class Clerk:
    """One emulator's admin API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=f"{url}/_admin", trust_env=False, timeout=30)

    def get(self, path: str) -> Any:
        return self._answer(self._client.get(path))

    def post(self, path: str, body: Any = None) -> Any:
        return self._answer(self._client.post(path, json={} if body is None else body))

    def delete(self, path: str) -> Any:
        return self._answer(self._client.delete(path))

    def close(self) -> None:
        self._client.close()

    def _answer(self, reply: httpx.Response) -> Any:
        assert reply.status_code == 200, f"{reply.request.method} {reply.request.url}: {reply.text}"
        return reply.json()


class Sales:
    """The sales office: Vtiger. Every method gives, or takes, ids such as 11x2."""

    def __init__(self, desk: Clerk) -> None:
        self.desk = desk

    def save(self, module: str, values: Mapping[str, Any]) -> str:
        return str(self.desk.post(f"/records/{module}", dict(values))["id"])

    def organisation(self, name: str = "Acme & Söns", **values: Any) -> str:
        return self.save(
            "Accounts",
            {
                "accountname": name,
                "email1": "info@acme.test",
                "phone": "0113 496 0000",
                "bill_street": "1 High St\nUnit 2",
                "bill_city": "Leeds",
                "bill_code": "LS1 4AP",
                "bill_country": "United Kingdom",
                **values,
            },
        )

    def person(self, organisation: str, last: str = "Bloggs", **values: Any) -> str:
        return self.save(
            "Contacts",
            {
                "firstname": "Jo",
                "lastname": last,
                "account_id": organisation,
                "email": f"{last.lower().replace(' ', '.')}@acme.test",
                **values,
            },
        )

    def product(self, code: str = "WID-1", **values: Any) -> str:
        return self.save(
            "Products",
            {
                "productname": f"Widget {code}",
                "productcode": code,
                "description": f"A widget {code}",
                "unit_price": "12.50",
                "discontinued": "1",
                "tax1": "20",
                **values,
            },
        )

    def service(self, name: str = "Consulting", **values: Any) -> str:
        return self.save(
            "Services",
            {
                "servicename": name,
                "description": f"An hour of {name}",
                "unit_price": "80",
                "discontinued": "1",
                "tax1": "20",
                **values,
            },
        )

    def line(self, item: str, **values: Any) -> Values:
        return {"productid": item, "quantity": "2", "listprice": "12.50", "tax1": "20", **values}

    def invoice(self, organisation: str, *lines: Mapping[str, Any], **values: Any) -> str:
        return self.save(
            "Invoice",
            {
                "subject": "Shelving",
                "account_id": organisation,
                "invoicedate": "2026-11-01",
                "duedate": "2026-11-30",
                "currency_id": "21x1",
                "conversion_rate": "1",
                "hdnTaxType": "individual",
                "invoicestatus": "Created",
                "bill_street": "1 High St",
                "ship_street": "1 High St",
                "LineItems": list(lines),
                **values,
            },
        )

    def edit(self, record: str, **values: Any) -> None:
        self.save(self.module(record), {"id": record, **values})

    def delete(self, record: str) -> None:
        self.desk.delete(f"/records/{self.module(record)}/{record}")

    def merge(self, loser: str, winner: str) -> None:
        self.desk.post(f"/records/{self.module(loser)}/{loser}/merge", {"into": winner})

    def all(self, module: str, deleted: bool = False) -> list[Values]:
        return list(self.desk.get(f"/records/{module}?deleted={int(deleted)}"))

    def one(self, record: str) -> Values:
        return next(row for row in self.all(self.module(record), deleted=True) if row["id"] == record)

    def module(self, record: str) -> str:
        return _MODULES[record.partition("x")[0]]


class Books:
    """The bookkeeper: Sage. Records are dicts as Sage shows them, ids hexadecimal."""

    def __init__(self, desk: Clerk) -> None:
        self.desk = desk

    def save(self, resource: str, values: Mapping[str, Any]) -> str:
        return str(self.desk.post(f"/{resource}", dict(values))[0])

    def customer(self, name: str = "Borg Ltd", **values: Any) -> str:
        return self.save(
            "contacts",
            {
                "name": name,
                "contact_type_ids": ["CUSTOMER"],
                "main_address": {"address_line_1": "2 Low Rd", "city": "York", "country_id": "GB"},
                "main_contact_person": {"name": "Main Contact", "email": "books@borg.test"},
                **values,
            },
        )

    def person(self, customer: str, name: str = "Ann Other", **values: Any) -> str:
        return self.save(
            "contact_persons",
            {
                "address_id": self.one("contacts", customer)["main_address"]["id"],
                "name": name,
                "contact_person_type_ids": ["ACCOUNTS"],
                **values,
            },
        )

    def product(self, code: str = "GAD-1", **values: Any) -> str:
        return self.save(
            "products",
            {
                "description": f"A gadget {code}",
                "item_code": code,
                "sales_tax_rate_id": "GB_STANDARD",
                "sales_ledger_account_id": self.ledger(4000),
                "purchase_ledger_account_id": self.ledger(5000),
                "sales_prices": self._price("product_sales_price", "price", "9.99"),
                **values,
            },
        )

    def service(self, code: str = "Training", **values: Any) -> str:
        return self.save(
            "services",
            {
                "description": f"A day of {code}",
                "item_code": code,
                "sales_tax_rate_id": "GB_STANDARD",
                "sales_ledger_account_id": self.ledger(4010),
                "sales_rates": self._price("service_rate", "rate", "400"),
                **values,
            },
        )

    def line(self, **values: Any) -> Values:
        """20 % on the net amount, unless the tax is named."""
        return {
            "description": "A gadget GAD-1",
            "ledger_account_id": self.ledger(4000),
            "quantity": "2",
            "unit_price": "9.99",
            "tax_rate_id": "GB_STANDARD",
            "tax_amount": "4.00",
            **values,
        }

    def invoice(self, customer: str, *lines: Mapping[str, Any], **values: Any) -> str:
        return self.save(
            "sales_invoices",
            {
                "contact_id": customer,
                "date": "2026-11-05",
                "status_id": "DRAFT",
                "reference": "PO 77",
                "invoice_lines": list(lines),
                **values,
            },
        )

    def edit(self, resource: str, record: str, **values: Any) -> None:
        self.save(resource, {"id": record, **values})

    def delete(self, resource: str, record: str) -> None:
        self.desk.delete(f"/{resource}/{record}")

    def release(self, invoice: str) -> None:
        self.desk.post(f"/sales_invoices/{invoice}/release")

    def pay(self, invoice: str, amount: str = "") -> None:
        self.desk.post(f"/sales_invoices/{invoice}/pay", {"amount": amount} if amount else {})

    def void(self, invoice: str) -> None:
        self.desk.post(f"/sales_invoices/{invoice}/void")

    def all(self, resource: str, deleted: bool = False) -> list[Values]:
        return list(self.desk.get(f"/{resource}?deleted={str(deleted).lower()}"))

    def one(self, resource: str, record: str) -> Values:
        return next(row for row in self.all(resource, deleted=True) if row["id"] == record)

    def customers(self) -> list[Values]:
        """Without suppliers, and without those that Sage keeps for itself."""
        return [
            row
            for row in self.all("contacts")
            if row["contact_types"][0]["id"] == "CUSTOMER" and not row["system"]
        ]

    def persons(self) -> list[Values]:
        """Without the placeholders that every customer has."""
        return [row for row in self.all("contact_persons") if row["name"] != "Main Contact"]

    def invoices(self) -> list[Values]:
        return self.all("sales_invoices")

    def ledger(self, code: int) -> str:
        return next(str(row["id"]) for row in self._accounts() if row["nominal_code"] == code)

    def _accounts(self) -> Sequence[Values]:
        if not hasattr(self, "_ledgers"):
            self._ledgers = self.all("ledger_accounts")
        return self._ledgers

    def _price(self, kind: str, name: str, value: str) -> list[Values]:
        first = self.all(f"{kind}_types")[0]
        return [
            {
                f"{kind}_type_id": first["id"],
                f"{name}_name": first["displayed_as"],
                name: value,
                f"{name}_includes_tax": False,
            }
        ]

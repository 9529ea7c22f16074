"""One invoice of 24.00 in Vtiger and Sage Accounting, and what people do to it, told in `World`'s language.

Sage's people pay, credit and void, and its figures are put down here as its connector reads them; nothing
else of Sage is played.
"""

from decimal import Decimal
from typing import Any

from tests.stories.customers import SAGE, VTIGER, Customers, Rules

INVOICE = "sales_invoices"
TOTAL = Decimal("24.00")
_STATUS = {"draft": "DRAFT", "issued": "UNPAID", "paid": "PAID", "credited": "CREDITED", "void": "VOID"}
_CURRENCIES = [
    {"id": "21x1", "iso": "GBP", "rate": "1", "base": "1"},
    {"id": "GBP", "iso": "GBP", "rate": "1", "base": "1"},
]


class Invoices(Customers):
    entity = "invoice"

    def __init__(self, rules: Rules = "") -> None:
        super().__init__(rules)
        for name, one in self.rig.systems.items():
            one.tables["currencies"] = [_CURRENCIES[name == SAGE]]
            one.tables["tax_codes"] = [{"id": "GB_STANDARD", "rate": "20", "name": "Standard"}]

    @classmethod
    def issued(cls, rules: Rules = "", status: str = "Sent") -> "Invoices":
        """The customer, the product and the invoice SI-1 are in both, nothing of it is paid, and nothing was
        logged yet."""
        here = cls(rules)
        here.enter(SAGE, "smith", entity="account", name="Smith Ltd")
        here.rig.systems[SAGE].put("products", "widget", _WIDGET)
        here.put_in_sage("issued", **_BILLED, invoice_lines=[_LINE])
        here.sync()
        here.sync()
        here.wait(minutes=3)
        here.says_in_vtiger(status)
        here.sync()
        here.forget()
        return here

    def put_in_sage(self, status: str, received: str = "0", **more: Any) -> None:
        """`more`: native values, such as `credited`. What is left of the total is outstanding."""
        parts = {name: str(more.pop(name, "0")) for name in ("credited", "discounted", "settled_otherwise")}
        left = Decimal(0) if status == "void" else TOTAL - sum(map(Decimal, (received, *parts.values())))
        number = "" if status == "draft" else "SI-1"
        values = {
            "id": "si-1",
            "number": number,
            "displayed_as": number or "SI-DRAFT",
            "status_id": _STATUS[status],
            "total_amount": str(TOTAL),
            "received": received,
            "outstanding_amount": str(left),
            "settled_by": "",
            **parts,
            **more,
        }
        self.rig.systems[SAGE].put(INVOICE, "si-1", values)

    def says_in_vtiger(self, status: str) -> None:
        """A person chooses a state there."""
        (record,) = self.native(VTIGER)
        self.rig.systems[VTIGER].put("Invoice", record, {"invoicestatus": status})

    @property
    def vtiger(self) -> tuple[str, str, str]:
        """Status, received and balance."""
        (record,) = self.native(VTIGER).values()
        return record["invoicestatus"], f"{record['received']:.2f}", f"{record['balance']:.2f}"


_LINE = {
    "product_id": "widget",
    "description": "Widget",
    "quantity": "2",
    "unit_price": "10.00",
    "discount_amount": "0",
    "tax_rate_id": "GB_STANDARD",
    "tax_amount": "4.00",
}
_WIDGET = {
    "id": "widget",
    "item_code": "W1",
    "description": "Widget",
    "sales_price": "10.00",
    "sales_tax_rate_id": "GB_STANDARD",
    "active": True,
}
_BILLED = {
    "contact_id": "smith",
    "date": "2026-11-05",
    "currency_id": "GBP",
    "main_address/address_line_1": "1 High Street",
    "main_address/city": "Leeds",
}

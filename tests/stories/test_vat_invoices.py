"""Which of Sage's tax codes the lines of an invoice from Vtiger get, where Vtiger knows a rate only."""

from decimal import Decimal
from typing import Any

import pytest

from shared.operations.preview import preview_entity
from tests.stories.customers import SAGE, VTIGER, Customers, Rules

CODES = {"GB_ZERO": "0.0", "GB_STANDARD": "20.0", "GB_LOWER": "5.0", "GB_EXEMPT": "0.0", "GB_NO_TAX": "0.0"}
MONEY = {"id": "21x1", "iso": "GBP", "rate": "1", "base": "1"}
INVOICE: dict[str, Any] = {
    "subject": "Shelving",
    "invoicedate": "2026-11-01",
    "duedate": None,
    "customerno": None,
    "currency_id": "21x1",
    "conversion_rate": "1",
    "hdnTaxType": "individual",
    "invoicestatus": "Created",
    "hdnDiscountPercent": "0",
    "hdnDiscountAmount": "0",
    "txtAdjustment": "0",
    "hdnS_H_Amount": "0",
    "shipping_tax": "0",
    "deducted_tax": "0",
    "bill_street": "1 High St",
}


class Invoices(Customers):
    """One customer on both sides, with a tax code of its own in Sage where one is given."""

    entity = "invoice"

    def __init__(self, rules: Rules = "", customer_code: str = "") -> None:
        super().__init__(rules)
        for system, row in ((VTIGER, MONEY), (SAGE, {**MONEY, "id": "GBP"})):
            self.rig.systems[system].tables["currencies"] = [row]
        self.codes([{"id": code, "rate": rate, "name": ""} for code, rate in CODES.items()])
        self.rig.systems[SAGE].put(
            "contacts",
            "acme",
            {
                "name": "Acme Ltd",
                "contact_type_id": "CUSTOMER",
                "currency_id": "GBP",
                "default_sales_tax_rate_id": customer_code,
            },
        )
        self.sync()

    def codes(self, rows: list[dict[str, str]]) -> None:
        self.rig.systems[SAGE].tables["tax_codes"] = rows

    def item(self, code: str, tax: str, kind: str = "products") -> None:
        """An item in Sage, which is brought to Vtiger."""
        values = {"item_code": code, "description": f"A {code}", "sales_tax_rate_id": tax, "active": True}
        self.rig.systems[SAGE].put(kind, code, values)
        self.sync()

    def line(self, code: str, tax: str, kind: str = "product", price: str = "10.00") -> dict[str, str]:
        native = {"quantity": "1", "listprice": price, "discount_amount": "0", "tax": tax, "comment": code}
        return {"product": "", "service": "", "name": code, **native, kind: self.id_of(VTIGER, code, kind)}

    def invoice(self, *lines: dict[str, str], record: str = "inv", **values: Any) -> None:
        account = self.id_of(VTIGER, "acme", "account")
        given = {"account_id": account, "hdnGrandTotal": _total(lines), "LineItems": list(lines)}
        self.rig.systems[VTIGER].put("Invoice", record, {**INVOICE, **given, **values})

    def written(self) -> list[list[str]]:
        """The tax code of each line of each invoice in Sage."""
        found = self.native(SAGE).values()
        return [[line["tax_rate_id"] for line in one["invoice_lines"]] for one in found]


def _total(lines: tuple[dict[str, str], ...]) -> str:
    worth = [Decimal(one["listprice"]) * (1 + Decimal(one["tax"] or 0) / 100) for one in lines]
    return str(sum(worth, Decimal(0)))


def test_a3_exempt_and_no_vat_items_keep_their_codes_at_0_percent() -> None:
    here = Invoices()
    here.item("COURSE", "GB_EXEMPT")
    here.item("TRANSFER", "GB_NO_TAX")
    here.forget()
    here.invoice(here.line("COURSE", "0"), here.line("TRANSFER", "0"))
    here.sync()
    assert here.written() == [["GB_EXEMPT", "GB_NO_TAX"]]
    assert here.says("created").notes == ()


def test_a_service_has_a_code_of_its_own_too() -> None:
    here = Invoices(customer_code="GB_ZERO")
    here.item("TEACHING", "GB_EXEMPT", "services")
    here.invoice(here.line("TEACHING", "0", "service"))
    here.sync()
    assert here.written() == [["GB_EXEMPT"]]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("", "GB_EXEMPT"),
        ('[invoice.figures]\ncodes = ["contact", "item"]\n', "GB_NO_TAX"),
        ('[invoice.figures]\ncodes = ["flow", "item"]\ntax_codes = ["GB_STANDARD", "GB_ZERO"]\n', "GB_ZERO"),
        ('[invoice.figures]\ncodes = ["flow"]\ntax_codes = ["GB_STANDARD"]\n', "GB_ZERO"),
    ],
)
def test_whose_code_comes_first_is_a_setting(rules: str, code: str) -> None:
    here = Invoices(rules, customer_code="GB_NO_TAX")
    here.item("COURSE", "GB_EXEMPT")
    here.invoice(here.line("COURSE", "0"))
    here.sync()
    assert here.written() == [[code]]


def test_an_item_whose_code_has_another_rate_leaves_it_to_the_customer() -> None:
    here = Invoices(customer_code="GB_NO_TAX")
    here.item("BOLT", "GB_STANDARD")
    here.invoice(here.line("BOLT", "0"), here.line("BOLT", "20"), here.line("BOLT", "5"))
    here.sync()
    assert here.written() == [["GB_NO_TAX", "GB_STANDARD", "GB_LOWER"]]


def test_where_only_the_rate_decides_it_is_named_in_preview_and_log() -> None:
    here = Invoices()
    here.item("BOLT", "GB_STANDARD")
    here.invoice(here.line("BOLT", "20"), here.line("BOLT", "0"))
    found = {one.record_id: one for one in preview_entity(here.rig.services(), "invoice")}
    (note,) = found["inv"].notes
    assert note == (
        "line 2: 0 % is GB_ZERO in Sage Accounting, because neither the item nor the customer has a code of "
        "that rate there; it could also be GB_EXEMPT, GB_NO_TAX"
    )
    here.sync()
    here.says("created", note)
    assert here.written() == [["GB_STANDARD", "GB_ZERO"]]


IRISH = (
    ("IE_FOOD", "9.0", "2026-07-01", ""),
    ("IE_STANDARD", "23.0", "2012-01-01", ""),
    ("IE_FOOD", "13.5", "2012-01-01", "2026-06-30"),
)


def ireland() -> Invoices:
    """Food went from 13.5 to 9 % on 1 July 2026."""
    here = Invoices()
    here.codes(
        [
            {
                "id": code if rate != "13.5" else "IE_FOOD 13.5 %",
                "rate": rate,
                "name": "",
                "code": code,
                "from": since,
                "to": until,
            }
            for code, rate, since, until in IRISH
        ]
    )
    here.wait(hours=2)  # tables are read anew
    here.item("BREAD", "IE_FOOD")
    here.forget()
    return here


@pytest.mark.parametrize(
    ("day", "rate", "code"), [("2026-06-30", "13.5", "IE_FOOD 13.5 %"), ("2026-07-01", "9", "IE_FOOD")]
)
def test_the_percentage_of_the_documents_day_counts(day: str, rate: str, code: str) -> None:
    here = ireland()
    here.invoice(here.line("BREAD", rate), invoicedate=day)
    here.sync()
    assert here.written() == [[code]], here.rows()[-1]


@pytest.mark.parametrize(("day", "rate"), [("2026-06-30", "9.00"), ("2026-07-01", "13.50")])
def test_a_percentage_of_other_days_is_refused_by_name(day: str, rate: str) -> None:
    here = ireland()
    here.invoice(here.line("BREAD", rate), invoicedate=day)
    here.sync()
    here.says("skipped", f"has no tax rate of {rate} % on {day}", rule="tax", field="lines.tax_rate")
    assert here.written() == []


def test_an_invoice_of_before_reads_as_it_was_after_the_change() -> None:
    here = ireland()
    here.invoice(here.line("BREAD", "13.5"), invoicedate="2026-06-30")
    here.sync()
    assert here.written() == [["IE_FOOD 13.5 %"]]
    (number,) = here.native(SAGE)
    here.rig.systems[SAGE].put("sales_invoices", number, {"due_date": "2026-07-30"})
    here.sync()
    shown = here.native(VTIGER)["inv"]
    assert (shown["duedate"], shown["LineItems"][0]["tax"]) == ("2026-07-30", "13.5")


def test_an_item_gets_the_present_code_only() -> None:
    here = ireland()
    here.entity = "product"
    here.enter(VTIGER, "cake", sku="CAKE", description="A cake", tax_rate=Decimal("13.5"))
    here.sync()
    here.says("skipped", "no tax rate of 13.50 %", "9.00 %", rule="tax", of="cake")

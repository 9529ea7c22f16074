"""Every rule of the Vtiger flow about what an invoice must keep, both ways where it applies: what is refused
says why, and once mended it goes by itself."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.pair_equal import mended, told
from tests.e2e.pair_world import PairWorld, pair_world

EUR = {
    "currencies": ((1, "United Kingdom, Pounds", "GBP", "£", "1.00000"), (2, "Euro", "EUR", "€", "1.16279"))
}


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world(vtiger=EUR) as made:
        yield made


Change = dict[str, Any]


def test_an_invoice_goes_by_itself_once_its_customers_currency_is_corrected(here: PairWorld) -> None:
    here.sales.organisation("Euro Ltd")
    here.settle()
    customer, organisation = here.books.customers()[0]["id"], here.sales.all("Accounts")[0]["id"]
    line = here.sales.line(here.sales.product())
    invoice = here.sales.invoice(
        organisation, line, currency_id="21x2", conversion_rate="1.16279", LineItems=[line]
    )
    here.settle()
    told(here, "invoice", invoice, "skipped", "currency", "currency", "in EUR", "Sage account is in GBP")
    here.books.edit("contacts", customer, currency_id="EUR")
    mended(here)
    assert here.outcome("invoice", invoice).kind == "created" and len(here.books.invoices()) == 1


INVOICES: dict[str, tuple[Change, Change, tuple[str, str], tuple[str, ...]]] = {
    "no date": (
        {"invoicedate": ""},
        {"invoicedate": "2026-11-02"},
        ("invoice_date", "invoice_date"),
        ("no date", "enter"),
    ),
    "no status": (
        {"invoicestatus": ""},
        {"invoicestatus": "Created"},
        ("status", "status"),
        ("The invoice has no status: choose one.",),
    ),
    "no tax mode": (
        {"hdnTaxType": ""},
        {"hdnTaxType": "individual"},
        ("has_tax_mode", "tax_mode"),
        ("The invoice has no tax mode: choose individual tax.",),
    ),
    "group tax": (
        {"hdnTaxType": "group"},
        {"hdnTaxType": "individual"},
        ("tax_mode", "tax_mode"),
        ("taxed as a whole", "individual"),
    ),
    "discount %": (
        {"hdnDiscountPercent": "10"},
        {"hdnDiscountPercent": ""},
        ("discount", "discount"),
        ("overall discount of 10.00 %", "on its lines"),
    ),
    "discount": (
        {"hdnDiscountAmount": "3"},
        {"hdnDiscountAmount": ""},
        ("discount_amount", "discount_amount"),
        ("overall discount of 3", "on its lines"),
    ),
    "adjustment": (
        {"txtAdjustment": "-1.50"},
        {"txtAdjustment": "0"},
        ("adjustment", "adjustment"),
        ("adjustment of -1.5", "make it a line"),
    ),
    "currency": (
        {"currency_id": "21x2", "conversion_rate": "1.16279"},
        {"currency_id": "21x1", "conversion_rate": "1"},
        ("currency", "currency"),
        ("in EUR", "Sage account is in GBP", "customer's currency only"),
    ),
}


def test_invoices_that_sage_cannot_hold_are_refused_until_they_are_mended(here: PairWorld) -> None:
    """New ones, and again once they are on both sides. All of them at once: one does not disturb another."""
    lines, organisation = [here.sales.line(here.sales.product())], here.sales.organisation()
    made = {
        case: here.sales.invoice(organisation, *lines, subject=case, customerno=case, **INVOICES[case][0])
        for case in INVOICES
    }
    for count in (0, len(INVOICES)):
        here.settle()
        for case, (_, _, (rule, field), words) in INVOICES.items():
            told(here, "invoice", made[case], "skipped", rule, field, *words)
        assert len(here.books.invoices()) == count
        for case, (_, right, _, _) in INVOICES.items():
            here.sales.edit(made[case], LineItems=lines, **right)
        mended(here)
        assert len(here.books.invoices()) == len(INVOICES)
        for case, (wrong, *_) in INVOICES.items() if not count else ():
            here.sales.edit(made[case], LineItems=lines, **wrong)


LINES: dict[str, tuple[Change, Change, tuple[str, str], tuple[str, ...]]] = {
    "unknown tax": ({"tax1": "17.5"}, {"tax1": "5"}, ("tax", "lines.tax_rate"), ("17.50 %", "20.00 %")),
    "a penny": (
        {"quantity": "3", "listprice": "1.005"},
        {"quantity": "3", "listprice": "1.01"},
        ("totals", "amount"),
        ("3.62", "3.64", "Change a line"),
    ),
    "a halfpenny": (
        {"quantity": "1", "listprice": "0.124"},
        {"quantity": "1", "listprice": "0.12"},
        ("totals", "amount"),
        ("0.15", "0.14"),
    ),
}


def test_lines_that_sage_would_count_otherwise_are_refused(here: PairWorld) -> None:
    product, organisation = here.sales.product(), here.sales.organisation()
    made = {
        case: here.sales.invoice(
            organisation, here.sales.line(product, **wrong), customerno=case, through="api"
        )
        for case, (wrong, *_) in LINES.items()
    }  # the screen rounds each line, as Sage does
    here.settle()
    for case, (_, right, (rule, field), words) in LINES.items():
        told(here, "invoice", made[case], "skipped", rule, field, *words)
        here.sales.edit(made[case], LineItems=[here.sales.line(product, **right)])
    assert here.books.invoices() == []
    mended(here)


def test_a_line_with_two_taxes_is_refused_even_where_its_product_was_mended(here: PairWorld) -> None:
    product = here.sales.product(tax2="10")
    invoice = here.sales.invoice(here.sales.organisation(), here.sales.line(product, tax2="10"))
    here.settle()
    told(
        here,
        "invoice",
        invoice,
        "waiting",
        "reference",
        here.outcome("invoice", invoice).field,
        "one tax only",
    )
    here.sales.edit(product, tax2="")
    here.settle()
    told(here, "invoice", invoice, "skipped", "one tax", "lines.tax_rate", "one tax only")
    here.sales.edit(invoice, LineItems=[here.sales.line(product)])
    mended(here)


def test_a_foreign_invoice_takes_the_rate_that_sage_has(here: PairWorld) -> None:
    customer = here.books.customer("Euro Ltd", currency_id="EUR")
    here.settle()
    organisation = here.sales.all("Accounts")[0]["id"]
    line = here.sales.line(here.sales.product())
    foreign = {"currency_id": "21x2", "LineItems": [line]}
    invoice = here.sales.invoice(organisation, line, conversion_rate="1.3", **foreign)
    here.settle()
    told(
        here,
        "invoice",
        invoice,
        "skipped",
        "exchange_rate",
        "exchange_rate",
        "conversion rate does not match",
        "0.86",
        "EUR",
    )
    here.sales.edit(invoice, conversion_rate="1.16279", **foreign)
    mended(here)
    assert (
        here.books.one("contacts", customer)["currency"]["id"]
        == here.books.invoices()[0]["currency"]["id"]
        == "EUR"
    )


def test_tax_on_shipping_is_refused_and_shipping_alone_goes_both_ways(here: PairWorld) -> None:
    customer, item = here.books.customer(), here.books.product()
    taxed = here.books.invoice(
        customer,
        here.books.line(product_id=item),
        shipping_net_amount="5",
        shipping_tax_rate_id="GB_STANDARD",
    )
    plain = here.books.invoice(
        customer,
        here.books.line(product_id=item),
        shipping_net_amount="5",
        reference="plain",
        shipping_tax_rate_id="GB_NO_TAX",
    )
    organisation = here.sales.organisation()
    own = here.sales.invoice(organisation, here.sales.line(here.sales.product()), hdnS_H_Amount="4")
    here.settle()
    assert here.outcome("invoice", plain).kind == here.outcome("invoice", own).kind == "created", here.tell()
    told(
        here,
        "invoice",
        taxed,
        "skipped",
        "shipping_tax",
        "shipping_tax",
        "tax of 1",
        "make the charge a line",
    )
    here.books.edit("sales_invoices", taxed, shipping_tax_rate_id="GB_NO_TAX")
    mended(here)
    rates = {str(one["shipping_net_amount"]): one["shipping_tax_rate"]["id"] for one in here.books.invoices()}
    assert rates == {"5.0": "GB_NO_TAX", "4.0": "GB_ZERO"}, (
        "carriage says that it is not taxed, and what it said stays"
    )


def test_a_line_of_sage_without_item_is_refused_until_it_names_one(here: PairWorld) -> None:
    customer, item = here.books.customer(), here.books.product()
    invoice = here.books.invoice(
        customer, here.books.line(product_id=item), here.books.line(description="Odd job")
    )
    here.settle()
    told(here, "invoice", invoice, "skipped", "item", "lines.product", "Line 2", "Odd job", "choose one")
    assert here.sales.all("Invoice") == []
    here.books.edit("sales_invoices", invoice, invoice_lines=[here.books.line(product_id=item)])
    mended(here)


def test_what_vtiger_insists_on_must_be_filled_in_at_sage(here: PairWorld) -> None:
    customer = here.books.customer("No Street Ltd", main_address={"city": "York", "country_id": "GB"})
    invoice = here.books.invoice(customer, here.books.line(product_id=here.books.product()))
    here.settle()
    told(
        here,
        "invoice",
        invoice,
        "skipped",
        "mandatory",
        "billing_street",
        "billing street would be empty",
        "Vtiger",
    )
    here.books.edit(
        "sales_invoices",
        invoice,
        main_address={"address_line_1": "3 New St", "city": "York", "country_id": "GB"},
    )
    mended(here)

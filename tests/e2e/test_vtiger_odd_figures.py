"""Odd figures of invoices, and parents that are deleted, merged or changed."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.pair_equal import mended, money, unequal
from tests.e2e.pair_world import PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


def test_an_invoice_without_lines_waits_for_one(here: PairWorld) -> None:
    """Neither form nor API makes one; imports do."""
    organisation, item = here.sales.organisation(), here.sales.product()
    [invoice] = here.imported(
        "Invoice",
        {
            "subject": "Empty",
            "account_id": organisation.partition("x")[2],
            "invoicedate": "2026-11-01",
            "bill_street": "1 High St",
            "currency_id": "1",
            "hdnTaxType": "individual",
            "invoicestatus": "Created",
        },
    )
    here.settle()
    outcome = here.outcome("invoice", invoice)
    assert (outcome.kind, outcome.rule) == (
        "skipped",
        "lines",
    ) and "no lines: add at least one" in outcome.reason, here.tell()
    here.quiet(1)
    here.sales.edit(invoice, LineItems=[here.sales.line(item)])
    mended(here)


@pytest.mark.slow
def test_five_hundred_lines_are_one_invoice(here: PairWorld) -> None:
    items = [here.sales.product(f"W-{n}", unit_price=f"{n}.49") for n in range(5)]
    lines = [
        here.sales.line(items[n % 5], quantity=str(n % 7 + 1), listprice=f"{n % 90}.50", comment=f"Line {n}")
        for n in range(500)
    ]
    invoice = here.sales.invoice(here.sales.organisation(), *lines)
    mended(here)
    made = here.books.invoices()
    assert len(made) == 1 and len(made[0]["invoice_lines"]) == 500
    assert money(made[0]["total_amount"]) == money(here.sales.one(invoice)["hdnGrandTotal"])
    here.books.edit("sales_invoices", made[0]["id"], reference="PO 500")
    mended(here)


ODD: list[dict[str, Any]] = [
    {"discount_percent": "100"},
    {"discount_amount": "25"},
    {"quantity": "-1"},
    {"quantity": "0.125", "listprice": "8"},
    {"listprice": "0"},
    {"discount_percent": "12.5", "listprice": "20"},
    {"tax1": "0"},
    {"tax1": "5"},
]


def test_odd_lines_come_to_the_same_total_or_are_refused(here: PairWorld) -> None:
    item, organisation = here.sales.product(), here.sales.organisation()
    made = [
        here.sales.invoice(
            organisation,
            here.sales.line(item, **line),
            here.sales.line(item, quantity="3"),
            customerno=f"odd {number}",
        )
        for number, line in enumerate(ODD)
    ]
    here.settle()
    refused = [one for one in made if here.outcome("invoice", one).kind != "created"]
    for one in refused:
        outcome = here.outcome("invoice", one)
        assert outcome.kind in ("skipped", "held") and len(outcome.reason) > 20, here.tell()
    assert unequal(here, *refused) == [], here.tell()
    assert len(here.books.invoices()) == len(made) - len(refused) >= 6


def test_a_rate_with_five_decimals_goes_both_ways() -> None:
    euro = {
        "currencies": (
            (1, "United Kingdom, Pounds", "GBP", "£", "1.00000"),
            (2, "Euro", "EUR", "€", "1.14929"),
        )
    }
    with pair_world(vtiger=euro, sage={"exchange_rates": {"EUR": "0.87010", "USD": "0.78"}}) as here:
        customer, item = here.books.customer("Euro Ltd", currency_id="EUR"), here.books.product()
        invoice = here.books.invoice(customer, here.books.line(product_id=item))
        here.settle()
        assert here.outcome("invoice", invoice).kind == "created", here.tell()
        row = here.sales.all("Invoice")[0]
        assert (row["currency_id"], round(float(row["conversion_rate"]), 3)) == ("21x2", 1.149)
        mended(here)
        organisation = here.sales.all("Accounts")[0]["id"]
        own = here.sales.invoice(
            organisation,
            here.sales.line(here.sales.all("Products")[0]["id"]),
            currency_id="21x2",
            conversion_rate="1.14929",
        )
        here.settle()
        assert here.outcome("invoice", own).kind == "created", here.tell()
        mended(here)


def test_a_currency_that_vtiger_does_not_know_is_named(here: PairWorld) -> None:
    customer, item = here.books.customer("Dollar Inc", currency_id="USD"), here.books.product()
    invoice = here.books.invoice(customer, here.books.line(product_id=item))
    here.settle()
    outcome = here.outcome("invoice", invoice)
    assert outcome.kind == "skipped" and outcome.field == "currency" and "USD" in outcome.reason, here.tell()
    assert here.sales.all("Invoice") == []
    here.quiet(1)
    pounds, dollars = [1, "Pounds", "GBP", "£", "1.00000"], [2, "Dollars", "USD", "$", "1.28205"]
    here.sales.desk.post("/options", {"currencies": [pounds, dollars]})
    here.wait(3700)
    here.books.edit("sales_invoices", invoice, reference="again")
    here.settle()
    assert here.outcome("invoice", invoice).kind == "created", here.tell()


def test_an_organisation_deleted_before_its_invoice_was_looked_at_is_named(here: PairWorld) -> None:
    organisation, item = here.sales.organisation(), here.sales.product()
    invoice = here.sales.invoice(organisation, here.sales.line(item))
    here.sales.delete(organisation)
    here.settle()
    outcome = here.outcome("invoice", invoice)
    assert outcome.kind in ("waiting", "skipped", "held") and here.books.invoices() == [], here.tell()
    here.quiet(1)
    here.sales.edit(invoice, account_id=here.sales.organisation("Heir Ltd"))
    mended(here)
    assert len(here.books.invoices()) == 1


def test_a_deleted_organisation_takes_nobody_along(here: PairWorld) -> None:
    organisation = here.sales.organisation()
    person = here.sales.person(organisation)
    here.settle()
    here.sales.delete(organisation)
    here.settle()
    here.reconcile()
    here.settle()
    assert len(here.books.customers()) == 1 and len(here.books.persons()) == 1, here.tell()
    assert here.story("account", organisation)[0].outcome.kind == "held", here.tell()
    assert here.outcome("contact", person).kind in ("skipped", "created"), here.tell()
    here.quiet(1)


def test_organisations_merged_in_vtiger_leave_one_with_its_people_and_invoices(here: PairWorld) -> None:
    winner, loser = here.sales.organisation("Winner Ltd"), here.sales.organisation("Loser Ltd")
    item = here.sales.product()
    person, invoice = here.sales.person(loser), here.sales.invoice(loser, here.sales.line(item))
    here.settle()
    here.sales.merge(loser, winner)
    here.settle()
    here.reconcile()
    here.settle()
    here.quiet(1)
    assert len(here.books.customers()) == 2 and len(here.books.invoices()) == 1, "nothing is deleted in Sage"
    assert here.story("account", loser)[0].outcome.kind == "held", here.tell()
    assert here.sales.one(person)["account_id"] == here.sales.one(invoice)["account_id"] == winner


def test_a_person_who_moves_to_another_organisation_moves_in_sage(here: PairWorld) -> None:
    first, second = here.sales.organisation("First Ltd"), here.sales.organisation("Second Ltd")
    person = here.sales.person(first)
    here.settle()
    here.sales.edit(person, account_id=second)
    here.settle()
    here.quiet(1)
    outcome = here.outcome("contact", person)
    homes = [one["address"]["id"] for one in here.books.persons()]
    assert len(homes) == 1, here.tell()
    assert outcome.kind == "held" or unequal(here) == [], here.tell()

"""The sample of Vtiger and Sage Accounting: the same every time, every case in it, and each case what it says
it is."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import httpx
import pytest

from local.demo.flows import FLOWS
from local.demo.vtiger_sage_accounting import catalogue, invoices, organisations, people
from local.demo.vtiger_sage_accounting.later import later
from local.demo.vtiger_sage_accounting.load import plan, prepare
from local.demo.vtiger_sage_accounting.sample import sample
from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app as sage_accounting
from local.vendors.vtiger.app import build_app as vtiger
from shared.mapping.compile import compile_flow

FLOW = "vtiger--sage_accounting"


def test_it_is_the_same_every_time() -> None:
    assert sample() == sample()


def test_every_case_is_there_as_often_as_it_says() -> None:
    made = sample()
    for rows, table in (
        (made.organisations, organisations.KINDS),
        (made.products, catalogue.PRODUCT_KINDS),
        (made.services, catalogue.SERVICE_KINDS),
    ):
        assert Counter(one.kind for one in rows) == {kind: count for kind, (count, _) in table.items()}
    assert Counter(one.state for one in made.invoices) == {
        state: count for state, (count, _) in invoices.STATES.items()
    }
    assert {one.kind for one in made.people} == set(people.KINDS)


def test_every_rule_of_the_flow_about_invoices_has_its_case() -> None:
    cases = {
        "account": None,
        "invoice_date": "no_date",
        "status": None,
        "has_tax_mode": None,
        "tax_mode": "group_tax",
        "discount": "discount",
        "discount_amount": "discount_amount",
        "adjustment": "adjustment",
        "shipping_tax": "shipping_tax",
        "deducted_tax": None,
        "currency": "wrong_currency",
    }  # Vtiger's form lets nobody leave out the organisation, the status or the tax mode
    assert {one.name for one in compile_flow(FLOW).entities["invoice"].requirements} == set(cases)
    assert {state for state in cases.values() if state} <= set(invoices.STATES)


def test_only_the_penny_case_differs_by_a_penny() -> None:
    """Vtiger adds up exactly and rounds once; Sage rounds every line."""
    for one in sample().invoices:
        taxed = (
            (Decimal(line.quantity) * Decimal(line.price) - Decimal(line.discount or 0))
            * (100 + Decimal(line.item.rate))
            / 100
            for line in one.lines
        )
        exact = sum(taxed, Decimal(0))
        assert (exact == exact.quantize(Decimal("0.01"))) == (one.state != "penny"), one.state


def test_names_hold_what_breaks_careless_code() -> None:
    made = sample()
    names = [one.name for one in made.organisations] + [one.name for one in made.services]
    names += [f"{one.first} {one.last}" for one in made.people]
    names += [str(row["subject"]) for one in made.invoices if (row := one.in_vtiger())]
    assert all(any(mark in name for name in names) for mark in ("'", '"', "<", "&", "&amp;", "🔧", "ø", "“"))
    assert 90 < max(map(len, names)) <= 100


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with serve(vtiger()) as crm, serve(sage_accounting()) as books:
        found = {"vtiger": crm.url, "sage_accounting": books.url}
        assert prepare(found)["sage_accounting"]["refresh_token"]
        counted: list[int] = []
        made = plan()
        made.load(found, counted.append)
        assert sum(counted) == made.size
        yield found


def test_both_emulators_take_all_of_it(addresses: dict[str, str]) -> None:
    made = sample()
    held = {
        module: len(httpx.get(f"{addresses['vtiger']}/_admin/records/{module}").json())
        for module in ("Accounts", "Contacts", "Products", "Services", "Invoice")
    }
    assert held == {
        "Accounts": sum(one.in_vtiger for one in made.organisations),
        "Contacts": sum(bool(one.contact()) for one in made.people),
        "Products": sum(one.in_vtiger for one in made.products),
        "Services": sum(one.in_vtiger for one in made.services),
        "Invoice": sum(bool(one.in_vtiger()) for one in made.invoices),
    }
    shown = httpx.get(f"{addresses['sage_accounting']}/_admin/sales_invoices").json()
    assert {row["status"]["id"] for row in shown} == {"DRAFT", "UNPAID", "PART_PAID", "PAID"}


def test_what_people_do_later_needs_nothing_but_the_sample(addresses: dict[str, str]) -> None:
    """So it works however far the first cycle came."""
    told = later(addresses)
    assert len(told) == 7 and all(one.endswith(".") for one in told)


def test_the_demonstration_gives_each_system_what_it_needs(addresses: dict[str, str]) -> None:
    demo = FLOWS[FLOW]
    connections = demo.connections(addresses)
    assert connections["sage_accounting"].options["token_url"] == f"{addresses['sage_accounting']}/token"
    learned = demo.prepare(addresses)
    assert set(demo.all_secrets(learned)["sage_accounting"]) == {
        "client_id",
        "client_secret",
        "refresh_token",
    }

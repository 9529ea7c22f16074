"""The row "invoices" of the flow: posted ones of Sage become turnover, with what is paid and outstanding."""

from collections.abc import Iterator

import pytest

from shared.operations.connect import check_system
from tests.e2e.goods_world import goods_world, invoice, line, told
from tests.e2e.sales_world import CRM, SAGE, SalesWorld


@pytest.fixture
def here() -> Iterator[SalesWorld]:
    with goods_world() as made:
        made.customer("ACME01", name="Acme")
        yield made


def test_invoices_become_turnover_with_net_tax_paid_and_outstanding(here: SalesWorld) -> None:
    number = invoice(here, line("S1"), line("S1", 1, 10))
    here.settle()
    row = here.rows("sales")[number]
    assert (row["total"], row["Z_net"], row["Z_tax"], row["date"][:10]) == (132, 110, 22, "2026-11-21")
    assert (row["accountExtId"], row["accountId"]["value"]) == ("ACME01", "Acme")
    assert (row["Z_paid"], row["Z_outstanding"]) == (0, 132), here.tell()


@pytest.mark.parametrize("paid, left", [(32, 100), (132, 0)])
def test_invoices_paid_in_sage_show_it_within_one_cycle(here: SalesWorld, paid: int, left: int) -> None:
    number = invoice(here, line("S1"), line("S1", 1, 10))
    here.settle()
    invoice(here, invoiceNumber=number, paid=paid)
    here.cycle()
    row = here.rows("sales")[number]
    assert (row["Z_paid"], row["Z_outstanding"], row["total"]) == (paid, left, 132), here.tell()
    assert len(here.rows("sales")) == 1


def test_invoices_not_posted_are_no_turnover_until_they_are(here: SalesWorld) -> None:
    number = invoice(here, line("S1"), posted=False)
    here.settle()
    assert here.rows("sales") == {}
    invoice(here, invoiceNumber=number, posted=True)
    here.settle()
    assert here.rows("sales")[number]["total"] == 120


@pytest.mark.parametrize("kind", [3, 4])
def test_invoices_that_are_credit_notes_are_held_and_named(here: SalesWorld, kind: int) -> None:
    number = invoice(here, line("S1"), invoiceTypeCode=kind)
    here.settle()
    assert here.rows("sales") == {}
    assert told(here, number)[0].startswith("held: It is a credit note"), here.tell()


def test_invoices_in_another_currency_are_held_and_named(here: SalesWorld) -> None:
    here.customer("EURO01", name="Euro", currency=2, countryCode="FR")
    here.settle()
    euros = {"customerAccountRef": "EURO01", "currency": 2, "foreignRate": 1.17}
    number = invoice(here, line("S1"), **euros)
    own = invoice(here, line("S1"), currency=1)
    here.settle()
    assert set(here.rows("sales")) == {own}, here.tell()
    assert told(here, number)[0].startswith("held: It is in another currency"), here.tell()


@pytest.mark.parametrize("kind", [5, 6, 7, 8])
def test_quotations_and_proformas_are_no_invoices(here: SalesWorld, kind: int) -> None:
    invoice(here, line("S1"), invoiceTypeCode=kind)
    here.settle()
    assert here.rows("sales") == {} and all("invoice" not in row for row in here.tell().splitlines())


def test_invoices_removed_in_sage_stay_turnover(here: SalesWorld) -> None:
    number = invoice(here, line("S1"))
    here.settle()
    here.sage.ask("DELETE", f"invoices/{number}")
    here.settle()
    assert here.rows("sales")[number]["total"] == 120


@pytest.mark.parametrize("kind", ["lost_reply", "lost_request", "500"])
def test_invoices_whose_answer_is_lost_count_once(here: SalesWorld, kind: str) -> None:
    here.settle()
    number = invoice(here, line("S1"))
    here.crm.ask("POST", "faults", [{"kind": kind, "match": {"method": "POST", "path": "sales"}}])
    here.settle()
    assert [row["extId"] for row in here.crm.ask("GET", "records/sales")] == [number], here.tell()


def test_an_idle_cycle_asks_for_invoices_and_for_the_ledgers_entries_once_each(here: SalesWorld) -> None:
    number = invoice(here, line("S1"))
    here.settle()
    invoice(here, invoiceNumber=number, paid=20)
    here.settle()
    here.settle()
    here.sage.ask("DELETE", "calls")
    assert here.cycle() == 0
    calls = here.sage.ask("GET", "calls")
    assert (calls["POST searchinvoice"], calls["POST search"]) == (1, 1), calls


def test_connect_finds_no_fault_in_what_the_flow_searches(here: SalesWorld) -> None:
    """Sage refuses to search numbers of invoices and orders for anything but a number."""
    services = here.services()
    found = [one for system in (CRM, SAGE) for one in check_system(services, system)]
    services.close()
    assert [str(one) for one in found if one.level == "error"] == []
    assert {"invoice", "sales_order", "quotation"} <= {one.subject for one in found}

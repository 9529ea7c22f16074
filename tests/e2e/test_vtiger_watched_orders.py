"""Orders of Vtiger after Sage 50 made them: what people change is told once, by the poll and by the sweep."""

from collections.abc import Iterator

import pytest

from shared.operations.compare import compare
from tests.e2e.vtiger_50_offices import CRM, SAGE, Offices, offices


@pytest.fixture
def here() -> Iterator[Offices]:
    """One order of 25.00 net, made two hours ago."""
    with offices() as made:
        made.product("W1")
        made.pair.settle()
        made.order(made.organisation("Acme"), made.line(_widget(made)))
        made.pair.settle()
        made.pair.wait(7200)
        yield made


def _widget(here: Offices) -> str:
    return str(here.named("Products", "productcode")["W1"]["id"])


def _order(here: Offices) -> str:
    return next(iter(here.rows("SalesOrder")))


def told(here: Offices) -> list[tuple[str, ...]]:
    """What was said of orders that differ, newest first."""
    return [
        row.outcome.notes
        for row in here.pair.log()
        if row.entity == "sales_order" and row.outcome.kind == "skipped"
    ]


def differing(here: Offices) -> list[tuple[str, str, str]]:
    services = here.pair.services()
    found = [(one.system, one.field, one.reason) for one in compare(services)]
    services.close()
    return found


CHANGED = ("Vtiger now shows net total “250.00”; the order was made with “25.00”",)


def test_another_amount_is_told_by_the_next_poll_and_once(here: Offices) -> None:
    here.save("SalesOrder", id=_order(here), LineItems=[here.line(_widget(here), "20")])
    here.pair.cycle()
    assert told(here) == [CHANGED], here.pair.tell()
    here.pair.settle()
    here.pair.day()
    here.pair.day()
    assert told(here) == [CHANGED], here.pair.tell()


def test_another_price_is_told_by_the_sweep_where_no_poll_saw_it(here: Offices) -> None:
    here.save("SalesOrder", id=_order(here), LineItems=[here.line(_widget(here), "2", "99.00")])
    cursor = here.pair.stores.cursors.load(CRM, "sales_order") or {}
    late = {**cursor, "since": "2036-01-01 00:00:00", "newest": "2036-01-01 00:00:00"}
    here.pair.stores.cursors.save(CRM, "sales_order", late)
    here.pair.cycle()
    assert told(here) == []
    here.pair.day()
    assert told(here) == [("Vtiger now shows net total “198.00”; the order was made with “25.00”",)]


def test_a_cancelled_order_is_told_by_the_next_poll(here: Offices) -> None:
    here.save("SalesOrder", id=_order(here), sostatus="Cancelled")
    here.pair.cycle()
    assert told(here) == [("Vtiger now shows sostatus “Cancelled”; the order was made with “Approved”",)]


def test_an_order_with_a_number_of_somebody_elses_is_left_alone(here: Offices) -> None:
    rows = len(here.pair.log())
    here.order(here.organisation("Other"), here.line(_widget(here)), cf_860="77")
    here.pair.settle()
    assert {row.entity for row in here.pair.log()[: len(here.pair.log()) - rows]} <= {"account"}
    assert len(here.orders()) == 1, here.pair.tell()


def test_an_order_that_is_watched_no_more_is_not_read_again(here: Offices) -> None:
    here.pair.wait(181 * 86_400)
    here.pair.settle()
    rows = len(here.pair.log())
    here.save("SalesOrder", id=_order(here), LineItems=[here.line(_widget(here), "20")])
    here.pair.settle()
    assert (told(here), len(here.pair.log())) == ([], rows), here.pair.tell()


def test_the_report_finds_no_difference_in_an_order_that_agrees(here: Offices) -> None:
    assert differing(here) == []


def test_the_report_tells_of_another_amount(here: Offices) -> None:
    here.save("SalesOrder", id=_order(here), LineItems=[here.line(_widget(here), "20")])
    assert differing(here) == [(CRM, "net total", "changed in Vtiger after it was made")]


def test_another_customer_in_sage_is_told_by_the_report_and_once_by_the_sweep(here: Offices) -> None:
    here.organisation("Other")
    here.pair.settle()
    here.pair.desks[SAGE].post("/orders/1001", {"customerAccountRef": "OTHE0001"})
    assert differing(here) == [(SAGE, "account", "changed in Sage 50 after it was made")]
    here.pair.day()
    here.pair.day()
    said = "Sage 50 now shows account “{}”; the order was made with “{}”"
    assert told(here) == [(said.format("Other", "Acme"),)], here.pair.tell()
    here.save("SalesOrder", id=_order(here), account_id=here.named("Accounts", "accountname")["Other"]["id"])
    here.pair.settle()
    said = "Vtiger now shows account “{}”; the order was made with “{}”"
    assert (said.format("Other", "Acme"),) in told(here)

"""An invoice is released only once nothing else of it is open, because nobody can take that back.

Approved in Vtiger, it stays a draft in Sage while a field of it is held, or while one side shows what the
other cannot hold. Once that is settled it is released by itself.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.domain.answer import Answer
from shared.domain.rules import Rule
from shared.operations.answers import accept, as_shown
from tests.stories.customers import SAGE, VTIGER
from tests.stories.drafts import Invoices, Line, line

A, B = line("W", "1"), line("W", "2")
TEN, TWENTY = line("W", "10"), line("W", "20")
UNTIL = "stays draft until that is settled"
HOLD = '[invoice.fields]\nreference = {conflict = "hold"}'
THEIRS = '[invoice]\nwinner = ["vtiger", "sage_accounting"]'
NO_TAX_ON_CARRIAGE = '[invoice.require.shipping_tax]\nsource = "sage_accounting"'


def approve(here: Invoices, **values: Any) -> None:
    """In one save with these values."""
    here.rig.clock.advance(60)
    here.rig.systems[VTIGER].put("Invoice", "inv", {"invoicestatus": "Approved", **values})
    here.hear(VTIGER, "inv")
    here.wait(minutes=2)


def change_in_sage(here: Invoices, values: Mapping[str, Any], *, told: bool = True) -> None:
    here.rig.clock.advance(60)
    sage = here.id_of(SAGE, "inv")
    here.rig.systems[SAGE].put("sales_invoices", sage, values)
    if told:
        here.hear(SAGE, sage)
        here.wait(minutes=2)


def status(here: Invoices) -> str:
    (one,) = here.native(SAGE).values()
    return str(one["status_id"])


def priced(row: Line, price: str, tax: str) -> Line:
    return {**row, "unit_price": price, "tax_amount": tax}


@pytest.mark.parametrize("at_once", [True, False])
def test_an_invoice_whose_lines_nobody_can_tell_apart_stays_a_draft(at_once: bool) -> None:
    here = Invoices()
    here.enter(A, B)
    here.code({"ledger_account_id": "4000"}, {"ledger_account_id": "4010"})
    if not at_once:
        here.in_vtiger(TEN, TWENTY)
        here.says("held", rule=Rule.LINE_IDENTITY)
    approve(here, **{"LineItems": [TEN, TWENTY]} if at_once else {})
    here.says("held", UNTIL, rule=Rule.LINE_IDENTITY)
    assert status(here) == "DRAFT"
    here.wait(hours=30)
    assert status(here) == "DRAFT"
    first, second = here.sage()
    here.in_sage(
        {**first, "quantity": "10", "tax_amount": "20.00"},
        {**second, "quantity": "20", "tax_amount": "40.00"},
    )
    assert status(here) == "UNPAID"
    assert [(one["quantity"], one["ledger_account_id"]) for one in here.sage()] == [
        ("10", "4000"),
        ("20", "4010"),
    ]


@pytest.mark.parametrize("stands", [VTIGER, SAGE])
def test_an_invoice_of_which_a_person_must_choose_a_value_is_released_once_he_has(stands: str) -> None:
    here = Invoices(HOLD)
    here.enter(A)
    change_in_sage(here, {"reference": "Ours"}, told=False)
    approve(here, customerno="Theirs")
    here.says("held", UNTIL, rule=Rule.CONFLICT)
    assert status(here) == "DRAFT"
    services, (link,) = here.rig.services(), [one for one in here.rig.links() if one.entity == "invoice"]
    said = as_shown(services, link, Answer("accept", "Ann", here.rig.clock.now(), "reference", stands))
    accept(services, link, said)
    here.rig.drain()
    assert status(here) == "UNPAID"
    (sage,) = here.native(SAGE).values()
    assert sage["reference"] == {VTIGER: "Theirs", SAGE: "Ours"}[stands]


def test_an_invoice_whose_lines_the_other_side_cannot_take_stays_a_draft() -> None:
    here = Invoices('[invoice.figures]\npenny = "refuse"')
    here.enter(A, line("C"))
    here.in_sage(*(priced(row, "0.37", "0.07") for row in here.sage()))
    here.says("skipped", rule=Rule.TOTALS)
    approve(here)
    here.says("skipped", UNTIL, rule=Rule.TOTALS)
    assert status(here) == "DRAFT"
    here.in_sage(*(priced(row, "0.50", "0.10") for row in here.sage()))
    assert status(here) == "UNPAID"
    assert [str(one["listprice"]) for one in here.vtiger()] == ["0.50", "0.50"]


def test_an_invoice_with_what_the_other_side_may_not_have_stays_a_draft() -> None:
    here = Invoices(NO_TAX_ON_CARRIAGE)
    here.enter(A)
    change_in_sage(here, {"shipping_tax_amount": "1.00"})
    approve(here)
    here.says("skipped", "tax of 1.00 on shipping", UNTIL)
    assert status(here) == "DRAFT"
    change_in_sage(here, {"shipping_tax_amount": "0"})
    assert status(here) == "UNPAID"


def test_an_invoice_that_meets_its_twin_is_not_released_while_they_differ() -> None:
    here = Invoices(THEIRS + '\n[invoice.fields]\ndue_date = {conflict = "hold"}')
    here.enter(A)
    change_in_sage(here, {"due_date": "2026-12-31"}, told=False)
    for link in here.rig.links():
        if link.entity == "invoice":
            here.rig.stores.links.erase(link.link_id)
    approve(here, duedate="2026-12-24")
    here.says("held", UNTIL, rule=Rule.CONFLICT)
    assert status(here) == "DRAFT"
    change_in_sage(here, {"due_date": "2026-12-24"})
    assert status(here) == "UNPAID"

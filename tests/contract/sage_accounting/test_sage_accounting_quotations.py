"""Quotations of Sage Accounting as its quotes: made, numbered, invoiced and missed."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import RecordRejected
from shared.ports import Gone, Snapshot, Values
from tests.contract.sage_accounting.records import changed, line, one
from tests.contract.sage_accounting_bench import Bench, poll, spec

QUOTATION = spec(
    "quotation",
    "sales_quotes",
    "number",
    "invoice_number",
    "contact_id",
    "quote_lines",
    number_path="number",
    page_size=50,
)


def quotation(contact: str, **more: Any) -> Values:
    lines = [{name: value for name, value in line().items() if name != "discount_amount"}]
    return {"contact_id": contact, "date": "2026-11-21", "quote_lines": lines, **more}


def test_a_quote_is_numbered_at_once_and_expires_as_sages_settings_say(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    made = sage.create(QUOTATION, quotation(contact), "key-1")
    assert (made.values["number"], made.values["expiry_date"]) == ("SQ-1", "2026-12-21")
    assert made.values["total_amount"] == "23.98" and made.values["invoice_number"] == ""
    again = sage.create(QUOTATION, quotation(contact), "key-1")
    assert again.id == made.id and len(bench.records("sales_quotes")) == 1
    given = sage.create(QUOTATION, quotation(contact, expiry_date="2026-11-30"), "key-2")
    assert given.values["expiry_date"] == "2026-11-30" and bench.lanes == ["documents"] * 3


def test_a_customer_may_be_named_by_its_reference(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer(reference="ACME01")
    body = {**quotation(""), "contact_id": None, "contact_reference": "acme01"}
    made = sage.create(QUOTATION, body, "key-1")
    assert (made.values["contact_id"], made.values["contact_reference"]) == (contact, "ACME01")
    with pytest.raises(RecordRejected, match="0 customers with the reference NOBODY, and a quote needs"):
        sage.create(QUOTATION, {**body, "contact_reference": "NOBODY"}, "key-2")


def test_a_quote_that_is_invoiced_is_hinted_at_though_it_did_not_change(bench: Bench) -> None:
    """Whether Sage moves the quote's own time is not documented: the invoice names the quote."""
    bench.past(100)
    sage, contact = bench.sage(), bench.customer()
    made = sage.create(QUOTATION, quotation(contact), "key-1")
    _, cursor = poll(sage, QUOTATION, None)
    bench.past(60)
    invoice = bench.post(f"/sales_quotes/{made.id}/invoice", {"draft": True})["id"]
    found, cursor = poll(sage, QUOTATION, cursor)
    assert [hint.id for hint in found] == [made.id]
    assert one(sage, QUOTATION, made.id).values["invoice_number"] == ""
    bench.past(30)
    bench.post(f"/sales_invoices/{invoice}/release", {})
    found, cursor = poll(sage, QUOTATION, cursor)
    assert [hint.id for hint in found] == [made.id]
    assert one(sage, QUOTATION, made.id).values["invoice_number"] == "SI-1"
    bench.past(0)
    found, after = poll(sage, QUOTATION, cursor)
    assert not [hint for hint in found if not isinstance(hint, Snapshot)]
    assert poll(sage, QUOTATION, after)[1] == after
    bench.calls()
    poll(sage, QUOTATION, after)
    assert bench.calls() == {"GET /sales_invoices": 1, "GET /sales_quotes": 1}


def test_lines_go_back_with_what_sage_alone_knows_of_them(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    made = sage.create(QUOTATION, quotation(contact), "key-1")
    rows = made.values["quote_lines"]
    assert isinstance(rows, list)
    answer = changed(sage, QUOTATION, made.id, quote_lines=[{**rows[0], "quantity": Decimal(3)}])
    assert answer.values["quote_lines"][0]["ledger_account_id"] == rows[0]["ledger_account_id"]
    assert answer.values["quote_lines"][0]["quantity"] == "3.0"


@pytest.mark.parametrize(
    ("direction", "stated"),
    [("base_per_foreign", "exchange_rate"), ("foreign_per_base", "inverse_exchange_rate")],
)
def test_a_quote_in_a_foreign_currency_states_its_rate_as_the_setting_says(
    bench: Bench, direction: str, stated: str
) -> None:
    bench.options(rate_direction=direction)
    sage, contact = bench.sage(rate_direction=direction), bench.customer(currency_id="EUR")
    rate = Decimal("0.8")
    made = sage.create(QUOTATION, quotation(contact, currency_id="EUR", exchange_rate=rate), "key-1")
    assert Decimal(str(one(sage, QUOTATION, made.id).values["exchange_rate"])) == rate
    assert Decimal(bench.records("sales_quotes")[0][stated]) == rate


def test_carriage_is_taken_off_again(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    carriage = {"shipping_net_amount": Decimal("10.00"), "shipping_tax_rate_id": "GB_ZERO"}
    made = sage.create(QUOTATION, quotation(contact, **carriage), "key-1")
    assert made.values["total_amount"] == "33.98"
    answer = changed(sage, QUOTATION, made.id, reference="X")
    assert answer.values["shipping_net_amount"] == "10.0", "what is not given stays"
    answer = changed(sage, QUOTATION, made.id, shipping_net_amount=Decimal(0))
    assert (answer.values["shipping_net_amount"], answer.values["total_amount"]) == ("0.0", "23.98")


def test_a_deleted_quote_is_gone_when_it_is_asked_for_and_missing_from_the_list(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    ids = [sage.create(QUOTATION, quotation(contact), f"key-{n}").id for n in range(22)]
    bench.admin.delete(f"/sales_quotes/{ids[0]}").raise_for_status()
    assert isinstance(sage.read(QUOTATION, ids[:1])[ids[0]], Gone)
    bench.calls()
    assert set(sage.look_over(QUOTATION, ids)) == set(ids[1:])
    assert bench.calls() == {"GET /sales_quotes": 1}
    assert set(sage.look_over(QUOTATION, ids[:2])) == {ids[1]}


def test_a_number_finds_its_quote(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    made = sage.create(QUOTATION, quotation(contact), "key-1")
    hits = sage.find(QUOTATION, "number", ["sq-1", "SQ-9"])
    assert [one.id for one in hits["sq-1"]] == [made.id] and hits["SQ-9"] == []

"""A13: negative lines, and documents below zero. What is below zero is a credit note, for a person to decide;
a line below zero goes where the ledger takes it."""

import httpx
import pytest

from tests.e2e.pair_equal import mended, told
from tests.e2e.pair_world import pair_world
from tests.e2e.test_rule_examples import rules
from tests.e2e.world import world


def test_an_invoice_below_zero_is_held_until_it_is_corrected() -> None:
    with pair_world() as here:
        item, buyer = here.sales.product(), here.sales.organisation()
        line = here.sales.line
        made = {
            "all below zero": here.sales.invoice(buyer, line(item, listprice="-15.00"), customerno="neg1"),
            "a return larger than the sale": here.sales.invoice(
                buyer,
                line(item, listprice="10"),
                line(item, quantity="-2", listprice="30"),
                customerno="neg2",
            ),
            "a penny below": here.sales.invoice(
                buyer, line(item, listprice="10"), line(item, listprice="-10.01"), customerno="neg3"
            ),
        }
        here.settle()
        for invoice in made.values():
            told(here, "invoice", invoice, "held", "credit_note", "amount", "credit note", "Sage Accounting")
        assert here.books.invoices() == []
        for invoice in made.values():
            here.sales.edit(invoice, LineItems=[line(item, listprice="20"), line(item, listprice="-5")])
        mended(here)
        assert {one["net_amount"] for one in here.books.invoices()} == {"30.0"}, "a line below zero may go"


def test_an_invoice_of_sage_that_falls_below_zero_is_refused_there_already() -> None:
    with pair_world() as here:
        customer, item = here.books.customer(), here.books.product()
        with pytest.raises(AssertionError, match="credit note"):
            here.books.invoice(customer, here.books.line(product_id=item, unit_price="-10", tax_amount="-4"))


@pytest.mark.parametrize("amount", ["-125.00", "-0.01"])
@pytest.mark.parametrize("api", ["v11", "v4_1"])
def test_a_won_opportunity_below_zero_is_held_for_a_credit_note(
    monkeypatch: pytest.MonkeyPatch, api: str, amount: str
) -> None:
    with world(monkeypatch, api=api) as here:
        record = here.opportunity(amount=amount)
        here.tick()
        here.drain()
        outcome = here.outcome(record)
        assert (outcome.kind, outcome.rule, outcome.field) == ("held", "credit_note", "amount")
        assert "credit note" in outcome.reason and amount in outcome.reason and here.orders() == []


def test_an_order_line_below_zero_is_held_since_sage_50_takes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {
        name: text.replace("product_code_c", "mft_part_num")
        for name, text in rules("revenue_line_items").items()
    }
    with world(monkeypatch, rules=own) as here:
        httpx.post(f"{here.sage}/_admin/products", json=[{"stockCode": "CHAIR-01", "description": "Chair"}])
        record = here.opportunity(name="Fit-out", amount="0", sales_stage="Prospecting")
        for code, price in (("CHAIR-01", "100.00"), ("", "-15.00")):
            line = {
                "name": f"Line {code}",
                "opportunity_id": record,
                "account_id": "acc-1",
                "mft_part_num": code,
                "quantity": "1",
                "discount_price": price,
                "likely_case": price,
                "sales_stage": "Closed Won",
            }
            httpx.post(f"{here.sugar}/_admin/revenue_line_items", json=line).raise_for_status()
        here.tick()
        here.drain()
        outcome = here.outcome(record)
        assert (outcome.kind, outcome.rule) == ("held", "negative_line") and here.orders() == []
        assert "below zero (-15.00)" in outcome.reason and "discount" in outcome.reason

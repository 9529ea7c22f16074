"""Where a tenant lets salespeople decide: Won and Lost of the CRM go to Sage 50, once, and never against
Sage."""

from collections.abc import Iterator

import pytest

from shared.sync.engine import engine
from tests.e2e.quote_world import SAGE, QuoteWorld, quote_world

DECIDES = """
[quotation.fields]
status = { direction = "both" }

[quotation.on.sage_sales_management.fields]
status = { path = "statusId/value", as = "table", table = "status", several = "first" }

[quotation.on.sage_sales_management.tables.status]
"Draft" = "open"

[quotation.require.draft]
value = ["open"]
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[QuoteWorld]:
    with quote_world(DECIDES) as made:
        made.goods()
        yield made


@pytest.fixture
def here(shop: QuoteWorld) -> Iterator[QuoteWorld]:
    yield shop
    assert shop.failed == [], shop.tell()


def sent(here: QuoteWorld) -> tuple[str, str]:
    order = here.quote(("W1", 3))
    here.hook(order)
    assert here.last().kind == "created", here.tell()
    return order, here.crm_quote(order)["extId"]


def decide(here: QuoteWorld, order: str, label: str) -> None:
    here.crm.ask("POST", "records/salesorders", {"id": int(order), "statusId": here.status(label)})
    here.hook(order)


def test_won_in_the_crm_makes_the_order_in_sage(here: QuoteWorld) -> None:
    order, number = sent(here)
    decide(here, order, "Won")
    quote = here.sage_quote(number)
    assert (quote["orderType"], quote["quoteStatus"]) == (0, 2), here.tell()
    assert here.crm_quote(order)["statusId"]["value"] == "Won"
    here.hook(number, SAGE)
    assert here.last().kind == "unchanged", here.tell()


def test_won_is_final_whatever_the_crm_says_later(here: QuoteWorld) -> None:
    order, number = sent(here)
    decide(here, order, "Won")
    decide(here, order, "Lost")
    assert here.sage_quote(number)["quoteStatus"] == 2
    assert (here.last().kind, here.last().rule) == ("skipped", "released"), here.tell()
    assert "is won and is no longer changed" in here.last().reason


def test_lost_goes_to_sage_and_comes_back_when_it_is_opened_there(here: QuoteWorld) -> None:
    order, number = sent(here)
    decide(here, order, "Lost")
    assert here.sage_quote(number)["quoteStatus"] == 3, here.tell()
    here.in_sage(number, quoteStatus=1)
    here.hook(number, SAGE)
    assert here.crm_quote(order)["statusId"]["value"] in ("Draft", "Validated draft"), here.tell()


def test_an_expired_quotation_won_in_the_crm_is_not_won(here: QuoteWorld) -> None:
    order, number = sent(here)
    here.in_sage(number, quoteExpiry=here.clock.now().strftime("%d/%m/%Y"))
    here.hook(number, SAGE)
    here.wait(86400)
    here.hook(number, SAGE)
    assert here.crm_quote(order)["statusId"]["value"] == "Expired", here.tell()
    decide(here, order, "Won")
    assert here.sage_quote(number)["quoteStatus"] == 1
    assert (here.last().kind, here.last().rule) == ("skipped", "released"), here.tell()
    assert (
        "is expired and is no longer changed: status stays “expired” there, “won” here" in here.last().reason
    )


def test_where_a_won_one_forgets_that_it_was_a_quotation_it_still_counts_as_won(here: QuoteWorld) -> None:
    here.sage.ask("POST", "options", {"won_forgets_quote": True})
    order, number = sent(here)
    here.in_sage(number, quoteStatus=2)
    here.hook(number, SAGE)
    here.sage.ask("POST", "options", {"won_forgets_quote": False})
    assert here.sage_quote(number)["quoteStatus"] == 0
    assert here.crm_quote(order)["statusId"]["value"] == "Won", here.tell()


def orders(here: QuoteWorld) -> list[tuple[str, str]]:
    """(number, status) of every document in the CRM that carries a number."""
    rows = here.crm.ask("GET", "records/salesorders")
    return sorted((str(row["extId"]), row["statusId"]["value"]) for row in rows if row["extId"])


@pytest.mark.parametrize("forgets", [False, True])
def test_a_won_quotation_becomes_its_order_and_no_second_document(here: QuoteWorld, forgets: bool) -> None:
    here.sage.ask("POST", "options", {"won_forgets_quote": forgets})
    order, number = sent(here)
    before = len(orders(here))
    here.in_sage(number, quoteStatus=2)
    here.cycle()
    here.sage.ask("POST", "options", {"won_forgets_quote": False})
    assert (number, "Won") in orders(here) and len(orders(here)) == before, here.tell()
    assert f"sales_order sage_50 {number} skipped: Sage 50 made it of quotation {number}" in here.tell()
    lines = here.sage_quote(number)["invoiceItems"]
    here.in_sage(number, invoiceItems=[{**lines[0], "quantity": 4}])
    here.cycle()
    assert (here.crm_quote(order)["Z_net"], here.crm_lines(order)[0]["quantity"]) == (50, 4), here.tell()
    assert len(orders(here)) == before


def test_a_won_quotation_whose_order_is_cancelled_is_named(here: QuoteWorld) -> None:
    order, number = sent(here)
    decide(here, order, "Won")
    here.sage.ask("POST", f"orders/{number}", {"allocationStatus": 3})
    here.cycle()
    said = here.last()
    assert (said.kind, said.rule) == ("held", "cancelled"), here.tell()
    assert "was cancelled there, and the quotation stands as won" in said.reason


def test_a_quotation_that_is_invalid_in_sage_is_held_and_not_open(here: QuoteWorld) -> None:
    order, number = sent(here)
    here.in_sage(number, quoteStatus=4)
    here.hook(number, SAGE)
    assert (here.last().kind, here.last().rule) == ("held", "known_state"), here.tell()
    decide(here, order, "Won")
    assert here.sage_quote(number)["quoteStatus"] == 4, here.tell()


def test_a_quotation_won_in_the_crm_is_its_order_there_too(here: QuoteWorld) -> None:
    order, number = sent(here)
    decide(here, order, "Won")
    before = orders(here)
    here.cycle()
    assert orders(here) == before and (number, "Won") in before, here.tell()


def test_the_test_of_won_quotations_fails_where_their_orders_are_made_too(
    here: QuoteWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "end_turned", lambda ctx, jobs: None)
    with pytest.raises(AssertionError):
        test_a_quotation_won_in_the_crm_is_its_order_there_too(here)

"""Quotations under bad input, those that change while Sage prices them, and what their status says, over
HTTP."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.systems.sage_50.quotations import Quotations
from tests.e2e.quote_world import SAGE, QuoteWorld, quote_world, there_and_back


@pytest.fixture(scope="module")
def shop() -> Iterator[QuoteWorld]:
    """One pair of vendors for all of these tests: each makes quotations of its own."""
    with quote_world() as made:
        made.goods()
        yield made


def while_sage_prices(
    here: QuoteWorld, monkeypatch: pytest.MonkeyPatch, order: str, change: Callable[[], None]
) -> None:
    """`change` is made in the CRM between the create in Sage and what follows from it."""
    made = Quotations.create

    def slow(self: Quotations, *args: Any) -> Any:
        found = made(self, *args)
        here.wait(2)
        change()
        return found

    with monkeypatch.context() as patched:
        patched.setattr(Quotations, "create", slow)
        here.hook(order)


@pytest.fixture
def here(shop: QuoteWorld) -> Iterator[QuoteWorld]:
    shop.sage.ask("POST", "faults", [])
    yield shop
    assert shop.failed == [], shop.tell()


def test_a_quotation_for_a_potential_waits_for_the_customer(here: QuoteWorld) -> None:
    potential = here.crm.ask(
        "POST",
        "records/accounts",
        {"name": "Maybe Ltd", "statusId": here.label("accountStatuses", "Potential")},
    )
    order = here.quote(("W1", 1), accountId=potential["id"])
    here.hook(order)
    assert here.last().kind == "waiting", here.tell()
    assert "account" in here.last().reason
    assert here.crm_quote(order)["extId"] is None


def test_a_product_that_is_inactive_or_gone_is_named(here: QuoteWorld) -> None:
    order = here.quote(("OLD1", 1))
    here.product("OLD1", inactiveFlag=True)
    here.hook(order)
    assert (here.last().kind, here.last().rule) == ("skipped", "item"), here.tell()
    assert here.last().reason == (
        "Line 1: the product OLD1 is inactive in Sage 50: choose another one, or make it active there."
    )


def test_a_product_that_sage_does_not_know_is_waited_for(here: QuoteWorld) -> None:
    own = here.crm.ask("POST", "records/products", {"model": "Handmade", "extId": "HAND1"})
    order = here.quote({"product": "HAND1", "quantity": 1})
    here.hook(order)
    assert (here.last().kind, here.last().rule) == ("waiting", "reference"), here.tell()
    assert str(own["id"]) in here.last().reason


def test_a_customer_on_hold_gets_no_quotation(here: QuoteWorld) -> None:
    order = here.quote(("W1", 1), account="HOLD01")
    here.hook(order)
    assert here.last().reason == "The customer's account is on hold in Sage: release it there.", here.tell()
    assert here.crm_quote(order)["extId"] is None


def test_a_quotation_edited_while_sage_prices_it_is_held(
    here: QuoteWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = here.quote(("W1", 3))

    def five() -> None:
        (line,) = here.crm_lines(order)
        here.crm.ask("POST", "records/salesordersLines", {"id": line["id"], "quantity": 5})

    while_sage_prices(here, monkeypatch, order, five)
    here.hook(order)
    assert (here.last().kind, here.last().field) == ("held", "lines"), here.tell()
    assert here.last().reason.startswith("The lines were changed in Sage Sales Management while Sage 50 made")
    assert [line["quantity"] for line in here.crm_lines(order)] == [5]
    assert not here.crm_quote(order)["readOnly"]
    (line,) = here.crm_lines(order)
    here.crm.ask("POST", "records/salesordersLines", {"id": line["id"], "quantity": 3})
    here.hook(order)
    assert here.crm_quote(order)["Z_net"] == 37.5 and here.crm_quote(order)["readOnly"], here.tell()


def test_a_quotation_that_gets_a_line_while_sage_prices_it_is_held(
    here: QuoteWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = here.quote(("W1", 3))
    while_sage_prices(here, monkeypatch, order, lambda: here.line(order, "G1", 1))
    here.hook(order)
    assert (here.last().kind, here.last().field) == ("held", "lines"), here.tell()
    assert [line["price"] for line in here.crm_lines(order)] == [0, 0]
    assert not here.crm_quote(order)["readOnly"]


def test_a_line_deleted_in_the_crm_after_the_quotation_went_back_is_put_back(here: QuoteWorld) -> None:
    order, number = there_and_back(here, ("W1", 3), ("G1", 1))
    line = here.crm_lines(order)[1]
    here.crm.ask("DELETE", f"records/salesordersLines/{line['id']}")
    here.hook(order)
    assert [line["price"] for line in here.crm_lines(order)] == [12.5, 80], here.tell()
    assert len(here.sage_quote(number)["invoiceItems"]) == 2


def test_a_line_deleted_in_sage_goes_from_the_crm_too(here: QuoteWorld) -> None:
    order, number = there_and_back(here, ("W1", 3), ("G1", 1))
    lines = here.sage_quote(number)["invoiceItems"]
    here.in_sage(number, invoiceItems=lines[:1])
    here.hook(number, SAGE)
    assert here.last().kind == "updated", here.tell()
    assert [line["price"] for line in here.crm_lines(order)] == [12.5]
    row = here.crm_quote(order)
    assert (row["Z_net"], row["readOnly"]) == (37.5, True)


def test_a_status_that_the_tenant_lacks_is_named(here: QuoteWorld) -> None:
    status = here.label("salesorderStatuses", "Lost")
    _, number = there_and_back(here)
    here.in_sage(number, quoteStatus=3)
    here.crm.ask("POST", "records/salesorderStatuses", {"id": status, "descriptionEN": "Verloren"})
    here.forget()
    here.hook(number, SAGE)
    here.crm.ask("POST", "records/salesorderStatuses", {"id": status, "descriptionEN": "Lost"})
    here.forget()
    assert "“Lost”" in here.last().reason, here.tell()


def test_a_site_that_refuses_quotations_is_named_and_nothing_is_locked(here: QuoteWorld) -> None:
    here.sage.ask("POST", "options", {"refuses_quotes": True})
    before = len(here.sage_quotes())
    order = here.quote(("W1", 3))
    here.hook(order)
    here.sage.ask("POST", "options", {"refuses_quotes": False})
    assert (here.last().kind, here.last().rule) == ("held", "rejected"), here.tell()
    assert "Order type 9 is not supported" in here.last().reason
    row = here.crm_quote(order)
    assert (len(here.sage_quotes()), row["readOnly"], row["extId"]) == (before, False, None)
    here.hook(order)
    assert here.crm_quote(order)["Z_net"] == 37.5, here.tell()


def test_a_tenant_without_the_status_of_priced_quotations_is_named_and_gets_the_prices(
    here: QuoteWorld,
) -> None:
    status = here.label("salesorderStatuses", "Validated draft")
    here.crm.ask("POST", "records/salesorderStatuses", {"id": status, "descriptionEN": "Angebot"})
    here.forget()
    order = here.quote(("W1", 3))
    here.hook(order)
    here.crm.ask("POST", "records/salesorderStatuses", {"id": status, "descriptionEN": "Validated draft"})
    said = " ".join((here.last().reason, *here.last().notes))
    assert "“Validated draft”" in said, (said, here.tell())
    here.forget()
    here.hook(order)
    row = here.crm_quote(order)
    assert (row["Z_net"], row["statusId"]["value"]) == (37.5, "Validated draft"), here.tell()


def test_an_expired_quotation_won_in_the_crm_shows_sages_status_again(here: QuoteWorld) -> None:
    order, number = there_and_back(here)
    here.in_sage(number, quoteExpiry=here.clock.now().strftime("%d/%m/%Y"))
    here.wait(86_400)
    here.hook(number, SAGE)
    here.crm.ask("POST", "records/salesorders", {"id": int(order), "statusId": here.status("Won")})
    here.hook(order)
    assert here.crm_quote(order)["statusId"]["value"] == "Expired", here.tell()
    assert here.sage_quote(number)["quoteStatus"] == 1


# ---------------------------------------------------------------- status


@pytest.mark.parametrize(("status", "label"), [(2, "Won"), (3, "Lost")])
def test_what_sage_says_of_it_stands_in_the_crm(here: QuoteWorld, status: int, label: str) -> None:
    order, number = there_and_back(here)
    here.in_sage(number, quoteStatus=status)
    here.hook(number, SAGE)
    assert here.crm_quote(order)["statusId"]["value"] == label, here.tell()


def test_sages_status_wins_over_the_crms(here: QuoteWorld) -> None:
    order, number = there_and_back(here)
    here.crm.ask("POST", "records/salesorders", {"id": int(order), "statusId": here.status("Won")})
    here.hook(order)
    assert here.crm_quote(order)["statusId"]["value"] == "Validated draft", here.tell()
    assert here.sage_quote(number)["quoteStatus"] == 1


def test_an_expired_quotation_says_so_the_day_after(here: QuoteWorld) -> None:
    order, number = there_and_back(here)
    today = here.clock.now()
    here.in_sage(number, quoteExpiry=today.strftime("%d/%m/%Y"))
    here.settle()
    assert here.crm_quote(order)["statusId"]["value"] == "Validated draft", here.tell()
    here.wait(timedelta(days=1).total_seconds())
    here.settle()
    assert here.crm_quote(order)["statusId"]["value"] == "Expired", here.tell()


def test_a_quotation_that_was_deleted_in_sage_does_not_expire_there(here: QuoteWorld) -> None:
    order, number = there_and_back(here)
    here.in_sage(number, quoteExpiry=here.clock.now().strftime("%d/%m/%Y"))
    here.settle()
    here.sage.ask("POST", f"orders/{number}", {"recordDeleted": 1})
    here.wait(timedelta(days=1).total_seconds())
    here.settle()
    assert here.crm_quote(order)["statusId"]["value"] == "Validated draft", here.tell()


@pytest.mark.parametrize(
    ("whole", "line", "says"),
    [
        ({}, {"discount1": 10}, "line 1: W1 at 12.50, sales price, in place of a discount of 10 %"),
        ({}, {"discount2": 10}, "line 1: W1 at 12.50, sales price, in place of a discount of 10 %"),
        (
            {"discount1": 10, "discount4": 10},
            {},
            "the discount of 19 % on the whole quotation does not count",
        ),
    ],
)
def test_a_discount_that_a_salesperson_gives_is_named_and_taken_off(
    here: QuoteWorld, whole: dict[str, int], line: dict[str, int], says: str
) -> None:
    one = {"product": "W1", "quantity": 2, "price": 12.5, "description": "Widget", **line}
    order, number = there_and_back(here, one, **whole)
    assert here.sage_quote(number)["itemsNet"] == 25
    shown = [here.crm_quote(order), *here.crm_lines(order)]
    assert not any(row[f"discount{place}"] for row in shown for place in range(1, 5)), here.tell()
    assert any(says in note for note in here.last().notes), here.last().notes

"""The main job, told as a bookkeeper would: over real HTTP, through the real functions, for both Sugar
APIs."""

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.world import World, world


@pytest.fixture(params=["v11", "v4_1"])
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch, api=request.param) as made:
        yield made


def test_the_order_is_made_and_its_number_comes_back(here: World) -> None:
    won = here.opportunity(name='Shelving for "O\'Brien" & Sons', amount="1234.50")
    here.opportunity(name="Not yet", sales_stage="Negotiation/Review")
    here.tick()
    here.drain()
    orders = here.orders()
    assert len(orders) == 1
    assert here.shown(won)["sales_order_no_c"] == str(orders[0]["orderNumber"])
    assert here.outcome(won).kind == "created"


def test_a_second_cycle_does_nothing(here: World) -> None:
    here.opportunity()
    here.tick()
    here.drain()
    before = (here.orders(), len(here.log()))
    here.tick()
    here.drain()
    assert (here.orders(), len(here.log())) == before


def test_an_order_takes_the_customers_currency(here: World) -> None:
    euro = "c0000000-0000-4000-8000-000000000978"
    httpx.post(
        f"{here.sugar}/_admin/currencies",
        json=[
            {
                "id": euro,
                "name": "Euro",
                "iso4217": "EUR",
                "symbol": "€",
                "conversion_rate": "1.17",
                "status": "Active",
            }
        ],
    )
    here.customer(accountRef="EURO0001", name="Euro Ltd", currency=2)
    here.account(id="acc-2", name="Euro Ltd", sales_account_ref_c="EURO0001")
    pounds = here.opportunity(name="In pounds")
    euros = here.opportunity(name="In euros", account_id="acc-2", currency_id=euro)
    wrong = here.opportunity(name="Euros for a customer in pounds", currency_id=euro)
    here.tick()
    here.drain()
    assert [here.outcome(one).kind for one in (pounds, euros, wrong)] == ["created", "created", "skipped"]
    shown = {order["customerAccountRef"]: int(order["currency"]) for order in here.orders()}
    assert shown == {"SMITH001": 0, "EURO0001": 1}, "an order read back counts currencies from 0"
    assert "EUR" in here.outcome(wrong).reason and "GBP" in here.outcome(wrong).reason

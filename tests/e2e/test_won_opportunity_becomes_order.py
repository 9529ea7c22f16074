"""The main job, told as a bookkeeper would: over real HTTP, through the real functions, for both Sugar APIs."""

from collections.abc import Iterator

import pytest

from tests.e2e.world import World, world


@pytest.fixture(params=["v11", "v4_1"])
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch, api=request.param) as made:
        yield made


def test_the_order_is_made_and_its_number_comes_back(here: World) -> None:
    won = here.opportunity(name="Shelving for \"O'Brien\" & Sons", amount="1234.50")
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

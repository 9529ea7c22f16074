"""A won opportunity waits for its turn while the ledger is slow, and people go on working: the order is made
of what is true when it is made. (Seen on a real server: orders up to 57 seconds behind an edit, and one for a
lost deal.)"""

from collections.abc import Callable

import pytest

from tests.stories.orders import SAGE, SUGAR, Orders


def slow(here: Orders, seconds: float, also: Callable[[int], object] = bool) -> None:
    """From now on the ledger takes so long for each create; `also` happens while it makes the n-th."""
    made = iter(range(1, 1000))

    def on(call: str) -> None:
        if call == f"{SAGE}.create":
            here.rig.clock.advance(seconds)
            also(next(made))

    here.rig.line.on = on


def first(made: int, then: Callable[[], object]) -> None:
    """While the first of them is made."""
    if made == 1:
        then()


def hold(here: Orders) -> None:
    """The customer's account is put on hold in Sage."""
    here.rig.systems[SAGE].put("customer", "SMITH001", {"onHold": True})


def reads(here: Orders) -> int:
    """How often SugarCRM was asked for records by their ids."""
    return here.rig.line.calls.count(f"{SUGAR}.read")


def price(here: Orders, deal: str) -> str | None:
    number = here.number(deal)
    return next((price for own, _, price in here.orders() if own == number), None)


def queue(here: Orders, count: int) -> list[str]:
    """So many opportunities are won, and a poll has found them."""
    deals = [f"deal{number:02}" for number in range(count)]
    for deal in deals:
        here.win(deal)
    here.rig.poll()
    return deals


def test_c1_a_deal_that_is_lost_while_it_waits_gets_no_order() -> None:
    here = Orders()
    queue(here, 1)
    here.edit("deal00", stage="Closed Lost")
    here.rig.drain()
    assert here.orders() == []
    here.says("skipped", "Closed Lost", "while it waited", rule="where", field="sales_stage")


def test_c1_another_amount_while_it_waits_is_what_is_ordered_and_it_is_said() -> None:
    here = Orders()
    queue(here, 1)
    here.rig.clock.advance(57)
    here.edit("deal00", amount="250.00")
    here.rig.drain()
    assert price(here, "deal00") == "250.00"
    here.says("created", "100.00", "250.00", "while it waited")


@pytest.mark.parametrize("cause", ["poll", "hook"])
def test_c1_the_last_of_a_batch_is_looked_at_again_while_the_first_are_made(cause: str) -> None:
    """Two seconds a create: the tenth is made some 18 seconds after all ten were read."""
    here = Orders()
    deals = [f"deal{number}" for number in range(10)]
    for deal in deals:
        here.win(deal)

    def meanwhile(made: int) -> None:
        if made == 2:
            here.edit("deal8", amount="80.00")
            here.edit("deal9", stage="Closed Lost")

    if cause == "poll":
        here.rig.poll()
    slow(here, 2, meanwhile)
    if cause == "poll":
        here.rig.drain()
    else:
        here.hear(SUGAR, *deals)
    assert price(here, "deal8") == "80.00" and here.number("deal9") is None
    assert len(here.orders()) == 9
    here.says("skipped", "Closed Lost", of="deal9")


def test_c1_an_opportunity_deleted_while_it_waits_gets_no_order() -> None:
    here = Orders()
    queue(here, 2)
    slow(here, 12, lambda made: first(made, lambda: here.rig.systems[SUGAR].drop("Opportunities", "deal01")))
    here.rig.drain()
    assert len(here.orders()) == 1
    here.says("skipped", "no longer exists in SugarCRM", rule="deleted", of="deal01")


def test_c1_another_account_while_it_waits_gets_the_order() -> None:
    here = Orders()
    here.customer("JONES01")
    queue(here, 2)
    slow(here, 12, lambda made: first(made, lambda: here.edit("deal01", customer="JONES01")))
    here.rig.drain()
    assert [customer for _, customer, _ in here.orders()] == ["SMITH001", "JONES01"]
    here.says("created", "SMITH001", "JONES01", of="deal01")


def test_c1_a_customer_put_on_hold_while_it_waits_stops_the_order() -> None:
    """What Sage says of the customer is as old as everything else."""
    here = Orders()
    queue(here, 2)
    slow(
        here,
        12,
        lambda made: first(made, lambda: hold(here)),
    )
    here.rig.drain()
    assert len(here.orders()) == 1
    here.says("skipped", "on hold", rule="customer_not_on_hold", of="deal01")


def test_what_does_not_change_is_not_mentioned() -> None:
    here = Orders()
    queue(here, 3)
    slow(here, 6)
    here.rig.drain()
    assert [row.outcome.notes for row in here.rows()] == [(), (), ()]


@pytest.mark.parametrize(("seconds", "most"), [(0.1, 0.02), (2, 0.2)])
def test_looks_for_a_batch_of_fifty_at_the_ledgers_own_pace(seconds: float, most: float) -> None:
    here = Orders()
    deals = queue(here, 50)
    slow(here, seconds)
    before = reads(here)
    events = here.rig.world.receive("sales_order", 50)
    here.rig.handle(events)
    assert len(here.orders()) == len(deals)
    assert reads(here) - before <= most * len(deals)


def test_a_small_batch_is_looked_at_once() -> None:
    here = Orders()
    queue(here, 4)
    slow(here, 2)
    before = reads(here)
    here.rig.drain()
    assert len(here.orders()) == 4 and reads(here) - before == 1


def test_a_hook_that_was_just_read_is_not_read_twice() -> None:
    here = Orders()
    here.win("desks")
    here.hear(SUGAR, "desks")
    assert len(here.orders()) == 1 and reads(here) == 1

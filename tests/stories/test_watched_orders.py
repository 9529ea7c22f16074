"""An order is watched after it was made: whatever happens to it or to its opportunity is told, once."""

from typing import Any

import pytest

from tests.stories.orders import SAGE, SUGAR, Orders


def ordered(rules: str = "", **values: Any) -> Orders:
    """One opportunity of 100.00 has its order 101, and nothing is told yet."""
    here = Orders()
    here.new_rules(rules)
    here.win(**values)
    here.sync()
    here.forget()
    return here


def order_id(here: Orders) -> str:
    return here.id_of(SAGE, "desks")


def change_order(here: Orders, **values: Any) -> None:
    """Somebody changes the order in Sage."""
    here.rig.systems[SAGE].put("salesOrder", order_id(here), values)


def sweep(here: Orders) -> None:
    """A day goes by, then the daily sweep looks through the orders."""
    here.rig.clock.advance(86400)
    here.rig.reconcile()
    here.rig.drain()


# what people do in SugarCRM, seen by the next poll


def test_c2_another_amount_after_the_order_is_told_without_a_hook_and_once() -> None:
    here = ordered()
    here.edit(amount="150.00")
    here.sync()
    here.says("skipped", "101", "150.00", "100.00", rule="create_once", field="lines")
    here.wait(hours=30)
    assert here.log() == ["skipped"] and here.orders() == [("101", "SMITH001", "100.00")]


def test_c2_another_amount_again_is_told_again() -> None:
    here = ordered()
    here.edit(amount="150.00")
    here.sync()
    here.edit(amount="170.00")
    here.sync()
    assert here.log() == ["skipped", "skipped"]
    here.says("skipped", "170.00", "100.00")


def test_c2_the_amount_of_the_order_again_is_told_too() -> None:
    here = ordered()
    here.edit(amount="150.00")
    here.sync()
    here.edit(amount="100.00")
    here.sync()
    here.says("unchanged", "agrees again", "101", rule="create_once")


def test_c2_a_deal_that_is_lost_after_its_order_is_told() -> None:
    here = ordered()
    here.edit(stage="Closed Lost")
    here.sync()
    here.says("skipped", "101", "Closed Lost", "Closed Won", rule="create_once", field="sales_stage")


def test_another_account_after_the_order_is_told() -> None:
    here = ordered()
    here.edit(customer="JONES01")
    here.sync()
    here.says("skipped", "JONES01", "SMITH001", rule="create_once", field="customer_ref")


def test_texts_dates_and_addresses_are_told_only_where_the_flow_says_so() -> None:
    here = ordered()
    here.edit(name="Forty desks", date_closed="2026-12-24")
    here.sync()
    assert here.log() == []
    here = ordered('[sales_order.watch]\nfields = ["order_date"]')
    here.edit(date_closed="2026-12-24")
    here.sync()
    here.says("skipped", "2026-12-24", rule="create_once", field="order_date")


def test_an_opportunity_deleted_after_its_order_is_told() -> None:
    here = ordered()
    here.rig.systems[SUGAR].drop("Opportunities", "desks")
    sweep(here)
    here.says("skipped", "deleted in SugarCRM", "101", rule="deletes")
    here.wait(hours=50)
    assert here.log() == ["skipped"]


# its number


def test_c3_a_number_that_was_changed_is_put_right_and_the_other_is_in_the_log() -> None:
    here = ordered()
    here.edit(number="999999")
    here.sync()
    assert here.number() == "101"
    assert ("sugarcrm", "number", "999999") in here.lost()


def test_a_number_is_not_written_back_for_an_order_that_is_gone() -> None:
    here = ordered()
    here.rig.systems[SAGE].drop("salesOrder", order_id(here))
    here.edit(number=None)
    here.sync()
    assert here.number() is None and here.orders() == []
    here.says("held", "101", "no longer exists", rule="vanished")
    here.wait(hours=30)
    assert here.log() == ["held"]


def test_an_order_that_is_gone_is_made_again_where_the_flow_says_so() -> None:
    here = ordered('[sales_order.watch]\nvanished = "again"')
    here.rig.systems[SAGE].drop("salesOrder", order_id(here))
    here.edit(number=None)
    here.sync()
    assert here.orders() == [("102", "SMITH001", "100.00")] and here.number() == "102"
    here.says("created", "102", "101")
    here.wait(hours=30)
    assert here.log() == ["created"]


def test_an_order_is_made_again_once_its_number_is_cleared_long_after_it_went() -> None:
    here = ordered('[sales_order.watch]\nvanished = "again"')
    here.rig.systems[SAGE].drop("salesOrder", order_id(here))
    sweep(here)
    here.says("held", "101", "clear its number", rule="vanished")
    here.edit(number=None)
    here.sync()
    assert here.orders() == [("102", "SMITH001", "100.00")] and here.number() == "102"


def test_an_order_that_shows_itself_again_gets_its_number_back() -> None:
    """A restored company: held once, and right again by itself."""
    here = ordered()
    kept = dict(here.native(SAGE)[order_id(here)])
    gone = order_id(here)
    here.rig.systems[SAGE].drop("salesOrder", gone)
    here.edit(number=None)
    here.sync()
    here.rig.systems[SAGE].put("salesOrder", gone, kept)
    here.edit(date_closed="2026-12-01")
    here.hear(SUGAR, "desks")
    assert here.number() == "101" and len(here.orders()) == 1


# what people do in Sage, seen by the daily sweep


def test_another_net_total_in_sage_is_told_once() -> None:
    here = ordered()
    change_order(here, itemsNet="90.00")
    sweep(here)
    here.says("skipped", "Sage 50", "90.00", "100.00", rule="create_once", field="net")
    sweep(here)
    assert here.log() == ["skipped"]


def test_another_customer_in_sage_is_told_once() -> None:
    here = ordered()
    change_order(here, customerAccountRef="JONES01")
    sweep(here)
    sweep(here)
    assert here.log() == ["skipped"]
    here.says("skipped", "JONES01", "SMITH001", rule="create_once", field="customer_ref")


def test_c3_our_reference_changed_in_sage_is_told_once() -> None:
    here = ordered()
    change_order(here, customerOrderNumber="XX")
    for _ in range(3):
        sweep(here)
    here.says("skipped", "XX", rule="create_once", field="reference")
    assert here.log() == ["skipped"]
    change_order(here, customerOrderNumber="YY")
    sweep(here)
    here.says("skipped", "YY", rule="create_once", field="reference")


def test_an_order_with_another_reference_is_completed_and_goes_without_a_word() -> None:
    here = ordered()
    change_order(here, customerOrderNumber="XX", itemsNet="90.00")
    sweep(here)
    change_order(here, dispatchStatus=2)
    for _ in range(31):
        sweep(here)
    here.rig.systems[SAGE].drop("salesOrder", order_id(here))
    for _ in range(31):
        sweep(here)
    assert here.log() == ["skipped"]


def test_c3_an_order_deleted_in_sage_is_told_once() -> None:
    here = ordered()
    here.rig.systems[SAGE].drop("salesOrder", order_id(here))
    sweep(here)
    here.says("held", "101", "no longer exists", rule="vanished")
    sweep(here)
    assert here.log() == ["held"]


def test_a_completed_order_that_goes_is_not_told() -> None:
    here = ordered()
    change_order(here, dispatchStatus=2)
    sweep(here)
    here.rig.systems[SAGE].drop("salesOrder", order_id(here))
    here.edit(amount="5.00")
    here.sync()
    for _ in range(31):
        sweep(here)
    assert here.log() == []


def test_an_order_is_watched_no_longer_than_the_flow_says() -> None:
    here = ordered("[sales_order.watch]\ndays = 5")
    here.rig.clock.advance(6 * 86400)
    change_order(here, itemsNet="90.00")
    sweep(here)
    here.edit(amount="5.00")
    here.sync()
    assert here.log() == []


def test_more_than_twenty_gone_at_once_are_one_row() -> None:
    here = Orders()
    for number in range(25):
        here.win(f"deal{number:02}")
    here.sync()
    here.forget()
    here.rig.systems[SAGE].objects["salesOrder"].clear()
    sweep(here)
    assert here.log() == ["held"]
    here.says("held", "25", "101", rule="vanished")
    sweep(here)
    assert here.log() == ["held"]


@pytest.mark.parametrize("gone, rows", [(3, 3), (20, 1)])
def test_a_few_gone_at_once_are_a_row_each_and_all_of_them_one_question(gone: int, rows: int) -> None:
    """Three of twenty are believed one by one; all twenty are a question first."""
    here = Orders()
    for number in range(20):
        here.win(f"deal{number:02}")
    here.sync()
    here.forget()
    orders = here.rig.systems[SAGE].objects["salesOrder"]
    for order in list(orders)[:gone]:
        del orders[order]
    sweep(here)
    assert here.log() == ["held"] * rows

"""What "duplicate" copies with everything else: the order number. And the numbers that another program gave
before Tieout came, by the thousand: none of them is a row of its own, and none is ordered twice."""

from tests.stories.orders import SAGE, SUGAR, Orders


def ordered() -> Orders:
    """One opportunity of ours has its order 101, and nothing is told yet."""
    here = Orders()
    here.win("original")
    here.sync()
    here.forget()
    return here


def sage_order(here: Orders, number: str, customer: str = "SMITH001", key: str = "") -> None:
    """An order that somebody else made in Sage."""
    values = {"orderNumber": number, "customerAccountRef": customer, "customerOrderNumber": key}
    lines = [{"unitPrice": "70.00", "description": "by hand"}]
    here.rig.systems[SAGE].put("salesOrder", number, {**values, "invoiceItems": lines})


def message(here: Orders) -> str:
    """The line of the last poll."""
    return next(run.message for run in here.rig.stores.log.runs() if run.cause == "poll")


def test_a4_a_copy_with_its_originals_number_is_told_whose_number_it_is() -> None:
    here = ordered()
    here.win("copy", amount="250.00", number="101")
    here.sync()
    assert len(here.orders()) == 1
    here.says("held", "101", "Deal original", rule="copied number", field="sales_order_no_c", of="copy")


def test_a4_a_copy_is_told_by_hook_too_and_only_once() -> None:
    here = ordered()
    here.win("copy", number="101")
    here.hear(SUGAR, "copy")
    here.wait(hours=4)
    assert here.log() == ["held"]
    here.says("held", "Deal original", rule="copied number")


def test_a4_a_copy_whose_number_is_cleared_is_ordered() -> None:
    here = ordered()
    here.win("copy", amount="250.00", number="101")
    here.sync()
    here.edit("copy", number=None)
    here.sync()
    assert here.number("copy") == "102" and here.orders()[-1][2] == "250.00"


def test_a4_a_copy_is_ordered_where_the_flow_says_so_and_gets_a_number_of_its_own() -> None:
    here = ordered()
    here.live_for_hours(1)
    here.new_rules('[sales_order.watch]\nordered = "create"')
    here.win("copy", amount="250.00", number="101", date_entered=here.rig.clock.now().isoformat())
    here.sync()
    assert here.number("copy") == "102" and here.orders()[-1][2] == "250.00"
    assert here.number("original") == "101"
    here.says("created", "102", "101", "Deal original", of="copy")


def test_a_copy_entered_before_going_live_is_not_ordered_whatever_the_flow_says() -> None:
    here = ordered()
    here.live_for_hours(1)
    here.new_rules('[sales_order.watch]\nordered = "create"')
    here.win("copy", number="101", date_entered="2026-01-05 10:00:00")
    here.sync()
    assert len(here.orders()) == 1
    here.says("held", rule="copied number", of="copy")


def test_a_copy_that_is_not_won_is_none_of_our_business() -> None:
    here = ordered()
    here.win("copy", number="101", stage="Prospecting")
    here.sync()
    assert here.log() == []


def test_a_number_of_another_customers_order_is_anothers() -> None:
    here = ordered()
    sage_order(here, "5000", "JONES01")
    here.win("copy", number="5000")
    here.sync()
    here.says("held", "5000", "JONES01", rule="copied number", of="copy")


def test_numbers_that_another_program_gave_are_counted_and_no_row_each() -> None:
    here = ordered()
    for number in range(3000, 3030):
        sage_order(here, str(number), key=f"ZYNK-{number}")
        here.win(f"old{number}", number=str(number))
    here.sync()
    assert here.log() == [] and len(here.orders()) == 31
    assert "30 changed that were ordered elsewhere" in message(here)
    here.hear(SUGAR, "old3000")
    here.wait(hours=3)
    assert here.log() == [] and len(here.orders()) == 31


def test_numbers_that_no_order_has_are_never_ordered_by_themselves() -> None:
    here = ordered()
    here.new_rules('[sales_order.watch]\nordered = "create"')
    here.live_for_hours(1)
    here.win("archived", number="77", date_entered=here.rig.clock.now().isoformat())
    here.sync()
    assert here.log() == [] and len(here.orders()) == 1
    assert "1 changed with numbers that no order has" in message(here)


def test_a_number_typed_in_by_hand_ends_the_wait_for_the_customer() -> None:
    """It had a row that said it waits: so it has one that says it does not any more."""
    here = ordered()
    here.win("late", customer="NOBODY")
    here.sync()
    here.says("waiting", "NOBODY", of="late")
    sage_order(here, "5000")
    here.edit("late", number="5000", customer="SMITH001")
    here.sync()
    here.says("skipped", "5000", rule="ordered elsewhere", of="late")
    assert here.rig.stores.waits.all() == []

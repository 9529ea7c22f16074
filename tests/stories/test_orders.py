"""A won opportunity in SugarCRM becomes one sales order in Sage 50, and its number comes back.

The order is made once. Whatever SugarCRM says later is reported and never carried over; what is missing is
named, and once it is there the order is made by itself.
"""

from decimal import Decimal

from tests.stories.orders import Orders


def test_a_won_opportunity_becomes_an_order_and_shows_its_number() -> None:
    here = Orders()
    here.win(amount="100.00")
    here.sync()
    assert here.orders() == [("101", "SMITH001", "100.00")]
    assert here.number() == "101"
    assert here.log() == ["created"]
    here.says("created", "101", "SugarCRM")


def test_an_order_that_stands_is_left_alone_by_every_later_poll() -> None:
    here = Orders()
    here.win()
    here.sync()
    here.wait(hours=4)
    assert here.log() == ["created"]
    assert len(here.orders()) == 1


def test_an_opportunity_changed_after_its_order_is_drift() -> None:
    """The order in Sage may be printed and picked by now."""
    here = Orders()
    here.win(amount="100.00")
    here.sync()
    here.edit(amount="250.00")
    here.hear("sugarcrm", "desks")
    assert here.orders() == [("101", "SMITH001", "100.00")]
    assert here.log() == ["created", "skipped"]
    here.says("skipped", "101", rule="create_once", field="lines")
    (difference,) = here.rows()[-1].changes
    assert difference["agreed"][0]["unit_price"] == Decimal("100.00")
    assert difference["drift"][0]["unit_price"] == Decimal("250.00")


def test_a_number_that_somebody_clears_is_written_again() -> None:
    here = Orders()
    here.win()
    here.sync()
    here.edit(number=None)
    here.sync()
    assert here.number() == "101"
    assert len(here.orders()) == 1


def test_an_opportunity_that_is_not_won_is_none_of_our_business() -> None:
    here = Orders()
    here.edit(stage="Prospecting")
    here.hear("sugarcrm", "desks")
    assert here.orders() == []
    here.says("skipped", "Prospecting", "Closed Won", rule="where", field="sales_stage")


def test_a_rule_says_no_and_after_the_correction_the_order_is_made() -> None:
    here = Orders()
    here.win(amount="0.00")
    here.sync()
    assert here.orders() == []
    here.says("skipped", "0.00", rule="amount_positive", field="amount")
    here.edit(amount="5.00")
    here.sync()
    assert here.orders() == [("101", "SMITH001", "5.00")]
    assert here.log() == ["skipped", "created"]


def test_an_order_waits_for_its_customer_and_goes_by_itself_once_that_is_there() -> None:
    here = Orders()
    here.win(customer="JONES01")
    here.sync()
    assert here.orders() == []
    here.says("waiting", "JONES01", rule="reference")
    here.customer("JONES01")
    here.sync()
    assert here.orders() == [("101", "JONES01", "100.00")]
    assert here.log() == ["waiting", "created"]


def test_a_customer_that_never_comes_is_still_named_a_day_later() -> None:
    here = Orders()
    here.win(customer="NOBODY")
    here.sync()
    here.wait(hours=24)
    assert here.orders() == []
    assert set(here.log()) == {"waiting"}
    here.says("waiting", "NOBODY", rule="reference")


def test_two_events_of_one_opportunity_in_a_batch_are_one() -> None:
    here = Orders()
    here.win()
    here.hear("sugarcrm", "desks", "desks")
    assert len(here.orders()) == 1
    assert here.log() == ["created"]


def test_one_bad_opportunity_does_not_stop_the_others_of_its_batch() -> None:
    here = Orders()
    here.win("desks")
    here.win("chairs", amount="")
    here.win("lamps")
    here.hear("sugarcrm", "desks", "chairs", "lamps")
    assert len(here.orders()) == 2
    assert sorted(here.log()) == ["created", "created", "skipped"]


def test_a_rule_that_the_user_switches_off_lets_the_refused_order_through() -> None:
    """New rules look again at what the old ones refused, without anybody touching the record."""
    here = Orders()
    here.win(amount="0.00")
    here.sync()
    here.says("skipped", "0.00", rule="amount_positive")
    here.new_rules("[sales_order.require]\namount_positive = false")
    here.sync()
    assert here.orders() == [("101", "SMITH001", "0.00")]


def test_a_deal_below_zero_is_held_as_a_credit_note_whatever_the_rules_say() -> None:
    """A rule may be switched off; an order below zero is made by none."""
    here = Orders()
    here.win(amount="-5.00")
    here.sync()
    here.says("held", "-5.00", "credit note", rule="credit_note", field="amount")
    here.new_rules("[sales_order.require]\namount_positive = false\ncredit_note = false")
    here.sync()
    assert here.orders() == []
    here.says("held", "below zero", rule="negative_line")

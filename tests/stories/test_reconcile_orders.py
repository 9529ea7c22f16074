"""`tieout reconcile` compares every order on both sides, and says what it compared."""

from collections import Counter

from shared.operations.compare import Compared, Difference, compare
from tests.stories.orders import SAGE, SUGAR, Orders


def compared(here: Orders) -> tuple[list[Difference], Compared]:
    counts: Compared = Counter()
    return list(compare(here.rig.services(), compared=counts)), counts


def ordered(count: int = 5) -> Orders:
    here = Orders()
    for number in range(count):
        here.win(f"deal{number}")
    here.sync()
    return here


def test_orders_that_are_as_they_were_made_agree_and_are_counted() -> None:
    found, counts = compared(ordered())
    assert found == [] and counts == {("sales_order", SUGAR): 5, ("sales_order", SAGE): 5}


def test_c3_four_differences_are_four() -> None:
    here = ordered()
    orders = [here.id_of(SAGE, f"deal{number}") for number in range(5)]
    here.rig.systems[SAGE].drop("salesOrder", orders[0])
    here.rig.systems[SAGE].put("salesOrder", orders[1], {"customerOrderNumber": "XX"})
    here.edit("deal2", number="999999")
    here.edit("deal3", amount="5.00")
    found, counts = compared(here)
    said = {(one.system, one.record_id, one.field): (one.shown, one.agreed, one.reason) for one in found}
    assert said.keys() == {
        (SAGE, orders[0], ""),
        (SAGE, orders[1], "reference"),
        (SUGAR, "deal2", "number"),
        (SUGAR, "deal3", "net total"),
    }
    assert said[SUGAR, "deal3", "net total"][:2] == ("5.00", "100.00")
    assert "deleted in Sage 50" in said[SAGE, orders[0], ""][2]
    assert counts == {("sales_order", SUGAR): 5, ("sales_order", SAGE): 5}


def test_a_lost_deal_and_another_net_total_in_sage_are_differences() -> None:
    here = ordered(3)
    here.edit("deal0", stage="Closed Lost")
    here.rig.systems[SUGAR].drop("Opportunities", "deal1")
    here.rig.systems[SAGE].put("salesOrder", here.id_of(SAGE, "deal2"), {"itemsNet": "90.00"})
    found, _ = compared(here)
    assert sorted((one.system, one.field) for one in found) == [
        (SAGE, "net total"),
        (SUGAR, ""),
        (SUGAR, "sales_stage"),
    ]


def test_what_still_waits_has_no_counterpart_and_says_why() -> None:
    here = ordered(1)
    here.win("late", customer="NOBODY")
    here.sync()
    found, _ = compared(here)
    assert [one.record_id for one in found] == ["late"] and found[0].reason.startswith("waiting: ")


def test_numbers_that_no_order_has_and_copies_are_listed_and_others_are_not() -> None:
    here = ordered(1)
    lines = [{"unitPrice": "70.00", "description": "by hand"}]
    by_hand = {"orderNumber": "5000", "customerAccountRef": "SMITH001", "invoiceItems": lines}
    here.rig.systems[SAGE].put("salesOrder", "5000", by_hand)
    here.win("zynk", number="5000")
    here.win("copy", number="101")
    here.win("archived", number="77")
    found, counts = compared(here)
    reasons = {one.record_id: one.reason for one in found}
    assert reasons.keys() == {"copy", "archived"}
    assert "Deal deal0" in reasons["copy"] and "no order of that number" in reasons["archived"]
    assert counts["sales_order", SUGAR] == 4


def test_orders_are_read_in_batches() -> None:
    here = ordered(30)
    before = len(here.rig.line.calls)
    compared(here)
    calls = [call for call in here.rig.line.calls[before:] if call in (f"{SAGE}.look_over", f"{SAGE}.read")]
    assert calls == [f"{SAGE}.look_over"]

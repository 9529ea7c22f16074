"""Checks the checker: each broken engine fails a scenario made of the machines' own actions, which the real engine passes."""

from collections.abc import Callable

import pytest

from shared.errors import OutcomeUnknown, Unavailable
from tests.properties.broken import BROKEN
from tests.properties.orders import CRM, ENTITY, SAGE, customer, deal, orders_named
from tests.properties.pair import LEFT, RIGHT
from tests.properties.ports import of_system
from tests.properties.test_orders import Orders
from tests.properties.test_two_way import TwoWay

Scenario = Callable[[], None]


def both_edit() -> None:
    """Both sides of a link before anyone hears of it; one event, of the side that wins."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    right = machine.rig.links()[0].sides[RIGHT].id
    machine.story.change(LEFT, "left#1", "name")
    machine.story.change(RIGHT, right, "name")
    machine.hint(LEFT, "left#1")
    machine.teardown()


def edit_before_the_write() -> None:
    """A person saves on the other side between our read of it and our write to it."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    right = machine.rig.links()[0].sides[RIGHT].id
    machine.story.change(LEFT, "left#1", "name")
    machine.hint(LEFT, "left#1")

    def on(call: str) -> None:
        if call == f"{RIGHT}.update":
            machine.rig.line.on = lambda call: None
            machine.story.change(RIGHT, right, "name")

    machine.strike(on)
    machine.teardown()


def stale_copy() -> None:
    """The right's edit is taken over, but the left cannot be written for a while and keeps its old copy."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    right = machine.rig.links()[0].sides[RIGHT].id
    machine.story.change(RIGHT, right, "name")
    machine.hint(RIGHT, right)

    def on(call: str) -> None:
        if call == f"{LEFT}.update":
            raise OutcomeUnknown("no answer came")

    machine.strike(on)
    machine.teardown()


def edit_the_wrong_way() -> None:
    """A field that comes from the left is edited on the right: it is put back, and the edit is in the log."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    machine.story.change(LEFT, "left#1", "limit")
    machine.settle()
    right = machine.rig.links()[0].sides[RIGHT].id
    machine.story.change(RIGHT, right, "limit")
    machine.hint(RIGHT, right)
    machine.teardown()


def orders() -> Orders:
    machine = Orders()
    machine.one_won_deal()
    return machine


def answer_lost() -> None:
    machine = orders()

    def on(call: str) -> None:
        if call == f"{SAGE}.create done":
            machine.rig.line.on = lambda call: None
            raise OutcomeUnknown("no answer came")

    machine.strike(on)
    machine.teardown()


def late_commit() -> None:
    """The record is asked about again while the vendor still works on it."""
    machine = orders()
    machine.vendor_commits_late(50, False)
    machine.rig.notify(CRM, ENTITY, "d0")
    machine.rig.deliver()
    machine.teardown()


def put_off_twice() -> None:
    """The second try meets an outage before it can look: the first one's intent must survive that."""
    machine = orders()
    machine.vendor_commits_late(50, False)

    def on(call: str) -> None:
        if of_system(call, (SAGE,)):
            raise Unavailable("no way to the vendor")

    machine.strike(on)
    machine.rig.line.on = lambda call: None
    machine.teardown()


def customer_made_in_between() -> None:
    """No poll comes to the rescue: the record itself must look again after it said that it waits."""
    machine = orders()
    deal(machine.rig, "d0", **{"account.sales_account_ref_c": "LATER"})

    def on(call: str) -> None:
        if call == "waits.add":
            machine.rig.line.on = lambda call: None
            customer(machine.rig, "LATER")

    machine.strike(on)
    assert len(orders_named(machine.rig, "d0")) == 1, "S1: it waits for a customer that exists"


def later_edit() -> None:
    machine = orders()
    machine.settle()
    machine.change_the_amount(0, "250.00")
    machine.teardown()


SCENARIOS: dict[str, Scenario] = {
    "reads only the notified side": both_edit,
    "drops the version guard": edit_before_the_write,
    "creates without key and without looking": answer_lost,
    "trusts a miss before settle": late_commit,
    "compares with base instead of seen": stale_copy,
    "does not mark losers behind": edit_the_wrong_way,
    "drops the intent when put off": put_off_twice,
    "waits without a second look": customer_made_in_between,
    "changes an order that was made": later_edit,
    "keeps no losing values": both_edit,
}


def test_every_broken_engine_has_its_scenario() -> None:
    assert set(SCENARIOS) == set(BROKEN)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_real_engine_passes(name: str) -> None:
    SCENARIOS[name]()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_engine_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, step, replacement in BROKEN[name].swaps:
        monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=BROKEN[name].why):
        SCENARIOS[name]()

"""What broken engines get wrong: short stories made of the machines' own actions, which the real engine
passes."""

from collections.abc import Callable

from shared.errors import OutcomeUnknown, Unavailable
from tests.properties.orders import CRM, ENTITY, SAGE, customer, deal, orders_named
from tests.properties.pair import LEFT, RIGHT, records
from tests.properties.ports import of_system
from tests.properties.test_guards import (
    test_a_mass_deletion_asks,
    test_a_mass_edit_stops_the_poll,
    test_a_released_record_gets_no_write,
    test_an_undo_puts_back_what_nobody_touched_since,
    test_what_was_put_out_of_use_comes_back_with_its_origin,
)
from tests.properties.test_orders import Orders
from tests.properties.test_restored import Restored
from tests.properties.test_two_way import TwoWayArchive, TwoWayLossy, TwoWayWeak
from tests.properties.two_way import TwoWay

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


def echo_of_a_changed_name() -> None:
    """The vendor makes something else of the name, and tells of the record before we have its answer."""
    machine = TwoWayLossy()
    machine.story.create(LEFT)
    machine.hint(LEFT, "left#1")
    machine.echo_at_once(RIGHT)
    machine.rig.drain()
    machine.each_record_stands_once()
    machine.teardown()


def edited_and_deleted() -> None:
    """The right's copy is edited while the left's record is deleted, and the event is heard twice."""
    machine = TwoWayArchive()
    machine.one_shared_record(LEFT)
    right = machine.rig.links()[0].sides[RIGHT].id
    machine.story.change(RIGHT, right, "name")
    machine.story.delete(LEFT, "left#1")
    machine.hint(RIGHT, right)
    machine.rig.drain()
    machine.hint(RIGHT, right)
    machine.teardown()


def edited_and_not_delivered() -> None:
    """The left is edited after the right was deleted, and a poll's older sight of the right makes it look
    alive once more: the edit is taken over, and finds nobody to be brought to."""
    machine = TwoWayArchive()
    machine.one_shared_record(LEFT)
    machine.rig.poll()
    right = machine.rig.links()[0].sides[RIGHT].id
    machine.story.change(RIGHT, right, "name")
    machine.rig.poll()
    machine.story.delete(RIGHT, right)
    machine.story.change(LEFT, "left#1", "notes")
    machine.hint(LEFT, "left#1")
    machine.teardown()


def copy_deleted() -> None:
    """The copy that we made is deleted; then the original is heard of."""
    machine = TwoWay()
    machine.one_shared_record(RIGHT)
    machine.story.delete(LEFT, machine.rig.links()[0].sides[LEFT].id)
    machine.hint(RIGHT, "right#1")
    machine.teardown()


def undone() -> None:
    test_an_undo_puts_back_what_nobody_touched_since.hypothesis.inner_test(  # type: ignore[attr-defined]
        [(LEFT, "name")], [(LEFT, "name")], LEFT, False
    )


def mass_deletion() -> None:
    test_a_mass_deletion_asks(4, "archive", "poll")


def mass_deletion_unheard() -> None:
    test_a_mass_deletion_asks(4, "archive", "other side")


def mass_edit() -> None:
    test_a_mass_edit_stops_the_poll()


def deleted_and_restored() -> None:
    test_what_was_put_out_of_use_comes_back_with_its_origin()


def released() -> None:
    test_a_released_record_gets_no_write.hypothesis.inner_test([(LEFT, "name", True)])  # type: ignore[attr-defined]


def message_lost() -> None:
    """A patch is begun and put off, and nobody ever sees the message again."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    machine.story.change(LEFT, "left#1", "name")
    machine.hint(LEFT, "left#1")

    def on(call: str) -> None:
        if call == f"{RIGHT}.update":
            machine.rig.line.on = lambda call: None
            raise Unavailable("closed")

    machine.strike(on)
    machine.rig.clock.advance(600)
    machine.drop()
    machine.teardown()


def first_answer_again() -> None:
    """The answer was lost; before the create is repeated, the record was edited, and the vendor repeats its
    first answer."""
    machine = weak(LEFT, RIGHT)
    machine.story.change(LEFT, "left#1", "email")
    machine.teardown()


def nothing_but_traces() -> None:
    """The answer was lost and the original renamed: nothing but the values that were sent tells which record
    was made."""
    machine = weak(RIGHT, LEFT)
    machine.story.change(RIGHT, "right#1", "name")
    machine.teardown()


def traces_changed() -> None:
    """The answer was lost, and both records were renamed since, each to something else."""
    machine = weak(RIGHT, LEFT)
    machine.story.change(RIGHT, "right#1", "name")
    machine.story.change(LEFT, next(iter(records(machine.rig, LEFT))), "name")
    machine.teardown()


def weak(origin: str, target: str) -> TwoWayWeak:
    machine = TwoWayWeak()
    machine.hint(origin, machine.story.create(origin))

    def on(call: str) -> None:
        if call == f"{target}.create done":
            machine.rig.line.on = lambda call: None
            raise OutcomeUnknown("no answer came")

    machine.strike(on)
    return machine


def storage_lost() -> None:
    """The links are gone, the original was renamed, and its copy is heard of first."""
    machine = Restored()
    machine.one_shared_record(LEFT)
    right = machine.rig.links()[0].sides[RIGHT].id
    machine.the_stack_is_lost(0)
    machine.story.change(LEFT, "left#1", "name")
    machine.rig.clock.advance(120)
    machine.hint(RIGHT, right)
    machine.teardown()


def handed_over_once() -> None:
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    machine.story.change(LEFT, "left#1", "owner")
    machine.hint(LEFT, "left#1")
    machine.teardown()


def later_edit() -> None:
    machine = orders()
    machine.settle()
    machine.change_the_amount(0, "250.00")
    machine.teardown()

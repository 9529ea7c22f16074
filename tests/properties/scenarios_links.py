"""Stories of records that refer to each other, or are taken for each other; see `scenarios`."""

from shared.errors import Unavailable
from tests.properties.family import ACCOUNT, CONTACT, OBJECTS, put, shown
from tests.properties.pair import LEFT, RIGHT, edit, records
from tests.properties.ports import Killed
from tests.properties.test_family import Family
from tests.properties.two_way import TwoWay


def child_first() -> None:
    """A contact is heard of before its account; no sweep comes to the rescue."""
    machine = Family()
    machine.new_account(LEFT, 0, True, True)
    machine.rig.drain()
    machine.all_waits_over()
    machine.teardown()


def parent_in_between() -> None:
    """The account is linked while its contact finds that it has to wait; no sweep comes to the rescue."""
    machine = Family()
    machine.new_account(LEFT, 0, True, True)

    def on(call: str) -> None:
        if call == "waits.add":
            machine.rig.line.on = lambda call: None
            machine.rig.handle([machine.rig.event(LEFT, ACCOUNT, "left.account1")])

    machine.strike(on)
    machine.rig.drain()
    machine.all_waits_over()


def a_circle() -> None:
    """An account and its main contact refer to each other, and each is known before it is on the other side:
    one is made without its reference, which is patched in after."""
    machine = Family()
    account = machine.new(LEFT, ACCOUNT)
    contact = machine.new(LEFT, CONTACT, account=account)
    put(machine.rig, LEFT, ACCOUNT, account, main_contact=contact)
    machine.hint(LEFT, ACCOUNT, account)

    def on(call: str) -> None:
        if call == f"{RIGHT}.create":
            raise Unavailable("no way to the vendor")

    machine.strike(on)
    machine.rig.clock.advance(61)
    machine.rig.handle([machine.rig.event(LEFT, CONTACT, contact)])
    machine.teardown()


def twin_renamed() -> None:
    """Somebody is entered twice, so the second is held; then the first one turns out to have another name."""
    machine = Family()
    machine.one_of_each(LEFT)
    first, values = next(iter(shown(machine.rig, LEFT, CONTACT).items()))
    twin = machine.new(LEFT, CONTACT, account=values["account"])
    put(machine.rig, LEFT, CONTACT, twin, name=values["name"])
    machine.hint(LEFT, CONTACT, twin)
    machine.rig.drain()
    assert len(shown(machine.rig, RIGHT, CONTACT)) == 1, "S6: made again"
    put(machine.rig, LEFT, CONTACT, first, name="another")
    machine.hint(LEFT, CONTACT, first)
    machine.rig.run_on(1)
    assert len(shown(machine.rig, RIGHT, CONTACT)) == 2, "S12: still held"
    machine.teardown()


def renamed_after_a_deletion() -> None:
    """A contact is deleted on the left and renamed on the right; then the right's account names it as its
    main contact again: what the account waits for is told in the words of the contact, which must be today's.
    """
    machine = Family()
    machine.one_of_each(LEFT)
    gone, values = next(iter(shown(machine.rig, LEFT, CONTACT).items()))
    kept, _ = next(iter(shown(machine.rig, RIGHT, CONTACT).items()))
    account, _ = next(iter(shown(machine.rig, RIGHT, ACCOUNT).items()))
    machine.rig.systems[LEFT].drop(OBJECTS[LEFT][CONTACT], gone)
    machine.hint(LEFT, CONTACT, gone)
    put(
        machine.rig,
        LEFT,
        ACCOUNT,
        values["account"],
        main_contact=machine.new(LEFT, CONTACT, account=values["account"]),
    )
    machine.rig.run_on(1)
    put(machine.rig, RIGHT, CONTACT, kept, name="another")
    put(machine.rig, RIGHT, ACCOUNT, account, main_contact=kept)
    machine.teardown()


def merged_before_known() -> None:
    """A record is made, its answer is lost, and somebody merges another linked one into it before anyone
    knows whose it is."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    machine.hint(RIGHT, machine.story.create(RIGHT))

    def on(call: str) -> None:
        if call == f"{LEFT}.create done":
            machine.rig.line.on = lambda call: None
            raise Killed(call)

    machine.strike(on)
    machine.story.merge(LEFT, "left#1", "left-1")
    machine.hint(LEFT, "left#1")
    machine.rig.deliver()
    machine.teardown()


def came_back() -> None:
    """A record is deleted and entered again; its deletion is heard of once more, and then somebody restores
    it too."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    before = dict(machine.rig.systems[LEFT].objects["Accounts"]["left#1"])
    machine.rig.systems[LEFT].drop("Accounts", "left#1")
    machine.hint(LEFT, "left#1")
    machine.rig.drain()
    edit(machine.rig, LEFT, "left#2", name=before["name_c"], email=None)
    for one in ("left#2", "left#1"):
        machine.hint(LEFT, one)
        machine.rig.drain()
    assert not any(side.gone for link in machine.rig.links() for side in link.sides.values()), (
        "S6: taken for the one deleted"
    )
    machine.rig.systems[LEFT].put("Accounts", "left#1", before)
    machine.hint(LEFT, "left#1")
    machine.rig.drain()
    together = [{side.id for side in link.sides.values()} for link in machine.rig.links()]
    assert {"left#2", "right-1"} in together and {"left#1"} in together, f"S6: {together}"


def the_same_name_twice() -> None:
    """Another record of the left has the name of one that is linked."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    edit(machine.rig, LEFT, "left#2", name=records(machine.rig, LEFT)["left#1"]["name"], email=None)
    machine.hint(LEFT, "left#2")
    machine.rig.drain()
    machine.hint(LEFT, "left#1")
    machine.teardown()

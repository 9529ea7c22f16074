"""A person leaves a record out for good, and takes it up again: it survives edits, waits, outages and
deletions, and nothing is written for it in between."""

import pytest

from shared.domain.rules import Rule
from shared.operations.answers import CannotAnswer, leave_out
from shared.operations.open_records import open_records
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders
from tests.stories.world import World

MEET = '[account.fields.phone]\nconflict = "hold"'


def say(here: World, kind: str, system: str, record: str, entity: str = "") -> None:
    name = (system, entity or here.entity, here.id_of(system, record, entity))
    leave_out(here.rig.services(), name, "Ann", kind)  # type: ignore[arg-type]
    here.rig.drain()


def test_a_new_record_is_left_out_and_never_made() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    say(here, "skip", VTIGER, "smith")
    here.says("skipped", "was left out for good by Ann on", rule=Rule.LEFT_OUT)
    here.wait(hours=5)
    here.edit(VTIGER, phone="222")
    here.sync()
    here.hear(VTIGER, "smith")
    assert here.records(SAGE) == []


def test_it_is_taken_up_again_and_made() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    say(here, "skip", VTIGER, "smith")
    here.edit(VTIGER, phone="222")
    here.sync()
    say(here, "take up", VTIGER, "smith")
    here.says("created", "taken up again by Ann")
    assert here.records(SAGE) == [{"name": "Smith & Co", "phone": "222"}]


@pytest.mark.parametrize("system", [VTIGER, SAGE])
def test_a_linked_record_is_left_out_by_either_side_and_keeps_both_as_they_are(system: str) -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    say(here, "skip", system, "smith")
    here.edit(VTIGER, phone="222")
    here.sync()
    here.wait(hours=3)
    assert here.shows(SAGE)["phone"] == "111"
    assert here.shows(VTIGER)["phone"] == "222"
    say(here, "take up", VTIGER, "smith")
    assert here.shows(SAGE)["phone"] == "222"


def test_edits_of_it_cost_nothing_and_say_nothing() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    say(here, "skip", VTIGER, "smith")
    here.forget()
    for phone in ("222", "333"):
        here.edit(VTIGER, phone=phone)
        here.sync()
    here.wait(hours=3)
    assert here.log() == []


def test_a_held_record_leaves_the_to_do_list() -> None:
    here = Customers.linked_smith(MEET, name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    here.edit(SAGE, phone="333")
    here.sync()
    here.says("held", rule=Rule.CONFLICT, field="phone")
    say(here, "skip", VTIGER, "smith")
    assert open_records(here.rig.stores, ["account"]).links == ()
    say(here, "take up", SAGE, "smith")
    here.says("held", rule=Rule.CONFLICT, field="phone")
    (link,) = open_records(here.rig.stores, ["account"]).links
    assert link.held


def test_its_deletion_goes_nowhere_and_asks_nothing() -> None:
    here = Customers.linked_smith(name="Smith & Co")
    say(here, "skip", VTIGER, "smith")
    here.delete(VTIGER)
    here.wait(hours=5)
    assert here.records(SAGE) == [{"name": "Smith & Co"}]
    assert here.rig.questions() == []


def test_it_needs_no_connection() -> None:
    """While Sage is out of order, what is parked of the record goes, too."""
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.rig.stores.gate.pause(SAGE, "the password is refused")
    here.edit(VTIGER, phone="222")
    here.hear(VTIGER, "smith")
    assert here.rig.stores.parks.count() == 1
    say(here, "skip", VTIGER, "smith")
    here.says("skipped", rule=Rule.LEFT_OUT)
    assert here.rig.stores.parks.count() == 0


def test_its_twin_on_the_other_side_is_not_made_a_second_time() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co", vat_number="GB123456789")
    say(here, "skip", VTIGER, "smith")
    here.enter(SAGE, "s1", name="Smith & Co", vat_number="GB123456789")
    here.sync()
    here.wait(hours=1)
    assert len(here.records(VTIGER)) == 1
    here.says("skipped", "the same as Vtiger smith", "left out for good by Ann", rule=Rule.LEFT_OUT)


def test_an_opportunity_that_waits_is_left_out() -> None:
    """What nothing waits for any more is not woken, and no order is made."""
    here = Orders()
    here.win("chairs", customer="NEW001")
    here.sync()
    here.says("waiting", rule=Rule.REFERENCE)
    say(here, "skip", "sugarcrm", "chairs")
    here.says("skipped", rule=Rule.LEFT_OUT)
    assert here.rig.stores.waits.all() == []
    here.wait(hours=3)
    assert here.orders() == []


def test_before_going_live_it_is_kept_and_nothing_is_written() -> None:
    here = Customers()
    world = here.rig.world.integrations
    state = world.state("demo")
    world.previews_only("demo")
    here.enter(VTIGER, "smith", name="Smith & Co")
    say(here, "skip", VTIGER, "smith")
    here.says("skipped", rule=Rule.LEFT_OUT)
    say(here, "take up", VTIGER, "smith")
    here.says("skipped", rule=Rule.NOT_LIVE)
    say(here, "skip", VTIGER, "smith")
    world.change_state("demo", world.state("demo"), state)
    here.wait(hours=3)
    assert here.records(SAGE) == []


def test_what_was_said_before_is_not_said_again() -> None:
    here = Customers.linked_smith(name="Smith & Co")
    with pytest.raises(CannotAnswer, match="nobody left it out"):
        say(here, "take up", VTIGER, "smith")
    say(here, "skip", VTIGER, "smith")
    with pytest.raises(CannotAnswer, match="already"):
        say(here, "skip", SAGE, "smith")


def test_new_rules_do_not_take_it_up() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    say(here, "skip", VTIGER, "smith")
    here.edit(VTIGER, phone="222")
    here.new_rules(MEET)
    here.wait(hours=3)
    assert here.shows(SAGE)["phone"] == "111"


def test_it_says_when() -> None:
    here = Customers.linked_smith(name="Smith & Co")
    say(here, "skip", VTIGER, "smith")
    here.says("skipped", f"{here.rig.clock.now():%Y-%m-%d}")

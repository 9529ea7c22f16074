"""What keeps a mistake small: the preview, the brake, the undo, and creates that look first when links were
lost."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from shared.operations.end_recovery import end_recovery
from shared.operations.preview import preview_entity
from shared.ports import ObjectSpec, Page
from tests.properties.rig import NAME
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders


def twenty_five() -> Customers:
    here = Customers('[account]\ndeletes = "keep"')
    for number in range(25):
        here.enter(VTIGER, f"c{number:02d}", name=f"Customer {number:02d}")
    here.sync()
    here.wait(minutes=2)
    here.forget()
    return here


def test_more_changes_than_the_user_allows_stop_the_poll_and_ask() -> None:
    """Somebody's mass edit, or a list that came back wrong, looks like any other change."""
    here = twenty_five()
    known = here.rig.world.integrations
    known.save(replace(known.load(NAME), brake={"records": 5}))
    for number in range(6):
        here.edit(VTIGER, f"c{number:02d}", phone="999")
    here.sync()
    assert here.log() == []
    assert not [one for one in here.records(SAGE) if "phone" in one]
    assert "5" in known.state(NAME).braked[f"account.{VTIGER}"]
    here.rig.release(f"account.{VTIGER}")
    here.sync()
    assert here.log() == ["updated"] * 6


def test_more_deletions_than_anybody_expects_ask() -> None:
    here = twenty_five()
    for number in range(21):
        here.delete(VTIGER, f"c{number:02d}")
    here.sync()
    assert here.log() == ["held"]
    asked = here.asked(VTIGER)
    assert "21 of 25" in asked.text
    here.forget()
    here.rig.answer(gone=True)
    here.rig.drain()
    here.sync()
    assert here.log() == ["skipped"] * 21
    assert len(here.records(SAGE)) == 25


def test_a_few_deletions_are_taken_over_without_asking() -> None:
    here = twenty_five()
    for number in range(3):
        here.delete(VTIGER, f"c{number:02d}")
    here.sync()
    assert here.log() == ["skipped"] * 3


def test_an_undo_puts_back_what_a_run_changed() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="wrong 0")
    here.sync()
    (run,) = {row.run_id for row in here.rows()}
    assert [one.kind for one in here.undo(run)] == ["restored"]
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "111"


def test_an_undo_respects_what_was_edited_since() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    here.sync()
    (run,) = {row.run_id for row in here.rows()}
    here.edit(SAGE, phone="333")
    assert [one.kind for one in here.undo(run)] == ["held"]
    here.sync()
    assert here.shows(SAGE)["phone"] == "333"


def test_links_are_lost_and_no_order_is_made_twice() -> None:
    """The tables come back as they were before the order was made: every create looks first."""
    here = Orders()
    before = here.rig.world.save()
    here.win()
    here.sync()
    here.edit(number=None)
    here.rig.lose_stack(before)
    here.wait(hours=4)
    assert len(here.orders()) == 1
    assert here.number() == "101"
    assert here.rig.world.integrations.state(NAME).recovering_since is None


def test_links_are_lost_and_customers_meet_again_by_name() -> None:
    here = Customers()
    before = here.rig.world.save()
    here.enter(VTIGER, "smith", name="Smith & Co", phone="111")
    here.sync()
    here.rig.lose_stack(before)
    here.wait(hours=4)
    assert here.linked() == [{VTIGER: "smith", SAGE: f"{SAGE}-1"}]
    assert len(here.records(VTIGER)) == len(here.records(SAGE)) == 1


def while_it_reads(here: Customers, say: Callable[[], object]) -> None:
    """A person says something while a poll reads Vtiger's list of organisations."""
    vendor = here.rig.systems[VTIGER]
    read = vendor.changes

    def changes(spec: ObjectSpec, cursor: Any, page_size: int | None = None) -> Iterator[Page]:
        for page in read(spec, cursor, page_size):
            if spec.entity == "account":
                vendor.changes = read  # type: ignore[method-assign]
                say()
            yield page

    vendor.changes = changes  # type: ignore[method-assign]


def test_f8_previews_only_while_a_poll_reads_stays_so() -> None:
    """The poll that stops for the brake stores its question, and nothing else that it read before."""
    here = twenty_five()
    known = here.rig.world.integrations
    known.save(replace(known.load(NAME), brake={"records": 5}))
    for number in range(6):
        here.edit(VTIGER, f"c{number:02d}", phone="999")
    while_it_reads(here, lambda: known.previews_only(NAME))
    here.sync()
    state = known.state(NAME)
    assert not state.live, "what the poll had read before was written back: it is live again"
    assert f"account.{VTIGER}" in state.braked
    here.sync()
    assert here.log() == [] and not [one for one in here.records(SAGE) if "phone" in one]


def test_what_a_poll_had_queued_is_not_written_once_somebody_says_previews_only() -> None:
    here = twenty_five()
    here.edit(VTIGER, "c00", phone="999")
    while_it_reads(here, lambda: here.rig.world.integrations.previews_only(NAME))
    here.sync()
    assert here.log() == ["skipped"] and not [one for one in here.records(SAGE) if "phone" in one]
    state = here.rig.world.integrations.state(NAME)
    here.rig.world.integrations.change_state(NAME, state, replace(state, live=True, held_back=False))
    here.sync()
    assert here.log() == ["skipped", "updated"]


def test_a_recovery_that_starts_while_another_one_ends_goes_on() -> None:
    here = Orders()
    known = here.rig.world.integrations
    first = known.state(NAME)
    known.change_state(NAME, first, replace(first, recovering_since=here.rig.clock.now()))
    here.rig.clock.advance(3600)
    services = here.rig.services()
    read = known.state(NAME)
    again = replace(read, recovering_since=here.rig.clock.now())
    known.change_state(NAME, read, again)
    assert end_recovery(services) is None
    assert known.state(NAME) == again


def test_before_going_live_nothing_is_written() -> None:
    here = Orders()
    here.win()
    known = here.rig.world.integrations
    known.previews_only(NAME)
    here.hear("sugarcrm", "desks")
    here.sync()
    assert here.orders() == []
    here.says("skipped", "not live", rule="not live")


def test_a_preview_says_what_would_be_made_and_touches_nothing() -> None:
    here = Orders()
    here.win("desks")
    here.win("chairs", customer="NOBODY")
    found = {one.record_id: one for one in preview_entity(here.rig.services(), "sales_order")}
    assert {one: found[one].would for one in found} == {"desks": "create", "chairs": "wait"}
    assert found["desks"].writes["sage_50"]["customerAccountRef"] == "SMITH001"
    assert here.orders() == []
    assert here.log() == []

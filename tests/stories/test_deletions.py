"""A record is deleted or merged on one side. Nothing is ever deleted on the other.

The rule `deletes` says what becomes of the record that is left: keep it, put it out of use (archive), or ask
a person (hold, as shipped for customers). An edit beats a deletion under each of them.
"""

import pytest

from shared.domain.rules import Rule
from tests.stories.customers import SAGE, VTIGER, Customers, Vendor

KEEP = '[account]\ndeletes = "keep"'
DESK = {"sku": "DESK", "name": "Desk", "description": "A desk"}


def desk() -> Customers:
    """A product on both sides; products are archived by the shipped rules."""
    here = Customers()
    here.entity = "product"
    here.enter(VTIGER, "desk", **DESK, active=True)
    here.sync()
    here.wait(minutes=2)
    here.forget()
    return here


def test_deleted_here_and_kept_there() -> None:
    here = Customers.linked_smith(KEEP, name="Smith & Co")
    here.delete(VTIGER)
    here.sync()
    assert here.records(SAGE) == [{"name": "Smith & Co"}]
    here.says("skipped", "Vtiger", rule="deletes")


def test_deleted_here_and_a_person_decides_what_becomes_of_it_there() -> None:
    here = Customers.linked_smith(name="Smith & Co")
    here.delete(VTIGER)
    here.sync()
    assert here.records(SAGE) == [{"name": "Smith & Co"}]
    here.says("held", "Vtiger", rule="deletes")


def test_deleted_here_and_put_out_of_use_there() -> None:
    here = desk()
    assert here.shows(SAGE, "desk")["active"] is True
    here.delete(VTIGER, "desk")
    here.sync()
    assert [one["active"] for one in here.records(SAGE)] == [False]
    here.says("updated", "Vtiger", "Sage Accounting")


def test_deleted_here_while_its_last_edit_is_refused_there_and_put_out_of_use_all_the_same() -> None:
    """Nobody can correct an edit of a record that is gone, so it must not stand in the way of its end."""
    here = desk()
    here.enter(VTIGER, "chair", **{**DESK, "sku": "CHAIR"}, active=True)
    here.sync()
    books = here.rig.systems[SAGE]
    assert isinstance(books, Vendor)
    books.unique = {"products": "item_code"}
    here.edit(VTIGER, "desk", sku="CHAIR")
    here.sync()
    here.says("held", rule=Rule.REJECTED)
    here.delete(VTIGER, "desk")
    here.sync()
    here.says("updated", "put out of use in Sage Accounting because it was deleted in Vtiger")
    left = here.shows(SAGE, "desk")
    assert (left["sku"], left["active"]) == ("DESK", False)
    here.forget()
    here.wait(hours=30)
    assert "held" not in here.log()


def test_deleted_here_and_edited_there_and_the_edit_wins() -> None:
    """Whoever edited it wants it, so even the rule `archive` leaves it in use."""
    here = desk()
    here.delete(VTIGER, "desk")
    here.edit(SAGE, "desk", description="A standing desk")
    here.sync()
    assert [(one["description"], one["active"]) for one in here.records(SAGE)] == [("A standing desk", True)]
    here.says("held", "Vtiger", rule="deletes", field="description")


def test_deleted_on_both_sides_is_the_end_of_it() -> None:
    here = Customers.linked_smith(name="Smith & Co")
    late = here.event(VTIGER, "smith")
    here.delete(SAGE)
    here.delete(VTIGER)
    here.sync()
    here.rig.handle([late])
    here.wait(hours=4)
    assert here.records(VTIGER) == here.records(SAGE) == []


@pytest.mark.parametrize("first", [VTIGER, SAGE])
def test_deleted_and_entered_again_takes_the_place_of_the_old_one(first: str) -> None:
    """Whichever side is heard of first."""
    here = Customers.linked_smith(name="Smith & Co")
    left = here.id_of(SAGE, "smith")
    here.delete(VTIGER)
    here.enter(VTIGER, "smith2", name="Smith & Co", phone="222")
    here.hear(first, "smith2" if first == VTIGER else left)
    here.wait(hours=1)
    assert here.linked() == [{VTIGER: "smith2", SAGE: left}]
    assert here.shows(SAGE, left) == {"name": "Smith & Co", "phone": "222"}
    assert len(here.records(VTIGER)) == len(here.records(SAGE)) == 1


def test_a_record_that_is_restored_goes_on_where_it_was() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    before = dict(here.native(VTIGER)["smith"])
    here.delete(VTIGER)
    here.sync()
    here.rig.systems[VTIGER].put("Accounts", "smith", before)
    here.wait(hours=3)
    here.edit(SAGE, phone="333")
    here.wait(hours=3)
    assert here.shows(VTIGER) == {"name": "Smith & Co", "phone": "333"}


def test_a_record_that_is_restored_and_edited_goes_on_where_it_was() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    before = dict(here.native(VTIGER)["smith"])
    here.delete(VTIGER)
    here.sync()
    here.rig.systems[VTIGER].put("Accounts", "smith", before)
    here.edit(VTIGER, phone="222")
    here.sync()
    assert here.records(SAGE) == [{"name": "Smith & Co", "phone": "222"}]
    assert here.log() == ["held", "updated"]


def test_a_merge_in_vtiger_is_an_edit_and_a_deletion() -> None:
    """Vtiger does not say which record the other one went into, so a person has the last word."""
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.enter(VTIGER, "jones", name="Jones Ltd", phone="222")
    here.sync()
    here.delete(VTIGER, "jones")
    here.edit(VTIGER, "smith", phone="222")
    here.sync()
    assert here.shows(SAGE, "smith") == {"name": "Smith & Co", "phone": "222"}
    assert {"name": "Jones Ltd", "phone": "222"} in here.records(SAGE)
    assert sorted(here.log()) == ["created", "created", "held", "updated"]


def test_a_vendor_tells_of_a_merge_and_the_losers_link_goes_to_the_winner() -> None:
    """The winner had none: what it shows, its people have just chosen."""
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    counterpart = here.id_of(SAGE, "smith")
    here.enter(VTIGER, "smythe", name="Smythe & Co", phone="222")
    here.merge(VTIGER, "smith", "smythe")
    here.hear(VTIGER, "smith")
    here.wait(minutes=5)
    assert {VTIGER: "smythe", SAGE: counterpart} in here.linked()
    assert here.records(SAGE) == [{"name": "Smythe & Co", "phone": "222"}]


def test_a_vendor_tells_of_a_merge_of_two_linked_records_and_a_person_decides() -> None:
    """Each has its counterpart in Sage, and only one of them can go on with the winner."""
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.enter(VTIGER, "jones", name="Jones Ltd")
    here.sync()
    linked = here.linked()
    here.merge(VTIGER, "jones", "smith")
    here.sync()
    assert here.linked() == linked
    assert len(here.records(SAGE)) == 2
    here.says("held", "jones", "smith", rule="moved")

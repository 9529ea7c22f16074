"""A record that Tieout meets for the first time: made on the other side, or joined with what is there.

It is looked for by the rules' match keys: the ledger's reference, the VAT number, the name. Where two records
could be the one, nothing is made or joined until a person has settled it.
"""

import pytest

from tests.stories.customers import SAGE, VTIGER, Customers


@pytest.mark.parametrize(("system", "other"), [(VTIGER, SAGE), (SAGE, VTIGER)])
def test_a_new_record_is_made_on_the_other_side(system: str, other: str) -> None:
    here = Customers()
    here.enter(system, "smith", name="Smith & Co", phone="111")
    here.sync()
    assert here.records(other) == [{"name": "Smith & Co", "phone": "111"}]
    assert here.log() == ["created"]


def test_a_record_that_is_there_already_is_adopted() -> None:
    """Nothing is made; each side gives what the other lacks."""
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co", phone="111")
    here.enter(SAGE, "S1", name="Smith & Co", email="ann@smith.test")
    here.sync()
    assert here.linked() == [{VTIGER: "smith", SAGE: "S1"}]
    assert here.shows(VTIGER) == here.shows(SAGE)
    assert here.shows(SAGE) == {"name": "Smith & Co", "phone": "111", "email": "ann@smith.test"}


def test_what_both_sides_held_differently_is_settled_by_the_rule_and_kept_in_the_log() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co", phone="111")
    here.enter(SAGE, "S1", name="Smith & Co", phone="999")
    here.sync()
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "999"
    assert here.lost() == [(VTIGER, "phone", "111")]


def test_a_reference_joins_records_whatever_they_are_called() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith", reference="SMITH001")
    here.enter(SAGE, "S1", name="Smith & Sons Ltd", reference="SMITH001")
    here.sync()
    assert here.linked() == [{VTIGER: "smith", SAGE: "S1"}]


def test_two_records_of_one_name_are_held_until_a_person_renames_one() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Smith & Co")
    here.enter(SAGE, "S2", name="Smith & Co")
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.hear(VTIGER, "smith")
    assert len(here.records(SAGE)) == 2
    here.says("held", "S1", "S2", rule="match", field="name")
    here.edit(SAGE, "S2", name="Smith of Leeds")
    here.hear(SAGE, "S2")
    here.rig.drain()
    assert {VTIGER: "smith", SAGE: "S1"} in here.linked()
    assert len(here.records(SAGE)) == len(here.records(VTIGER)) == 2


def test_the_same_customer_entered_twice_is_not_made_twice() -> None:
    """The second one has the name of a record that is linked already."""
    here = Customers.linked_smith(name="Smith & Co")
    here.enter(VTIGER, "twin", name="Smith & Co")
    here.sync()
    assert here.records(SAGE) == [{"name": "Smith & Co"}]
    here.says("held", "Vtiger", rule="match", field="name")
    here.edit(VTIGER, "twin", name="Smith of Leeds")
    here.sync()
    assert here.records(SAGE) == [{"name": "Smith & Co"}, {"name": "Smith of Leeds"}]


def test_both_sides_enter_the_same_customer_before_either_is_heard_of() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.enter(SAGE, "S1", name="Smith & Co")
    here.hear(SAGE, "S1")
    here.hear(VTIGER, "smith")
    assert here.linked() == [{VTIGER: "smith", SAGE: "S1"}]
    assert len(here.records(VTIGER)) == len(here.records(SAGE)) == 1


def test_the_vendor_tells_of_the_record_that_we_are_just_making() -> None:
    """Its hook is faster than its answer, and somebody has renamed the record already: whose is it?"""

    def faster() -> None:
        here.edit(VTIGER, f"{VTIGER}-1", name="Smith of Leeds")
        here.hear(VTIGER, f"{VTIGER}-1")

    here = Customers()
    here.enter(SAGE, "S1", name="Smith & Co", phone="111")
    with here.at(f"{VTIGER}.create done", faster):
        here.hear(SAGE, "S1")
    here.wait(minutes=20)
    assert here.linked() == [{SAGE: "S1", VTIGER: f"{VTIGER}-1"}]
    assert here.records(SAGE) == [{"name": "Smith of Leeds", "phone": "111"}]

"""A customer is kept alike in Vtiger and Sage Accounting: edits go over, and edits that meet are settled by
rule.

Whatever loses is in the log before it is overwritten. The shipped rules prefer Sage's customers.
"""

import pytest

from shared.errors import OutcomeUnknown
from tests.stories.customers import SAGE, VTIGER, Customers

NEWEST = '[account.fields.phone]\nconflict = "newest"'
HOLD = '[account.fields.phone]\nconflict = "hold"'
FROM_SAGE = '[account.fields.phone]\ndirection = "from sage_accounting"'


def test_an_edit_goes_over() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    here.sync()
    assert here.shows(SAGE) == {"name": "Smith & Co", "phone": "222"}
    assert here.log() == ["updated"]
    here.says("updated", "phone", "Sage Accounting")


def test_an_edit_comes_back() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(SAGE, phone="333")
    here.sync()
    assert here.shows(VTIGER) == {"name": "Smith & Co", "phone": "333"}
    assert here.log() == ["updated"]


def test_a_cleared_field_is_an_edit_like_any_other() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone=None)
    here.sync()
    assert here.shows(SAGE) == {"name": "Smith & Co"}


def test_nothing_changed_and_nothing_is_written_or_logged() -> None:
    here = Customers.linked_smith(name="Smith & Co")
    writes = here.writes(VTIGER), here.writes(SAGE)
    here.wait(hours=4)
    assert (here.writes(VTIGER), here.writes(SAGE)) == writes
    assert here.log() == []


def test_our_own_write_is_no_news_to_the_next_poll() -> None:
    """The list shows what we wrote ourselves as changed; the poll knows it and queues nothing."""
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    here.hear(VTIGER, "smith")
    assert sum(polled.queued for polled in here.rig.poll()) == 0
    assert here.log() == ["updated"]


def test_both_sides_edit_different_fields_and_both_edits_stay() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111", email="ann@smith.test")
    here.edit(VTIGER, phone="222")
    here.edit(SAGE, email="bob@smith.test")
    here.sync()
    both = {"name": "Smith & Co", "phone": "222", "email": "bob@smith.test"}
    assert here.shows(VTIGER) == both
    assert here.shows(SAGE) == both
    assert here.lost() == []


def test_both_sides_edit_one_field_and_the_preferred_side_wins() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    here.edit(SAGE, phone="333")
    here.sync()
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "333"
    assert here.lost() == [(VTIGER, "phone", "222")]


@pytest.mark.parametrize("later", [VTIGER, SAGE])
def test_both_sides_edit_one_field_and_the_newest_wins(later: str) -> None:
    here = Customers.linked_smith(NEWEST, name="Smith & Co", phone="111")
    earlier = VTIGER if later == SAGE else SAGE
    here.edit(earlier, phone="222")
    here.rig.clock.advance(600)
    here.edit(later, phone="333")
    here.sync()
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "333"
    assert here.lost() == [(earlier, "phone", "222")]


def test_both_sides_edit_one_field_and_a_person_decides() -> None:
    """Only that field stands still; what else is edited goes on."""
    here = Customers.linked_smith(HOLD, name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222", email="ann@smith.test")
    here.edit(SAGE, phone="333")
    here.sync()
    assert (here.shows(VTIGER)["phone"], here.shows(SAGE)["phone"]) == ("222", "333")
    assert here.shows(SAGE)["email"] == "ann@smith.test"
    here.says("held", "222", "333", rule="conflict", field="phone")
    here.edit(SAGE, phone="222")
    here.sync()
    here.edit(VTIGER, phone="444")
    here.sync()
    assert here.shows(SAGE)["phone"] == "444"


def test_both_sides_enter_the_same_and_nobody_lost() -> None:
    here = Customers.linked_smith(HOLD, name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    here.edit(SAGE, phone="222")
    here.sync()
    assert here.lost() == []
    assert "held" not in here.log()


def test_a_copy_that_did_not_get_an_edit_yet_is_no_edit_itself() -> None:
    """Sage was away when Vtiger's edit came, and still shows the old number. Sage is the preferred side, but
    nobody entered that there."""
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    with here.at(f"{SAGE}.update", OutcomeUnknown("no answer came")):
        here.hear(VTIGER, "smith")
    here.edit(SAGE, email="ann@smith.test")
    here.hear(SAGE, "smith")
    assert here.shows(VTIGER) == here.shows(SAGE)
    assert here.shows(SAGE) == {"name": "Smith & Co", "phone": "222", "email": "ann@smith.test"}
    assert here.lost() == []


def test_a_person_saves_between_our_read_and_our_write() -> None:
    """Neither vendor refuses a write to a record that moved on, so it is read right before."""
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    with here.at(f"{SAGE}.read", lambda: here.edit(SAGE, phone="333")):
        here.hear(VTIGER, "smith")
    here.wait(minutes=1)
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "333"
    assert here.lost() == [(VTIGER, "phone", "222")]


def test_a_field_edited_on_the_wrong_side_is_put_back_and_the_edit_is_in_the_log() -> None:
    here = Customers.linked_smith(FROM_SAGE, name="Smith & Co")
    here.edit(SAGE, phone="111")
    here.sync()
    here.edit(VTIGER, phone="222")
    here.sync()
    assert here.shows(VTIGER)["phone"] == here.shows(SAGE)["phone"] == "111"
    assert here.lost() == [(VTIGER, "phone", "222")]


def test_a_field_that_something_keeps_changing_back_is_held() -> None:
    """A workflow in Vtiger undoes every write: after five in ten minutes a person is asked."""
    here = Customers.linked_smith(FROM_SAGE, name="Smith & Co")
    for number in range(7):
        here.edit(SAGE, phone=f"111 {number}")
        here.hear(SAGE, "smith")
        here.edit(VTIGER, phone="999")
    assert here.log()[-2:] == ["held", "held"]
    here.says("held", "Vtiger", "5", rule="flapping", field="phone")


def test_edited_rules_make_no_record_look_edited() -> None:
    """The phone stands in another field of Sage's from now on, which is blank. Nobody cleared it."""
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    moved = '[fields.phone]\npath = "main_contact_person/mobile"\nas = "phone"'
    here.new_rules({f"systems/{SAGE}/account.toml": moved})
    here.sync()
    here.edit(SAGE, email="ann@smith.test")
    here.sync()
    assert here.shows(VTIGER) == {"name": "Smith & Co", "phone": "111", "email": "ann@smith.test"}
    assert here.lost() == []


def test_the_poll_and_the_hook_tell_of_the_same_edit() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    writes = here.writes(SAGE)
    for _ in range(3):
        here.hear(VTIGER, "smith", "smith")
    here.sync()
    assert here.writes(SAGE) == writes + 1

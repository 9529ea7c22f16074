"""Records that a system no longer shows: what becomes of them once a person has answered, and of edits."""

import pytest

from shared.operations.missing import answer
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.products import Products


def test_an_open_question_is_in_the_run_and_raises_the_alarm_of_stopped_polls() -> None:
    here = Products.on_both(10)
    here.lose(VTIGER, *range(5))
    here.sync()
    (polled,) = [one for one in here.rig.poll() if one.asks]
    assert not polled.stopped and "5 missing records wait for an answer" in polled.notes


def test_a_clean_up_of_many_is_one_question_and_one_answer_and_delays_no_edit() -> None:
    """300 of 5,000 in small: 30 of 200."""
    here = Products.on_both(200)
    here.lose(VTIGER, *range(30))
    here.edit_all(VTIGER, "Edited", *range(30, 40))
    here.enter(VTIGER, "new", sku="NEW", name="New", description="New", active=True)
    here.sync()
    assert sorted(here.log()) == ["created", "held", *["updated"] * 10]
    assert "30 of 200" in here.asked(VTIGER).text
    assert all(here.in_use(SAGE)), "put out of use"
    writes, calls = here.writes(SAGE), len(here.rig.line.calls)
    here.forget()
    for _ in range(4):
        here.sync()
    assert here.log() == [] and here.writes(SAGE) == writes
    assert [one for one in here.rig.line.calls[calls:] if one.startswith("links.commit")] == []
    assert len(here.rig.answer(gone=True)) == 30
    here.rig.drain()
    here.sync()
    assert here.log() == ["updated"] * 30
    assert here.in_use(SAGE).count(False) == 30 and here.rig.questions() == []
    here.wait(hours=3)
    assert here.in_use(SAGE).count(False) == 30
    assert here.rig.world.integrations.state("demo").missing == ()


def test_some_are_let_go_and_the_others_are_not_gone() -> None:
    here = Products.on_both(20)
    lost = here.lose(VTIGER, *range(8))
    here.sync()
    assert here.rig.answer(gone=True, only={"p0000", "p0001"}) == ["p0000", "p0001"]
    assert len(here.rig.answer(gone=False)) == 6
    here.forget()
    here.wait(hours=3)
    assert here.in_use(SAGE).count(False) == 2
    assert here.log() == ["updated"] * 2 and not [one for one in here.rig.questions() if one.records]
    assert len(here.linked()) == 20
    here.bring_back(VTIGER, {one: lost[one] for one in lost if one > "p0001"})
    here.edit(VTIGER, "p0005", description="Here again")
    here.sync()
    assert here.shows(SAGE, "p0005")["description"] == "Here again"
    assert here.rig.questions() == []


def test_one_that_was_not_gone_and_shows_again_may_be_deleted_later() -> None:
    here = Products.on_both(20)
    lost = here.lose(VTIGER, *range(5))
    here.sync()
    here.rig.answer(gone=False)
    here.bring_back(VTIGER, lost)
    here.wait(hours=1)
    here.lose(VTIGER, 2)
    here.sync()
    assert here.in_use(SAGE).count(False) == 1


def test_an_edit_of_a_counterpart_waits_and_goes_on_its_way_when_the_record_shows_again() -> None:
    here = Products.on_both(10)
    lost = here.lose(SAGE, *range(6))
    here.sync()
    here.edit(VTIGER, "p0002", description="Edited meanwhile")
    here.sync()
    here.says("held", "Sage Accounting no longer shows", rule="missing")
    here.bring_back(SAGE, lost)
    here.wait(hours=1)
    assert here.shows(SAGE, "p0002")["description"] == "Edited meanwhile"


def test_an_edit_after_the_answer_that_it_is_not_gone_says_so() -> None:
    here = Products.on_both(10)
    lost = here.lose(SAGE, *range(6))
    here.sync()
    here.rig.answer(gone=False)
    here.sync()
    here.edit(VTIGER, "p0002", description="Edited")
    here.sync()
    here.says("held", "which you said is not gone", rule="missing")
    here.bring_back(SAGE, lost)
    here.sync()
    here.wait(hours=1)
    assert here.shows(SAGE, "p0002")["description"] == "Edited"


def test_an_edit_of_a_counterpart_beats_the_answer_that_it_is_gone() -> None:
    here = Products.on_both(10)
    here.lose(SAGE, *range(6))
    here.sync()
    here.edit(VTIGER, "p0002", description="Edited meanwhile")
    here.sync()
    here.rig.answer(gone=True)
    here.sync()
    assert here.in_use(VTIGER).count(False) == 5
    assert here.shows(VTIGER, "p0002")["active"] is True
    here.says("held", "description", rule="deletes", of=here.id_of(SAGE, "p0002"))


def test_what_a_person_took_out_of_use_stays_out_of_use_when_the_other_is_restored() -> None:
    here = Products.on_both(10)
    here.edit(VTIGER, "p0004", active=False)
    here.sync()
    lost = here.lose(SAGE, 4)
    here.sync()
    here.bring_back(SAGE, lost)
    here.wait(hours=1)
    assert here.in_use(VTIGER).count(False) == 1 and here.in_use(SAGE).count(False) == 1


def test_an_undo_puts_back_into_use_and_the_deletion_is_not_believed_again() -> None:
    here = Products.on_both(10)
    here.lose(SAGE, 4)
    here.sync()
    (run,) = {row.run_id for row in here.rows() if row.outcome.kind == "updated"}
    assert [one.kind for one in here.undo(run)] == ["restored"]
    assert all(here.in_use(VTIGER))
    here.wait(hours=5)
    assert all(here.in_use(VTIGER))


@pytest.mark.parametrize("side", [VTIGER, SAGE])
def test_customers_are_asked_about_too_though_nothing_would_be_written(side: str) -> None:
    here = Customers()
    for number in range(10):
        here.enter(VTIGER, f"c{number}", name=f"Customer {number}")
    here.sync()
    here.wait(minutes=2)
    here.forget()
    for number in range(5):
        here.delete(side, f"c{number}")
    here.sync()
    assert here.log() == ["held"]
    here.says("held", "5 of 10 account records", rule="missing")


def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    """It showed itself again while a person was looking at the question."""
    here = Products.on_both(10)
    lost = here.lose(VTIGER, *range(5))
    here.sync()
    services = here.rig.services()
    (asked,) = here.rig.questions()
    here.bring_back(VTIGER, lost)
    here.sync()
    assert answer(services, asked, gone=True) == []
    here.sync()
    assert all(here.in_use(SAGE))

"""Records that a system no longer shows: a few are believed to be deleted, of many a person is asked.

Whatever the way in which it is learned: a list, the sweep, a hook, or a record that is not found while
another is worked on. Until it is answered none of it happened, and everything else goes on.
"""

from collections.abc import Callable
from typing import Any

import pytest

from shared.operations.missing import answer
from shared.ports import Capabilities
from tests.properties.ports import Killed
from tests.stories.customers import SAGE, VTIGER, Customers

BLIND = {SAGE: Capabilities(idempotent_create=True, idempotent_seconds=6 * 86400)}
"""A ledger that never says what was deleted: only the sweep finds it, or who asks for the record."""


class Products(Customers):
    """Products are put out of use where their counterpart was deleted."""

    entity = "product"

    @classmethod
    def on_both(cls, count: int, able: Any = None) -> "Products":
        here = cls(able=able)
        for number in range(count):
            name = f"p{number:04d}"
            here.enter(VTIGER, name, sku=name.upper(), name=f"Product {number}", description="D", active=True)
        here.sync()
        here.wait(minutes=2)
        assert len(here.linked()) == count
        here.forget()
        return here

    def name(self, number: int) -> str:
        return f"p{number:04d}"

    def lose(self, system: str, *numbers: int) -> dict[str, dict[str, Any]]:
        """Deleted there, or hidden, or an outage that looks like it. Returns what would bring them back."""
        ids = [self.id_of(system, self.name(number)) for number in numbers]
        before = {one: dict(self.native(system)[one]) for one in ids}
        for one in ids:
            self.rig.systems[system].drop(self._map(system).spec.object, one)
        return before

    def bring_back(self, system: str, lost: dict[str, dict[str, Any]]) -> None:
        vendor, name = self.rig.systems[system], self._map(system).spec.object
        for one, values in lost.items():
            vendor.put(name, one, values)
            vendor.dropped.discard((name, one))

    def in_use(self, system: str) -> list[bool]:
        return [bool(one["active"]) for one in self.records(system)]

    def edit_all(self, system: str, text: str, *numbers: int) -> None:
        for number in numbers:
            self.edit(system, self.name(number), description=text)


def test_c4_every_list_is_empty_and_no_record_is_found() -> None:
    """Sage answers 200 with nothing, and 404 for each. A quarter of an hour later it is well again."""
    here = Products.on_both(15, BLIND)
    before, counterparts = here.linked(), here.records(VTIGER)
    lost = here.lose(SAGE, *range(15))
    swept = here.rig.reconcile()
    assert swept is not None and "came back empty although 15 product records are linked" in swept.stopped
    here.rig.drain()
    here.wait(hours=2)
    assert all(here.in_use(VTIGER))
    assert here.log() == ["held"]
    here.says("held", "15 of 15 product records", "Sage Accounting", "Product 0", "10 more", rule="missing")
    here.bring_back(SAGE, lost)
    here.wait(hours=1)
    assert here.rig.questions() == []
    assert (here.linked(), here.records(VTIGER)) == (before, counterparts)
    assert here.rig.world.integrations.state("demo").missing == ()
    here.edit(VTIGER, "p0003", description="Edited")
    here.sync()
    assert here.shows(SAGE, "p0003")["description"] == "Edited"


def hooks(here: Products, system: str, numbers: range) -> None:
    for number in numbers:
        here.rig.handle([here.event(system, here.name(number))])


def polls(here: Products, system: str, numbers: range) -> None:
    here.sync()


def sweeps(here: Products, system: str, numbers: range) -> None:
    here.rig.reconcile()
    here.rig.drain()


def other_side(here: Products, system: str, numbers: range) -> None:
    """Each is worked on for its counterpart's sake, and not found."""
    hooks(here, SAGE if system == VTIGER else VTIGER, numbers)


WAYS: list[Callable[[Products, str, range], None]] = [hooks, polls, sweeps, other_side]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("system", [VTIGER, SAGE])
def test_c4_however_it_is_learned(way: Callable[[Products, str, range], None], system: str) -> None:
    here = Products.on_both(10, BLIND if way in (sweeps, other_side) else None)
    here.lose(system, *range(6))
    way(here, system, range(6))
    here.wait(hours=1)
    assert all(here.in_use(SAGE)) and all(here.in_use(VTIGER))
    assert len(here.asked(system).records) == 6 and "6 of 10" in here.asked(system).text
    assert not any(side.gone for link in here.rig.links() for side in link.sides.values())


def test_records_that_are_not_found_while_others_are_worked_on_count_too() -> None:
    here = Products.on_both(10, BLIND)
    here.lose(SAGE, *range(6))
    other_side(here, SAGE, range(6))
    here.wait(minutes=10)
    assert all(here.in_use(VTIGER)), "put out of use"


def test_edits_of_what_is_not_found_count_it_and_are_told_because_they_wait() -> None:
    here = Products.on_both(10, BLIND)
    here.lose(SAGE, *range(6))
    here.edit_all(VTIGER, "Edited", *range(6))
    here.sync()
    assert all(here.in_use(VTIGER))
    assert here.log() == ["held"] * 7
    here.says("held", "Vtiger", "once it shows again", rule="missing", of=here.id_of(VTIGER, "p0003"))


@pytest.mark.parametrize(
    ("count", "lost", "believed"),
    [(2, 2, True), (3, 2, True), (3, 3, False), (4, 3, True), (4, 4, False), (60, 4, False), (80, 4, True)],
)
@pytest.mark.parametrize("singly", [True, False])
def test_how_many_are_too_many(count: int, lost: int, believed: bool, singly: bool) -> None:
    """More than three and more than a twentieth, or all of three and more; within a day, however spread."""
    here = Products.on_both(count)
    for number in range(lost):
        here.lose(VTIGER, number)
        if singly:
            here.sync(minutes=60)
    here.sync()
    here.wait(minutes=10)
    assert here.in_use(SAGE).count(False) == (lost if believed else 0)
    assert bool(here.rig.questions()) is not believed


def test_a_few_a_day_are_work_and_no_question() -> None:
    here = Products.on_both(20)
    for day in range(4):
        here.lose(VTIGER, 2 * day, 2 * day + 1)
        here.sync()
        here.wait(minutes=24 * 60)
    assert here.in_use(SAGE).count(False) == 8
    assert here.rig.questions() == [] and "missing" not in {row.outcome.rule for row in here.rows()}


def test_those_that_were_believed_before_the_line_was_crossed_are_taken_back() -> None:
    here = Products.on_both(20)
    for number in range(3):
        here.lose(VTIGER, number)
        here.sync()
    assert here.in_use(SAGE).count(False) == 3
    here.lose(VTIGER, 3)
    here.sync()
    here.wait(minutes=10)
    assert all(here.in_use(SAGE))
    assert [one.id for one in here.asked(VTIGER).records] == [here.name(number) for number in range(4)]
    here.says("updated", "taken back into use in Sage Accounting", rule="missing")


@pytest.mark.parametrize(
    "call", ["missing.note", "missing.note done", "missing.listed", "missing.listed done"]
)
def test_two_workers_at_once_do_not_believe_more_than_one_would(call: str) -> None:
    """The second does all of its work at one moment of the first one's."""
    here = Products.on_both(20)
    here.lose(VTIGER, *range(4))
    first, second = ([here.event(VTIGER, here.name(number)) for number in half] for half in ((0, 1), (2, 3)))
    with here.at(call, lambda: here.rig.handle(second)):
        here.rig.handle(first)
    here.wait(minutes=10)
    assert all(here.in_use(SAGE))
    assert len(here.asked(VTIGER).records) == 4


def test_a_worker_that_dies_after_it_has_noted_loses_nothing() -> None:
    here = Products.on_both(20)
    here.lose(VTIGER, *range(4))
    events = [here.event(VTIGER, here.name(number)) for number in range(4)]
    with here.at("missing.settle done", Killed("missing.settle done")):
        here.rig.handle(events)
    here.wait(minutes=30)
    assert all(here.in_use(SAGE))
    assert len(here.asked(VTIGER).records) == 4


def test_what_is_there_costs_nothing() -> None:
    here = Products.on_both(20)
    calls = len(here.rig.line.calls)
    here.edit_all(VTIGER, "Edited", *range(20))
    here.sync()
    assert not [one for one in here.rig.line.calls[calls:] if one.startswith("missing.")]


def test_an_open_question_is_in_the_run_and_raises_the_alarm_of_stopped_polls() -> None:
    here = Products.on_both(10)
    here.lose(VTIGER, *range(5))
    here.sync()
    (polled,) = [one for one in here.rig.poll() if one.asks]
    assert not polled.stopped and "5 missing records wait for an answer" in polled.notes


def test_a_worker_that_believed_while_the_other_asked_is_put_right() -> None:
    here = Products.on_both(20)
    here.lose(VTIGER, *range(4))
    first, second = ([here.event(VTIGER, here.name(number)) for number in half] for half in ((0, 1), (2, 3)))
    with here.at(f"{SAGE}.update", lambda: here.rig.handle(second)):
        here.rig.handle(first)
    here.wait(minutes=10)
    assert all(here.in_use(SAGE))
    assert len(here.asked(VTIGER).records) == 4


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


def test_c4_and_what_was_deleted_comes_back_into_use_when_it_is_restored() -> None:
    here = Products.on_both(10)
    lost = here.lose(SAGE, 4)
    here.sync()
    assert here.in_use(VTIGER).count(False) == 1
    here.bring_back(SAGE, lost)
    here.sync()
    assert all(here.in_use(VTIGER))
    here.says("updated", "taken back into use in Vtiger", "there again in Sage Accounting")
    here.wait(hours=3)
    assert all(here.in_use(VTIGER))


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

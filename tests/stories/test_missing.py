"""Records that a system no longer shows: a few are believed to be deleted, of many a person is asked.

Whatever the way in which it is learned: a list, the sweep, a hook, or a record that is not found while
another is worked on. Until it is answered none of it happened, and everything else goes on.
"""

from collections.abc import Callable

import pytest

from shared.ports import Capabilities
from tests.properties.ports import Killed
from tests.stories.customers import SAGE, VTIGER
from tests.stories.products import Products

BLIND = {SAGE: Capabilities(idempotent_create=True, idempotent_seconds=6 * 86400)}
"""A ledger that never says what was deleted: only the sweep finds it, or who asks for the record."""


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


def test_a_worker_that_believed_while_the_other_asked_is_put_right() -> None:
    here = Products.on_both(20)
    here.lose(VTIGER, *range(4))
    first, second = ([here.event(VTIGER, here.name(number)) for number in half] for half in ((0, 1), (2, 3)))
    with here.at(f"{SAGE}.update", lambda: here.rig.handle(second)):
        here.rig.handle(first)
    here.wait(minutes=10)
    assert all(here.in_use(SAGE))
    assert len(here.asked(VTIGER).records) == 4


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

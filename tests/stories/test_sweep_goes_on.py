"""A list that is too long for one invocation is swept in as many as it takes: nothing is queued twice, asked
for twice or left out, whatever cuts the work off."""

from dataclasses import replace
from functools import partial

from shared.domain.run_ids import new_run_id
from shared.errors import Unavailable
from shared.operations import sweep_place
from shared.operations.poll_tasks import PollTask
from shared.operations.reconcile import one_list
from shared.operations.sweep_one import Part
from tests.properties.ports import Killed
from tests.properties.rig import NAME
from tests.stories.customers import SAGE
from tests.stories.test_missing import BLIND, Products

NO_TIME = 80.0
"""Seconds: less than a sweep keeps in reserve, so that each invocation reads one page."""


def long_list() -> Products:
    """23 products on both sides in pages of five. In Sage four were edited, two deleted and one is new, and
    nobody was told."""
    here = Products.on_both(23, able=BLIND)
    ledger = here.rig.systems[SAGE]
    ledger.changes = partial(ledger.changes, page_size=5)  # type: ignore[method-assign]
    here.edit_all(SAGE, "edited", 1, 8, 15, 22)
    here.lose(SAGE, 3, 17)
    here.enter(SAGE, "p9999", sku="P9999", name="New", description="D", active=True)
    here.rig.line.calls.clear()
    return here


def invocation(here: Products, seconds: float = NO_TIME) -> Part:
    now = here.rig.clock.now()
    task = PollTask(NAME, "product", SAGE, "reconcile", new_run_id(now))
    services = here.rig.services(seconds)
    try:
        return one_list(services, task, sweep_place.load(services, task)[0])
    except Killed:
        here.rig.line.dead = False
        return Part(done=False)
    finally:
        services.close()


def to_the_end(here: Products, seconds: float = NO_TIME) -> list[Part]:
    parts = [invocation(here, seconds)]
    while not parts[-1].done:
        parts.append(invocation(here, seconds))
        assert len(parts) < 40
    return parts


def last_round(here: Products, task: PollTask) -> str:
    return sweep_place.load(here.rig.services(), task)[0].round


def queued(here: Products) -> list[str]:
    """Labels of what is on the queue, in order."""
    return sorted(one.record_id for one in here.rig.world.receive("product", 1000))


def wanted() -> list[str]:
    here = long_list()
    assert to_the_end(here, 900.0) == [Part(queued=5, gone=2)]
    return queued(here)


def test_every_page_is_read_once_and_all_is_found() -> None:
    here = long_list()
    parts = to_the_end(here)
    assert [part.done for part in parts] == [*[False] * 7, True], (
        "a page each, then what no page named, one by one"
    )
    assert queued(here) == wanted()
    lists = [one for one in here.rig.line.calls if one == f"{SAGE}.changes"]
    assert len(lists) == 5


def test_the_edits_of_all_parts_are_one_number_for_the_brake() -> None:
    here = long_list()
    integrations = here.rig.world.integrations
    integrations.save(replace(integrations.load(NAME), brake={"records": 3}))
    parts = to_the_end(here)
    assert "more than 3 product records" in parts[-1].stopped
    assert not {here.id_of(SAGE, here.name(number)) for number in (1, 8, 15, 22)} & set(queued(here))


def test_a_killed_worker_costs_one_part() -> None:
    for call in ("cursors.save", "cursors.save done", "queue.send done", "sweeps.put done"):
        here = long_list()
        with here.at(call, Killed()):
            to_the_end(here)
        assert sorted(set(queued(here))) == wanted(), call


def test_an_outage_keeps_the_place() -> None:
    here = long_list()
    assert not invocation(here).done
    with here.at(f"{SAGE}.changes", Unavailable("Sage does not answer")):
        met = invocation(here)
    assert met.again and met.stopped == "Sage does not answer"
    to_the_end(here)
    assert queued(here) == wanted()


def test_a_round_whose_parts_have_vanished_begins_anew() -> None:
    here = long_list()
    assert not invocation(here).done
    task = PollTask(NAME, "product", SAGE, "reconcile", "")
    place, _ = sweep_place.load(here.rig.services(), task)
    sweep_place.keep(here.rig.services(), task, replace(place, parts=["gone"]), set(), set(), [])
    to_the_end(here)
    assert sorted(set(queued(here))) == wanted()


def test_when_a_list_last_came_round_is_known() -> None:
    here = long_list()
    task = PollTask(NAME, "product", SAGE, "reconcile", "")
    assert last_round(here, task) == ""
    to_the_end(here)
    first = last_round(here, task)
    here.rig.clock.advance(86400)
    assert not invocation(here).done, "a new round begins at the start"
    assert last_round(here, task) == first, "that of the last whole one"


def test_a_round_is_one_run_that_ends_and_adds_up() -> None:
    here = long_list()
    before = {run.run_id for run in here.rig.stores.log.runs(limit=200)}
    assert not invocation(here).done
    [run] = [one for one in here.rig.stores.log.runs(limit=200) if one.run_id not in before]
    assert (run.state, run.finished_at) == ("running", None) and "the rest follows" in run.message
    to_the_end(here)
    [run] = [one for one in here.rig.stores.log.runs(limit=200) if one.run_id not in before]
    assert run.state == "done" and run.finished_at is not None
    assert run.message == "queued 5 changed; 2 found deleted"


def test_what_belongs_to_no_list_keeps_a_run_of_its_own() -> None:
    here = long_list()
    before = {run.run_id for run in here.rig.stores.log.runs(limit=200)}
    here.rig.reconcile()
    runs = [run for run in here.rig.stores.log.runs(limit=200) if run.run_id not in before]
    assert ("reconcile", "", "") in {(run.cause, run.entity, run.system) for run in runs}

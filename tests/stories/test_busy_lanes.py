"""A lane that another function of ours holds is no outage: the record or the list waits, the gate stays open,
and nobody hears an alarm."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.errors import Busy, LaneTaken, SyncError, Unavailable
from shared.ports import GateState, Run
from shared.sync.engine import faults
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import SAGE as SAGE_50
from tests.stories.orders import SUGAR, Orders

TAKEN = "another function is using searchsalesledger of Sage 50, which takes one call at a time"
BUSY = [LaneTaken(TAKEN), Busy(TAKEN)]


def busy(here: Orders | Customers, calls: str, fault: SyncError) -> None:
    def on(call: str) -> None:
        if call == calls:
            raise fault

    here.rig.line.on = on


def runs(here: Orders | Customers) -> list[Run]:
    return here.rig.stores.log.runs()


def gate(here: Orders | Customers, system: str) -> GateState:
    return here.rig.stores.gate.read([system])[system]


@pytest.mark.parametrize("fault", BUSY, ids=["our lane", "theirs"])
def test_m4_the_ledger_is_busy_while_a_customer_is_waited_for_and_the_list_is_read_all_the_same(
    fault: SyncError,
) -> None:
    here = Orders()
    here.win(customer="JONES001")
    here.sync()
    here.says("waiting", "JONES001")
    here.win("chairs")
    busy(here, f"{SAGE_50}.find", fault)
    here.rig.clock.advance(900)
    polled = here.rig.poll()
    assert [(one.stopped, one.queued) for one in polled if not one.copies] == [("", 1)]
    assert f"what is waited for is looked up by the next poll: {TAKEN}" in runs(here)[0].message
    assert runs(here)[0].state == "done" and gate(here, SAGE_50) == GateState()
    here.rig.line.on = lambda call: None
    here.customer("JONES001")
    here.sync()
    here.wait(minutes=2)
    assert sorted(customer for _, customer, _ in here.orders()) == ["JONES001", "SMITH001"]


@pytest.mark.parametrize("fault", BUSY, ids=["our lane", "theirs"])
@pytest.mark.parametrize("system", [VTIGER, SAGE])
def test_a_list_whose_lane_is_taken_is_read_by_the_next_poll(system: str, fault: SyncError) -> None:
    here = Customers()
    here.enter(system, "smith", name="Smith & Co")
    busy(here, f"{system}.changes", fault)
    here.sync()
    assert gate(here, system) == GateState() and not [run for run in runs(here) if run.state != "done"]
    assert [
        run for run in runs(here) if f"not read this time, the next poll reads it: {TAKEN}" in run.message
    ]
    here.rig.line.on = lambda call: None
    here.sync()
    assert here.log() == ["created"]


def test_a_record_whose_lane_is_taken_goes_a_little_later() -> None:
    here = Orders()
    here.win()
    with here.at(f"{SAGE_50}.create", LaneTaken(TAKEN)):
        here.hear(SUGAR, "desks")
    assert gate(here, SAGE_50) == GateState() and here.orders() == []
    here.wait(minutes=1)
    assert len(here.orders()) == 1


def test_the_sweep_comes_back_to_a_list_whose_lane_is_taken() -> None:
    here = Customers.linked_smith()
    here.edit(VTIGER, "smith", phone="999")
    with here.at(f"{VTIGER}.changes", LaneTaken(TAKEN)):
        swept = here.rig.reconcile()
    assert swept is not None and (swept.stopped, swept.queued, swept.put_off) == ("", 1, [])
    busy(here, f"{VTIGER}.changes", LaneTaken(TAKEN))
    swept = here.rig.reconcile()
    assert swept is not None and swept.stopped == "" and gate(here, VTIGER) == GateState()
    assert (
        f"account records of Vtiger not looked through this time, the next sweep does it: {TAKEN}"
        in swept.note
    )


def test_an_outage_met_in_the_same_place_still_closes_the_gate() -> None:
    here = Orders()
    here.win(customer="JONES001")
    here.sync()
    busy(here, f"{SAGE_50}.find", Unavailable("no way to Sage"))
    here.sync()
    assert gate(here, SAGE_50).state == "cooling" and runs(here)[0].state == "stopped"


STORIES: list[Callable[[], None]] = [
    lambda: test_m4_the_ledger_is_busy_while_a_customer_is_waited_for_and_the_list_is_read_all_the_same(
        BUSY[0]
    ),
    lambda: test_a_list_whose_lane_is_taken_is_read_by_the_next_poll(SAGE, BUSY[0]),
]


@pytest.fixture
def takes_a_lane_for_an_outage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """As it was: whatever stopped a poll closed the gate."""
    from shared.operations import poll

    monkeypatch.setattr(poll, "in_passing", lambda fault: False)
    monkeypatch.setattr(faults, "_OF_THE_CONNECTION", SyncError)
    yield


@pytest.mark.usefixtures("takes_a_lane_for_an_outage")
@pytest.mark.parametrize("story", STORIES)
def test_these_stories_fail_where_a_lane_is_taken_for_an_outage(story: Callable[[], None]) -> None:
    with pytest.raises(AssertionError):
        story()

"""An order survives a death at any step: exactly one Sage order, the right number written back, one outcome,
then quiet.

The steps are found by a recording run, never written out: every port call of the systems and of the stores,
before it and after its effect. At each the handler dies, the network dies for a while, or the whole local
stack dies and comes back with what it had saved, at each earlier save in turn.
"""

from collections.abc import Callable
from typing import Any

import pytest

from shared.domain.keys import link_id
from shared.errors import OutcomeUnknown, Unavailable
from tests.properties.orders import CRM, ENTITY, SAGE, deal, deals, order_rig, orders_named
from tests.properties.ports import Killed, Late, of_system, writes_to_system
from tests.properties.rig import NAME, Rig

SYSTEMS = (CRM, SAGE)
ONE, THREE = ("o1",), ("o1", "o2", "o3")
JUST_UNDER_SETTLE = 59.0


def begun(ids: tuple[str, ...]) -> Rig:
    """Won opportunities, found by a poll and on the queue."""
    rig = order_rig()
    for record_id in ids:
        deal(rig, record_id)
    rig.poll()
    rig.line.calls.clear()
    return rig


def recorded(ids: tuple[str, ...]) -> list[str]:
    rig = begun(ids)
    assert rig.deliver()
    assert all(deals(rig)[one]["sales_order_no_c"] for one in ids), "the recording run itself must succeed"
    return list(rig.line.calls)


STEPS = {1: recorded(ONE), 3: recorded(THREE)}
EACH = [pytest.param(number, id=f"{number:02d} {call}") for number, call in enumerate(STEPS[1])]
EACH_OF_THREE = [pytest.param(number, id=f"{number:02d} {call}") for number, call in enumerate(STEPS[3])]
CREATES = [number for number, call in enumerate(STEPS[1]) if call == f"{SAGE}.create"]
VENDOR = [one for one, call in zip(EACH, STEPS[1], strict=True) if of_system(call, SYSTEMS)]


def at(rig: Rig, number: int, action: Callable[[str], None]) -> None:
    """`action` at the numbered step from here on, once."""
    first = len(rig.line.calls)

    def on(call: str) -> None:
        if len(rig.line.calls) - first - 1 == number:
            action(call)

    rig.line.on = on


def die(call: str) -> None:
    raise Killed(call)


def tied_out(rig: Rig, ids: tuple[str, ...]) -> None:
    """The promise. Called once everything had time to run on."""
    for record_id in ids:
        made = orders_named(rig, record_id)
        assert len(made) == 1, f"{record_id} has {len(made)} Sage orders"
        assert deals(rig)[record_id]["sales_order_no_c"] == made[0]["orderNumber"]
    links = rig.links()
    assert {link.link_id for link in links} == {link_id(NAME, ENTITY, CRM, record_id) for record_id in ids}
    for link in links:
        assert link.origin_id in ids
        assert link.outcome is not None and link.outcome.kind in ("created", "unchanged"), link.outcome
        assert not link.pending and rig.stores.links.load([link.link_id])[link.link_id].lease is None
    assert rig.quiet() and not rig.dead_letters
    still(rig)


def still(rig: Rig) -> None:
    """A further poll and reconcile change nothing."""
    versions, writes = rig.versions(), rig.writes()
    rig.clock.advance(3600)
    assert [polled.queued for polled in rig.poll() if not polled.copies] == [0]
    rig.reconcile()
    rig.drain()
    assert rig.versions() == versions and rig.writes() == writes


def test_the_recording_finds_the_steps_of_systems_and_stores() -> None:
    calls = set(STEPS[1])
    assert {
        f"{SAGE}.create",
        f"{SAGE}.create done",
        f"{CRM}.update",
        f"{CRM}.update done",
        "links.load",
        "links.claim",
        "links.claim done",
        "links.commit",
        "links.commit done",
        "gate.read",
        "log.count",
    } <= calls
    assert len(STEPS[1]) >= 20


@pytest.mark.parametrize("number", EACH)
def test_the_handler_dies(number: int) -> None:
    rig = begun(ONE)
    at(rig, number, die)
    rig.deliver()
    rig.line.on = lambda call: None
    rig.run_on()
    tied_out(rig, ONE)


@pytest.mark.parametrize("number", EACH_OF_THREE)
def test_the_handler_dies_in_a_batch_of_three(number: int) -> None:
    rig = begun(THREE)
    at(rig, number, die)
    rig.deliver()
    rig.line.on = lambda call: None
    rig.run_on()
    tied_out(rig, THREE)


@pytest.mark.parametrize("number", EACH)
def test_the_handler_dies_at_the_same_step_again_and_again(number: int) -> None:
    """Three times, each at the numbered step of its own run."""
    rig = begun(ONE)
    for _ in range(3):
        at(rig, number, die)
        rig.deliver()
        rig.line.on = lambda call: None
        rig.clock.advance(1000)
    rig.run_on()
    tied_out(rig, ONE)


@pytest.mark.parametrize("minutes", [0.2, 20])
@pytest.mark.parametrize("number", VENDOR)
def test_the_network_dies_for_a_while(number: int, minutes: float) -> None:
    """From this step on no vendor answers. A write whose effect came first has an unknown outcome."""
    rig = begun(ONE)
    first = len(rig.line.calls)
    until = None

    def on(call: str) -> None:
        nonlocal until
        if len(rig.line.calls) - first - 1 < number or not of_system(call, SYSTEMS):
            return
        until = until or rig.clock.now().timestamp() + minutes * 60
        if rig.clock.now().timestamp() < until:
            unknown = call.endswith(" done") and writes_to_system(call, SYSTEMS)
            raise OutcomeUnknown("no answer came") if unknown else Unavailable("no way to the vendor")

    rig.line.on = on
    rig.deliver()
    rig.run_on(8)
    tied_out(rig, ONE)


@pytest.mark.parametrize("seconds", [1.0, 30.0, JUST_UNDER_SETTLE])
@pytest.mark.parametrize("end", ["handler", "network"])
@pytest.mark.parametrize("number", CREATES)
def test_the_vendor_commits_long_after(number: int, end: str, seconds: float) -> None:
    rig = begun(ONE)
    then = Killed("while the vendor works") if end == "handler" else OutcomeUnknown("timed out")

    def late(call: str) -> None:
        raise Late(seconds, then)

    at(rig, number, late)
    rig.deliver()
    rig.line.on = lambda call: None
    rig.run_on()
    tied_out(rig, ONE)


def tell_lost_stories(rig: Rig, ids: tuple[str, ...]) -> None:
    """An order that was finished, write-back included, before a save was lost: reconcile linked it again by
    our key, and its next event, whatever it is, gives it an outcome again. Its number is filled, so that no
    poll sends one."""
    if any(not link.origin_id for link in rig.links()):
        assert all(deals(rig)[record_id]["sales_order_no_c"] for record_id in ids)
        rig.notify(CRM, ENTITY, *ids)
        rig.drain()


def stack_dies(number: int, which: int, ids: tuple[str, ...], late: float | None = None) -> bool:
    """Kills at the step and comes back with the numbered save. False: there is no such save."""
    rig = begun(ids)
    saves: list[dict[str, Any]] = []

    def on(call: str) -> None:
        saved = rig.world.save()
        if not saves or saved["dynamodb"] != saves[-1]["dynamodb"]:
            saves.append(saved)
        if len(rig.line.calls) - 1 == number:
            raise Late(late, Killed(call)) if late else Killed(call)

    rig.line.on = on
    rig.deliver()
    rig.line.on = lambda call: None
    if which >= len(saves):
        return False
    rig.lose_stack(saves[which])
    rig.run_on()
    tell_lost_stories(rig, ids)
    tied_out(rig, ids)
    return True


@pytest.mark.parametrize("number", EACH)
def test_the_stack_dies_and_comes_back_with_an_earlier_save(number: int) -> None:
    which = 0
    while stack_dies(number, which, ONE):
        which += 1
    assert which > 0


@pytest.mark.parametrize("number", EACH_OF_THREE[::3])
def test_the_stack_dies_in_a_batch_of_three(number: int) -> None:
    assert stack_dies(number, 0, THREE)


@pytest.mark.parametrize("seconds", [1.0, JUST_UNDER_SETTLE])
@pytest.mark.parametrize("number", CREATES)
def test_the_stack_dies_while_the_vendor_works(number: int, seconds: float) -> None:
    which = 0
    while stack_dies(number, which, ONE, seconds):
        which += 1
    assert which > 0

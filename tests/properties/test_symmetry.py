"""S8: once the edits are made, no order or repetition of events changes where it ends. S13: renaming the systems, with
the rules, renames the result and nothing else."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sync.engine import Engine
from tests.properties.pair import ENTITY, LEFT, RIGHT, edit, pair_rig, records, sync
from tests.properties.rig import Rig

OTHER = {LEFT: RIGHT, RIGHT: LEFT}
PLAIN = ("name", "email")
EDITS = st.lists(st.tuples(st.sampled_from([LEFT, RIGHT]), st.sampled_from(PLAIN), st.sampled_from(["v1", "v2", "v3"])),
                 max_size=6)
ORDERS = st.lists(st.sampled_from([LEFT, RIGHT]), min_size=1, max_size=6)


def linked(first: str = LEFT, winner: tuple[str, str] = (LEFT, RIGHT)) -> tuple[Rig, dict[str, str]]:
    """A pair of records made from one in `first`; system -> record id."""
    rig = pair_rig(Engine, winner)
    edit(rig, first, "one", name="start", email="start")
    sync(rig, first, "one")
    return rig, {system: side.id for system, side in rig.links()[0].sides.items()}


def played(edits: list[tuple[str, str, str]], events: list[str], *, mirror: bool = False) -> dict[str, dict[str, Any]]:
    """What both sides show after these edits and events, with all names swapped for `mirror` and swapped back."""
    turn = OTHER if mirror else {LEFT: LEFT, RIGHT: RIGHT}
    rig, ids = linked(turn[LEFT], (turn[LEFT], turn[RIGHT]))
    for system, name, value in edits:
        edit(rig, turn[system], ids[turn[system]], **{name: value})
    for system in events:
        rig.notify(turn[system], ENTITY, ids[turn[system]])
        rig.drain()
    rig.run_on(1)
    return {system: {name: records(rig, turn[system])[ids[turn[system]]][name] for name in PLAIN} for system in (LEFT, RIGHT)}


@given(EDITS, ORDERS, ORDERS)
def test_the_order_of_events_does_not_matter(edits: list[tuple[str, str, str]], one: list[str], other: list[str]) -> None:
    assert played(edits, one) == played(edits, other)


@given(EDITS, ORDERS)
def test_renaming_the_systems_renames_the_result(edits: list[tuple[str, str, str]], events: list[str]) -> None:
    assert played(edits, events) == played(edits, events, mirror=True)


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2, 3])))
def test_a_batch_in_any_order_ends_alike(order: tuple[int, ...]) -> None:
    rig, ids = linked()
    edit(rig, LEFT, ids[LEFT], name="from left")
    edit(rig, RIGHT, ids[RIGHT], name="from right", email="right too")
    events = [rig.event(system, ENTITY, ids[system]) for system in (LEFT, LEFT, RIGHT, RIGHT)]
    rig.handle([events[number] for number in order])
    rig.run_on(1)
    shown = [records(rig, system)[ids[system]] for system in (LEFT, RIGHT)]
    assert [(one["name"], one["email"]) for one in shown] == [("from left", "right too")] * 2

"""S8: once the edits are made, no order or repetition of events changes where it ends. S13: renaming the
systems, with the rules, renames the result and nothing else."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sync.engine import Engine
from tests.properties.family import ACCOUNT, CONTACT, family_rig, put, shown, strayed
from tests.properties.pair import (
    ENTITY,
    FIELDS,
    LEFT,
    RIGHT,
    edit,
    object_map,
    pair_rig,
    records,
    shown_as,
    sync,
)
from tests.properties.profiles import examples
from tests.properties.rig import Rig

OTHER = {LEFT: RIGHT, RIGHT: LEFT}
PLAIN = ("name", "email")
EDITS = st.lists(
    st.tuples(st.sampled_from([LEFT, RIGHT]), st.sampled_from(PLAIN), st.sampled_from(["v1", "v2", "v3"])),
    max_size=6,
)
ORDERS = st.lists(st.sampled_from([LEFT, RIGHT]), min_size=1, max_size=6)


def linked(first: str = LEFT, winner: tuple[str, str] = (LEFT, RIGHT)) -> tuple[Rig, dict[str, str]]:
    """A pair of records made from one in `first`; system -> record id."""
    rig = pair_rig(Engine, winner)
    edit(rig, first, "one", name="start", email="start")
    sync(rig, first, "one")
    return rig, {system: side.id for system, side in rig.links()[0].sides.items()}


def played(
    edits: list[tuple[str, str, str]], events: list[str], *, mirror: bool = False
) -> dict[str, dict[str, Any]]:
    """What both sides show after these edits and events, with all names swapped for `mirror` and swapped
    back."""
    turn = OTHER if mirror else {LEFT: LEFT, RIGHT: RIGHT}
    rig, ids = linked(turn[LEFT], (turn[LEFT], turn[RIGHT]))
    for system, name, value in edits:
        edit(rig, turn[system], ids[turn[system]], **{name: value})
    for system in events:
        rig.notify(turn[system], ENTITY, ids[turn[system]])
        rig.drain()
    rig.run_on(1)
    return {
        system: {name: records(rig, turn[system])[ids[turn[system]]][name] for name in PLAIN}
        for system in (LEFT, RIGHT)
    }


@examples(60)
@given(EDITS, ORDERS, ORDERS)
def test_the_order_of_events_does_not_matter(
    edits: list[tuple[str, str, str]], one: list[str], other: list[str]
) -> None:
    assert played(edits, one) == played(edits, other), "S8"


@examples(60)
@given(EDITS, ORDERS)
def test_renaming_the_systems_renames_the_result(
    edits: list[tuple[str, str, str]], events: list[str]
) -> None:
    assert played(edits, events) == played(edits, events, mirror=True), "S13"


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2, 3])))
def test_a_batch_in_any_order_ends_alike(order: tuple[int, ...]) -> None:
    rig, ids = linked()
    edit(rig, LEFT, ids[LEFT], name="from left")
    edit(rig, RIGHT, ids[RIGHT], name="from right", email="right too")
    events = [rig.event(system, ENTITY, ids[system]) for system in (LEFT, LEFT, RIGHT, RIGHT)]
    rig.handle([events[number] for number in order])
    rig.run_on(1)
    shown = [records(rig, system)[ids[system]] for system in (LEFT, RIGHT)]
    assert [(one["name"], one["email"]) for one in shown] == [("from left", "right too")] * 2, "S8"


FAMILY = [(ACCOUNT, "a1"), (ACCOUNT, "a2"), (CONTACT, "c1"), (CONTACT, "c2")]
HEARD = st.lists(st.sampled_from(FAMILY), max_size=8)


def grown(heard: list[tuple[str, str]], side: str) -> dict[str, dict[str, Any]]:
    """A family made on one side, heard of in this order; what the other side shows of it in the end, by
    name."""
    rig, other = family_rig(), OTHER[side]
    for entity, one in FAMILY:
        put(rig, side, entity, one, name=one)
    for contact, account in (("c1", "a1"), ("c2", "a1")):
        put(rig, side, CONTACT, contact, account=account)
    for account, contact in (("a1", "c1"), ("a2", "c2")):
        put(rig, side, ACCOUNT, account, main_contact=contact)
    for entity, one in heard:
        rig.handle([rig.event(side, entity, one)])
    rig.run_on(1)
    assert not strayed(rig), f"S1: {strayed(rig)}"
    names = {
        one: values["name"]
        for entity in (ACCOUNT, CONTACT)
        for one, values in shown(rig, other, entity).items()
    }
    return {
        values["name"]: {name: names.get(value, value) for name, value in values.items()}
        for entity in (ACCOUNT, CONTACT)
        for values in shown(rig, other, entity).values()
    }


@examples(40)
@given(HEARD)
def test_a_family_grows_alike_in_any_order(heard: list[tuple[str, str]]) -> None:
    wanted = {
        "a1": {"name": "a1", "main_contact": "c1"},
        "a2": {"name": "a2", "main_contact": "c2"},
        "c1": {"name": "c1", "account": "a1"},
        "c2": {"name": "c2", "account": "a1"},
    }
    assert grown(heard, LEFT) == wanted, "S8"


def test_a_family_grows_alike_from_either_side() -> None:
    """The right takes no contact without an account, and gives it first just as well."""
    for heard in itertools.permutations(FAMILY):
        assert grown(list(heard), RIGHT) == grown(list(heard), LEFT), "S13"


@given(st.sampled_from([LEFT, RIGHT]), st.sampled_from(FIELDS), st.text(max_size=20))
def test_the_maps_made_here_are_lenses(system: str, name: str, value: str) -> None:
    """M1: what is written is read in its normal form, and that form is its own."""
    own = object_map(system)
    form = own.norm(name, value or None, {})
    assert form == (shown_as(system, name, value) or None), "M1: read(write(x)) is not norm(x)"
    assert own.norm(name, form, {}) == form, "M1: norm is not idempotent"
    assert set(own.write({name: value}, {}, [])) == set(own.native_paths[name]), (
        "M1: other native fields are touched"
    )

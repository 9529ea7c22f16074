"""What guards people's data from a rule, a mass deletion or an undo that would go too far."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mapping.model import Flow
from shared.mapping.rules import Lock
from shared.operations.undo import undo
from tests.properties.pair import ENTITY, LEFT, OBJECTS, RIGHT, archived, edit, pair_rig, records, sync
from tests.properties.profiles import examples
from tests.properties.rig import Rig

SYSTEMS = (LEFT, RIGHT)
PLAIN = ("name", "email", "terms")


def linked(rig: Rig, *names: str) -> dict[str, str]:
    """Records of these names on both sides; left id -> right id."""
    for name in names:
        edit(rig, LEFT, name, name=name, email=f"{name}@first", terms=f"{name} first")
    sync(rig, LEFT, *names)
    return {link.sides[LEFT].id: link.sides[RIGHT].id for link in rig.links()}


def settled(rig: Rig) -> None:
    """S2: half an hour later, nothing more is written or saved."""
    rig.run_on(0.5)
    before = rig.versions(), rig.writes()
    rig.run_on(0.5)
    assert (rig.versions(), rig.writes()) == before, "S2: still busy"


# deletions


@pytest.mark.parametrize("told", ["poll", "hook", "sweep", "other side"])
@pytest.mark.parametrize("deletes", ["keep", "archive", "hold"])
@pytest.mark.parametrize("count", [3, 4])
def test_a_mass_deletion_asks(count: int, deletes: Any, told: str) -> None:
    """S11: more than three and more than 5 % within a day. Nothing of it is taken over until a person says
    so, however it was learned."""
    rig = pair_rig(deletes=deletes)
    pairs = linked(rig, *(f"r{number:02d}" for number in range(25)))
    lost = sorted(pairs)[:count]
    for left in lost:
        rig.systems[LEFT].drop(OBJECTS[LEFT], left)
    if told == "hook":
        for left in lost:
            rig.handle([rig.event(LEFT, ENTITY, left)])
    elif told == "other side":
        sync(rig, RIGHT, *(pairs[left] for left in lost))
    elif told == "sweep":
        rig.reconcile()
        rig.drain()
    rig.run_on(3)
    asks = count > 3
    assert bool(rig.questions()) == asks, "S11: no question"
    gone = [link for link in rig.links() if link.sides[LEFT].gone]
    assert len(gone) == (0 if asks else count), f"S11: {len(gone)} deletions taken over"
    assert len(archived(rig, RIGHT)) == (0 if asks or deletes != "archive" else count), "S11: put out of use"
    if asks:
        assert len(rig.answer(gone=True)) == count, "S11: not all of them asked about"
        rig.run_on(3)
        assert sum(link.sides[LEFT].gone for link in rig.links()) == count, (
            "S11: let go, and yet not taken over"
        )
        assert len(archived(rig, RIGHT)) == (count if deletes == "archive" else 0), "S11: put out of use"
    settled(rig)


def test_a_mass_edit_stops_the_poll() -> None:
    """S11: more than the integration allows. Nothing of it is carried over until a person says so."""
    rig = pair_rig()
    known = rig.world.integrations
    known.save(replace(known.load("demo"), brake={"records": 5}))
    pairs = linked(rig, *(f"r{number:02d}" for number in range(9)))
    settled(rig)
    for left in sorted(pairs)[:6]:
        edit(rig, LEFT, left, notes="edited")
    rig.run_on(1)
    assert known.state("demo").braked, "S11: the brake"
    assert not [one for one in records(rig, RIGHT).values() if one["notes"]], "S11: carried over"
    rig.release(f"{ENTITY}.{LEFT}")
    rig.run_on(1)
    assert len([one for one in records(rig, RIGHT).values() if one["notes"]]) == 6, "S11: released, and stuck"
    settled(rig)


def test_what_was_put_out_of_use_comes_back_with_its_origin() -> None:
    """S11: the record that was deleted is there again, with whatever values."""
    rig = pair_rig(deletes="archive")
    ((left, right), *_) = linked(rig, "one", "two").items()
    before = dict(rig.systems[LEFT].objects[OBJECTS[LEFT]][left])
    rig.systems[LEFT].drop(OBJECTS[LEFT], left)
    sync(rig, LEFT, left)
    assert archived(rig, RIGHT) == {right}, "S11: not put out of use"
    rig.systems[LEFT].dropped.clear()
    rig.systems[LEFT].put(OBJECTS[LEFT], left, before)
    settled(rig)
    assert not archived(rig, RIGHT), "S11: still out of use"


@pytest.mark.parametrize("deletes", ["keep", "archive", "hold"])
def test_late_events_resurrect_nothing(deletes: Any) -> None:
    """S11: deleted on both sides, whatever is heard of it later."""
    rig = pair_rig(deletes=deletes)
    ((left, right),) = linked(rig, "one").items()
    late = [rig.event(system, ENTITY, one) for system, one in ((LEFT, left), (RIGHT, right), (LEFT, left))]
    for system, one in ((LEFT, left), (RIGHT, right)):
        rig.systems[system].drop(OBJECTS[system], one)
    writes = rig.writes()
    for event in (*late, *late[::-1]):
        rig.handle([event])
    assert rig.links()[0].tombstone is not None, "S11: no tombstone"
    settled(rig)
    assert rig.writes() == writes and not records(rig, LEFT) and not records(rig, RIGHT), "S11: resurrected"


def test_a_record_taken_back_into_use_stays_so() -> None:
    """S11: put out of use once; a person who then takes it back into use is not overruled."""
    rig = pair_rig(deletes="archive")
    ((left, right),) = linked(rig, "one").items()
    rig.systems[LEFT].drop(OBJECTS[LEFT], left)
    sync(rig, LEFT, left)
    assert archived(rig, RIGHT) == {right}, "S11: not put out of use"
    rig.systems[RIGHT].put(OBJECTS[RIGHT], right, {"inUse": True})
    settled(rig)
    sync(rig, RIGHT, right, right)
    assert not archived(rig, RIGHT), "S11: a person was overruled"
    assert rig.links()[0].outcome is not None and rig.links()[0].outcome.kind == "held"  # type: ignore[union-attr]


# undo

EDITS = st.lists(st.tuples(st.sampled_from(SYSTEMS), st.sampled_from(PLAIN)), max_size=3)


@examples(40)
@given(EDITS.filter(bool), EDITS, st.sampled_from(SYSTEMS), st.booleans())
def test_an_undo_puts_back_what_nobody_touched_since(
    edits: Any, later: Any, told: str, taken_over: bool
) -> None:
    """S3: an undo overwrites no later edit; otherwise both sides show what they did before the run. S2: then
    all is quiet."""
    rig = pair_rig()
    ids = dict(zip(SYSTEMS, *linked(rig, "one").items(), strict=True))
    before = {name: records(rig, LEFT)["one"][name] for name in PLAIN}
    for number, (system, name) in enumerate({name: (system, name) for system, name in edits}.values()):
        edit(rig, system, ids[system], **{name: f"run {number}"})
    event = rig.event(told, ENTITY, ids[told])
    rig.handle([event])
    for number, (system, name) in enumerate(later):
        edit(rig, system, ids[system], **{name: f"later {number}"})
    if taken_over:
        sync(rig, told, ids[told])
    shown = {system: records(rig, system)[ids[system]] for system in SYSTEMS}
    changed, touched = {name for _, name in edits}, {name for _, name in later}
    found = [one for one in undo(rig.services(), event.run_id) if one.kind != "made"]
    settled(rig)
    if changed & touched:
        assert {one.kind for one in found} == {"held"}, f"S3: {found}"
    for system in SYSTEMS:
        now = records(rig, system)[ids[system]]
        for name in changed - touched:
            wanted = shown[system][name] if changed & touched else before[name]
            assert now[name] == wanted, f"S1: undone {name} of {system} shows {now[name]!r}, not {wanted!r}"
        for name in touched:
            ours = [f"later {number}" for number, (_, edited) in enumerate(later) if edited == name]
            assert now[name] in ours, f"S3: the undo overwrote a later edit of {name}"


# lock


def locking(flow: Flow) -> Flow:
    """Nothing goes to the right any more once its status there is not open."""
    entity = replace(flow.entities[ENTITY], lock=Lock(RIGHT, "status", ("open",)))
    return replace(flow, entities={ENTITY: entity})


@examples(40)
@given(
    st.lists(
        st.tuples(st.sampled_from(SYSTEMS), st.sampled_from(PLAIN[:2]), st.booleans()), min_size=1, max_size=5
    )
)
def test_a_released_record_gets_no_write(steps: Any) -> None:
    """S10: while released nothing is written there; its own edits still go out; what was owed goes in once it
    is open."""
    rig = pair_rig()
    rig.flow = locking(rig.flow)
    edit(rig, RIGHT, "r", name="one", email="one@", status="open")
    sync(rig, RIGHT, "r")
    left = rig.links()[0].sides[LEFT].id
    edit(rig, RIGHT, "r", status="released")
    sync(rig, RIGHT, "r")
    writes = len(rig.systems[RIGHT].writes)
    for number, (system, name, told) in enumerate(steps):
        edit(rig, system, "r" if system == RIGHT else left, **{name: f"v{number}"})
        if told:
            sync(rig, system, "r" if system == RIGHT else left)
    settled(rig)
    assert len(rig.systems[RIGHT].writes) == writes, (
        f"S10: a released record got {rig.systems[RIGHT].writes[writes:]}"
    )
    edit(rig, RIGHT, "r", status="open")
    settled(rig)
    one, other = records(rig, LEFT)[left], records(rig, RIGHT)["r"]
    assert [one[name] for name in PLAIN] == [other[name] for name in PLAIN], "S1: open again, and yet apart"


# replaced


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
def test_a_record_entered_anew_takes_the_place_of_the_deleted_one(order: tuple[int, ...]) -> None:
    """S8: whichever is heard of first, the deletion or the new record of that name. S6: and nothing is made
    twice."""
    rig = pair_rig()
    ((left, right),) = linked(rig, "one").items()
    rig.systems[RIGHT].drop(OBJECTS[RIGHT], right)
    edit(rig, RIGHT, "again", name="one", email="new@one")
    events = [
        rig.event(RIGHT, ENTITY, right),
        rig.event(LEFT, ENTITY, left),
        rig.event(RIGHT, ENTITY, "again"),
    ]
    for number in order:
        rig.handle([events[number]])
    settled(rig)
    assert [{system: side.id for system, side in link.sides.items()} for link in rig.links()] == [
        {LEFT: left, RIGHT: "again"}
    ], "S8: not joined"
    assert list(records(rig, LEFT)) == [left] and list(records(rig, RIGHT)) == ["again"], "S6: made twice"

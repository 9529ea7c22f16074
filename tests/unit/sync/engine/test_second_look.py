"""A poll brings a snapshot of one side, and more is to be written there than a snapshot can vouch for: both
sides are read, and everything is decided once more. Nothing is told twice for that, and nothing is lost."""

from shared.domain.link import LogRow, Outcome
from shared.errors import OutcomeUnknown
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from shared.ports import Snapshot
from tests.properties.pair import (
    IN_USE,
    LEFT,
    OBJECTS,
    PATHS,
    RIGHT,
    edit,
    pair_flow,
    pair_rig,
    records,
    sync,
)
from tests.properties.rig import Rig

MERGED = "merged into winner, which takes its place"


def linked(**options: str) -> tuple[Rig, str]:
    """Ann Lee on both sides, and her id on the right."""
    rig = pair_rig(**options)  # type: ignore[arg-type]
    edit(rig, LEFT, "l1", name="Ann Lee", email="a@x.y")
    rig.poll()
    rig.drain()
    rig.clock.advance(1000)
    return rig, rig.links()[0].sides[RIGHT].id


def polled_from_the_left(rig: Rig, **options: str) -> list[LogRow]:
    """What the log says of one poll of the left side alone, newest first; new rules make it bring
    everything."""
    rig.flow = pair_flow(version="v2", **options)  # type: ignore[arg-type]
    services, before = rig.services(), len(rig.stores.log.rows())
    for task in tasks(services, "poll", "run"):
        if task.system == LEFT:
            poll(services, task)
    rig.drain()
    rows = rig.stores.log.rows()
    return rows[: len(rows) - before]


def test_a_record_put_out_of_use_is_told_of_once() -> None:
    rig, right = linked(deletes="archive")
    del rig.systems[RIGHT].objects[OBJECTS[RIGHT]][right]
    (row,) = polled_from_the_left(rig, deletes="archive")
    assert row.outcome.reason == "put out of use in left because it was deleted in right"
    assert row.outcome.notes == ()
    assert rig.systems[LEFT].objects[OBJECTS[LEFT]]["l1"][IN_USE] is False


def test_a_merged_record_is_told_of_once() -> None:
    rig, right = linked()
    edit(rig, RIGHT, "winner", name="Other", email="b@x.y")
    rig.systems[RIGHT].merge(OBJECTS[RIGHT], right, "winner")
    row = polled_from_the_left(rig)[0]
    assert [note for note in row.outcome.notes if "merged" in note] == [f"right {right} was {MERGED}"]
    assert rig.links()[0].sides[RIGHT].id == "winner"


def test_a_record_found_after_a_lost_answer_is_still_told_of() -> None:
    """It is joined and saved before the first look, so the second one starts from there."""
    rig = pair_rig()
    edit(rig, LEFT, "l1", name="Ann Lee", email="a@x.y")

    def lose(call: str) -> None:
        if call == f"{RIGHT}.create done":
            raise OutcomeUnknown("no answer came")

    rig.line.on = lose
    sync(rig, LEFT, "l1")
    rig.line.on = lambda call: None
    rig.clock.advance(100)
    (right,) = records(rig, RIGHT)
    edit(rig, RIGHT, right, email="new@x.y")  # owed to the left side, which only the snapshot shows
    reading = rig.systems[LEFT].read(pair_flow().entities["account"].maps[LEFT].spec, ["l1"])["l1"]
    assert isinstance(reading, Snapshot)
    event = rig.event(LEFT, "account", "l1", "poll")
    given = {"snapshot": dict(reading.values), "observed_at": rig.clock.now()}
    rig.stores.queue.send([type(event)(**{**vars(event), **given})])
    rig.line.calls.clear()
    rig.drain()
    assert rig.line.calls.count(f"{LEFT}.read") == 1, "the second look"
    told = rig.stores.log.rows()[0].outcome
    assert isinstance(told, Outcome) and told.kind == "updated" and "linked with right" in told.reason
    assert rig.systems[LEFT].objects[OBJECTS[LEFT]]["l1"][PATHS[LEFT]["email"]] == "new@x.y"
    assert len(records(rig, RIGHT)) == 1

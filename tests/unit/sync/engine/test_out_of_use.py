"""What is said of a record that was put out of use because its counterpart was deleted."""

from shared.domain.link import Link, Side
from shared.sync.engine.job import Job
from shared.sync.engine.preview import preview
from shared.sync.engine.steps.conclude import _brought
from tests.properties.pair import ENTITY, LEFT, OBJECTS, RIGHT, archived, edit, pair_flow, pair_rig, sync
from tests.properties.rig import Rig

WORDS = "put out of use in left because it was deleted in right"


def deleted_on_the_right() -> Rig:
    rig = pair_rig(deletes="archive")
    edit(rig, LEFT, "l1", name="Ann Lee", email="a@x.y")
    sync(rig, LEFT, "l1")
    rig.clock.advance(1000)
    rig.systems[RIGHT].objects[OBJECTS[RIGHT]].clear()
    return rig


def test_it_is_told_as_that_and_not_as_missing_values() -> None:
    rig = deleted_on_the_right()
    sync(rig, LEFT, "l1")
    told = rig.stores.log.rows()[0].outcome
    assert archived(rig, LEFT) == {"l1"}
    assert (told.kind, told.reason, told.notes) == ("updated", WORDS, ())


def test_a_preview_says_the_same() -> None:
    rig = deleted_on_the_right()
    (forecast,) = preview(rig.services().context(), [rig.event(LEFT, ENTITY, "l1")])
    assert (forecast.would, forecast.reason) == ("update", WORDS)
    assert forecast.writes == {LEFT: {"inUse": False}} and archived(rig, LEFT) == set()


def test_what_else_was_written_is_named_before_it() -> None:
    rig = pair_rig()
    sides = {LEFT: Side("l1"), RIGHT: Side("r1", gone=True)}
    job = Job(
        rig.event(LEFT, ENTITY, "l1"),
        pair_flow().entities[ENTITY],
        Link("k", ENTITY, LEFT, "l1", sides=sides),
    )
    job.done.wrote, job.done.retired = {LEFT: {"email", "billing_town"}}, [LEFT]
    assert _brought(job, [LEFT]) == ["billing town, email written to left", WORDS]

"""The two-way flow when storage comes back as it was some time ago: a table restored from a backup, a local
stack that died.

S6: no record is made again, though the links that knew it are gone. S3: no edit is lost, though what was
agreed is forgotten; two edits of which one was agreed already may then compete, and the one that loses is in
the log.
"""

from hypothesis.stateful import precondition, rule

from tests.properties.pair import LEFT, RIGHT, edit, pair_rig, records, sync
from tests.properties.people import PICK
from tests.properties.profiles import examples
from tests.properties.two_way import TwoWay


class Restored(TwoWay):
    """A stack that saves now and then, and is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.saves = [self.rig.world.save()]

    @rule()
    def save(self) -> None:
        self.saves.append(self.rig.world.save())

    @rule(number=PICK)
    @precondition(lambda self: self.story.made > 0)
    def the_stack_is_lost(self, number: int) -> None:
        self.story.forget()
        self.rig.lose_stack(self.saves[number % len(self.saves)])


TestRestored = Restored.TestCase
TestRestored.settings = examples(40)


def test_records_joined_by_name_alone_are_matched_again() -> None:
    """S6: both were there before us, so neither carries our key."""
    rig = pair_rig()
    saved = rig.world.save()
    edit(rig, LEFT, "one", name="Smith & Co", email="left@smith")
    edit(rig, RIGHT, "two", name="Smith & Co", status="open")
    sync(rig, LEFT, "one")
    assert len(rig.links()) == 1 and len(rig.links()[0].sides) == 2
    rig.lose_stack(saved)
    edit(rig, LEFT, "one", email="later@smith")
    rig.run_on(3)
    assert [len(records(rig, system)) for system in (LEFT, RIGHT)] == [1, 1], "S6: made again"
    assert len(rig.links()) == 1 and len(rig.links()[0].sides) == 2, "S6: matched again"
    assert "later@smith" in {
        records(rig, LEFT)["one"]["email"],
        *(str(change.get("lost")) for row in rig.stores.log.rows() for change in row.changes),
    }, "S3: the edit was lost"

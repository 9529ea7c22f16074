"""What people do on two sides that are kept alike, at any moment, and what becomes of the events that tell of
it."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from shared.sync.engine import Engine
from tests.properties.pair import ENTITY, FIELDS, LEFT, RIGHT, USUAL, Deletes, pair_rig, records
from tests.properties.story import OTHER, Story
from tests.properties.trouble import Trouble

SIDES = st.sampled_from([LEFT, RIGHT])
NAMES = st.sampled_from(FIELDS)
PICK = st.integers(0, 50)


class People(Trouble):
    """What people do on both sides, and what becomes of the events that tell of it."""

    make = Engine
    vendor_names = (LEFT, RIGHT)
    vendors = USUAL
    deletes: Deletes = "hold"

    def __init__(self) -> None:
        super().__init__()
        self.rig = pair_rig(type(self).make, deletes=self.deletes, vendors=self.vendors)
        self.story = Story(self.rig, self.vendors)
        self.rules_version = 1

    @initialize(system=SIDES)
    def one_shared_record(self, system: str) -> None:
        """Independent records almost never meet: begin with one on both sides."""
        self.story.create(system)
        self.settle()

    def settle(self) -> None:
        raise NotImplementedError

    def pick(self, system: str, number: int) -> str | None:
        ids = sorted(records(self.rig, system))
        return ids[number % len(ids)] if ids else None

    # what people do

    @rule(system=SIDES)
    def create(self, system: str) -> None:
        if self.story.made < 4:
            self.hint(system, self.story.create(system))

    @rule(system=SIDES, number=PICK, name=NAMES, clear=st.booleans(), told=st.booleans())
    def edit(self, system: str, number: int, name: str, clear: bool, told: bool) -> None:
        record_id = self.pick(system, number)
        if record_id is not None:
            self.story.change(system, record_id, name, clear=clear and name != "name")
            if told:
                self.hint(system, record_id)
        self.rig.clock.advance(150)

    @rule(number=PICK, name=NAMES)
    def edit_both(self, number: int, name: str) -> None:
        """Both sides of one link, before anyone hears of it."""
        links = [link for link in self.rig.links() if len(link.sides) == 2]
        for system, side in links[number % len(links)].sides.items() if links else ():
            if side.id in records(self.rig, system):
                self.story.change(system, side.id, name)
                self.hint(system, side.id)
        self.rig.clock.advance(150)

    @rule(system=SIDES, number=PICK)
    def delete(self, system: str, number: int) -> None:
        record_id = self.pick(system, number)
        if record_id is not None and len(self.story.deleted) < 2 and number % 3 == 0:
            self.story.delete(system, record_id)
            self.hint(system, record_id)

    @rule(system=SIDES, number=PICK, name=NAMES, first=st.booleans())
    def edit_and_delete(self, system: str, number: int, name: str, first: bool) -> None:
        """One side is edited while the other is deleted, in either order, before anyone hears of it."""
        links = [link for link in self.rig.links() if len(link.sides) == 2]
        if not links or len(self.story.deleted) >= 2:
            return
        sides = links[number % len(links)].sides
        edited, gone = sides[system].id, sides[OTHER[system]].id
        if edited not in records(self.rig, system) or gone not in records(self.rig, OTHER[system]):
            return
        for step in ("edit", "delete") if first else ("delete", "edit"):
            if step == "edit":
                self.story.change(system, edited, name)
            else:
                self.story.delete(OTHER[system], gone)
        self.hint(system, edited)

    @rule(system=SIDES, number=PICK, other=PICK)
    def merge(self, system: str, number: int, other: int) -> None:
        """A person merges two records of one side: a linked one into any other."""
        loser, winner = self.pick(system, number), self.pick(system, other)
        if loser and winner and loser != winner and number % 2 and not self.rig.systems[system].merged:
            self.story.merge(system, loser, winner)
            self.hint(system, loser)

    # what happens to events

    def hint(self, system: str, record_id: str) -> None:
        self.rig.notify(system, ENTITY, record_id)

    @rule()
    def deliver(self) -> None:
        self.rig.deliver()

    @rule(system=SIDES, number=PICK)
    def duplicate(self, system: str, number: int) -> None:
        record_id = self.pick(system, number)
        if record_id is not None:
            self.hint(system, record_id)
            self.hint(system, record_id)

    @rule()
    def drop(self) -> None:
        """Events are hints: losing them all loses nothing that a poll does not find."""
        self.rig.world.receive(ENTITY, 10)

    @rule()
    def last_first(self) -> None:
        events = self.rig.world.receive(ENTITY, 10)
        if events:
            self.rig.handle(events[::-1])

    @rule()
    def poll(self) -> None:
        self.rig.poll()

    @rule(minutes=st.integers(1, 90))
    def time_passes(self, minutes: int) -> None:
        self.rig.clock.advance(60 * minutes)

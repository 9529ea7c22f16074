"""The invariants over a two-way flow, by trying: people edit both sides at any moment while everything that can fail does.

S1 to S7, S10, S11 and S12 are checked here. S8 (order) and S9 (crash) hold through S1 and S3: whatever the order of events and
wherever the worker died, both sides must meet and every edit must be traceable; `test_symmetry.py` compares whole end states
for S8 and S13. S11's cap on deletions belongs to the sweep over whole lists and comes with it. A restored table is tried on
the order flow (`test_orders.py`): records joined by name alone carry no key to be found again by.
"""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.errors import OutcomeUnknown, RateLimited, Unavailable
from shared.sync.engine import Engine
from tests.properties.pair import ENTITY, FIELDS, LEFT, RIGHT, pair_flow, pair_rig, records
from tests.properties.ports import Killed, of_system, writes_to_system
from tests.properties.story import Story, apart, doubled

SIDES = st.sampled_from([LEFT, RIGHT])
NAMES = st.sampled_from(FIELDS)
PICK = st.integers(0, 50)
FAULTS = st.sampled_from([Unavailable, RateLimited, OutcomeUnknown, RuntimeError])
MOST_ROUNDS = 6


class TwoWay(RuleBasedStateMachine):
    make = Engine

    def __init__(self) -> None:
        super().__init__()
        self.rig = pair_rig(type(self).make)
        self.story = Story(self.rig)
        self.rules = 1

    @initialize(system=SIDES)
    def one_shared_record(self, system: str) -> None:
        """Independent records almost never meet: begin with one on both sides."""
        self.story.create(system)
        self.settle()

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

    # what goes wrong

    @rule(number=st.integers(0, 60), fault=FAULTS)
    def vendor_fails(self, number: int, fault: type[Exception]) -> None:
        """One call from here on fails: before its effect, or after it (then its outcome is unknown)."""
        def on(call: str) -> None:
            if self.steps(call) < number or not of_system(call, (LEFT, RIGHT)):
                return
            self.rig.line.on = lambda call: None
            if call.endswith(" done") and writes_to_system(call, (LEFT, RIGHT)):
                raise OutcomeUnknown("no answer came")
            if fault is not OutcomeUnknown or writes_to_system(call, (LEFT, RIGHT)):
                raise fault("the vendor failed")

        self.strike(on)

    @rule(number=st.integers(0, 60))
    def worker_dies(self, number: int) -> None:
        """At any port call, of systems and of stores."""
        def on(call: str) -> None:
            if self.steps(call) >= number:
                self.rig.line.on = lambda call: None
                raise Killed(call)

        self.strike(on)

    @rule(system=SIDES, number=PICK, name=NAMES, step=st.integers(0, 12))
    def edit_in_between(self, system: str, number: int, name: str, step: int) -> None:
        """A person saves between our read and our write."""
        def on(call: str) -> None:
            if self.steps(call) >= step and of_system(call, (LEFT, RIGHT)) and not call.endswith(" done"):
                self.rig.line.on = lambda call: None
                record_id = self.pick(system, number)
                if record_id is not None:
                    self.story.change(system, record_id, name)

        self.strike(on)

    @rule()
    def rules_change(self) -> None:
        self.rules += 1
        self.rig.flow = pair_flow(version=f"v{self.rules}")

    def steps(self, call: str) -> int:
        return len(self.rig.line.calls) - self.first - 1

    def strike(self, on) -> None:  # type: ignore[no-untyped-def]
        self.first = len(self.rig.line.calls)
        self.rig.line.on = on
        self.rig.deliver()
        self.rig.line.on = lambda call: None

    # what must hold

    @invariant()
    def each_record_stands_once(self) -> None:
        assert not doubled(self.rig), f"S6: {doubled(self.rig)}"

    @invariant()
    def the_log_names_real_losers(self) -> None:
        self.story.read_log()

    @rule()
    @precondition(lambda self: self.story.made > 0)
    def settle(self) -> None:
        """Runs on until quiet, then everything must tie out."""
        for _ in range(MOST_ROUNDS):
            before = self.rig.versions(), self.rig.writes()
            self.rig.run_on(2.25)
            if (self.rig.versions(), self.rig.writes()) == before and self.rig.quiet():
                break
        else:
            raise AssertionError(f"S2: still busy after {MOST_ROUNDS} rounds of two hours")
        self.check()

    def check(self) -> None:
        self.story.read_log()
        assert not apart(self.rig), f"S1: {apart(self.rig)}"
        assert not self.story.untraced(), f"S3: lost {self.story.untraced()}"
        assert not self.story.returned(), f"S4: {self.story.returned()} came back"
        assert not self.story.invented(), f"S5: {self.story.invented()}"
        assert not doubled(self.rig), f"S6: {doubled(self.rig)}"
        assert not self.rig.dead_letters
        self.wrong_way()
        self.all_linked()
        self.again_changes_nothing()
        self.story.agree()

    def wrong_way(self) -> None:
        """S10: what comes from one side only is never written to that side."""
        for system, fields in ((LEFT, ("custNotes", "notes_c", "limit_c")), (RIGHT, ("custStatus",))):
            for kind, _, record_id, values in self.rig.systems[system].writes:
                if kind == "update":
                    assert not set(fields) & set(values), f"S10: {system} {record_id} got {values}"

    def all_linked(self) -> None:
        """S12: every record that people made reached the other side, unless it waits for a person."""
        known = {(system, side.id) for link in self.rig.links() for system, side in link.sides.items()
                 if len(link.sides) == 2 or (link.outcome and link.outcome.kind in ("held", "skipped"))}
        alone = {(system, one) for system in (LEFT, RIGHT) for one in records(self.rig, system)} - known
        assert not alone, f"S12: {alone} never reached the other side"

    def again_changes_nothing(self) -> None:
        """S2 and S7: a further event of everything writes nothing, and the next saves nothing either."""
        writes = self.rig.writes()
        self.everything_again()
        links = self.rig.links()
        self.everything_again()
        assert self.rig.writes() == writes, "S2: a further event caused a write"
        assert self.rig.links() == links, "S2: a further event saved a link"

    def everything_again(self) -> None:
        for system in (LEFT, RIGHT):
            for record_id in records(self.rig, system):
                self.hint(system, record_id)
        self.rig.drain()

    def teardown(self) -> None:
        self.rig.line.on = lambda call: None
        if self.story.made:
            self.settle()


TestTwoWay = TwoWay.TestCase

"""The machine: people edit both sides at any moment while everything that can fail does, and the invariants
hold."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from shared.domain.link import REVISITED
from shared.errors import OutcomeUnknown
from tests.properties.ends import apart, doubled
from tests.properties.pair import ENTITY, LEFT, ONCE, PATHS, RIGHT, archived, pair_flow, records
from tests.properties.people import NAMES, PICK, SIDES, People
from tests.properties.ports import Killed, Late, of_system

MOST_ROUNDS = 6


class TwoWay(People):
    """Variants set `vendors` and `deletes`."""

    # what goes wrong

    @rule(system=SIDES, number=PICK, name=NAMES, step=st.integers(0, 12))
    def edit_in_between(self, system: str, number: int, name: str, step: int) -> None:
        """A person saves between our read and our write."""

        def on(call: str) -> None:
            if self.steps() >= step and of_system(call, (LEFT, RIGHT)) and not call.endswith(" done"):
                self.rig.line.on = lambda call: None
                record_id = self.pick(system, number)
                if record_id is not None:
                    self.story.change(system, record_id, name)

        self.strike(on)

    @rule(system=SIDES, again=st.booleans(), dies=st.booleans())
    def echo(self, system: str, again: bool, dies: bool) -> None:
        self.echo_at_once(system, again, dies)

    def echo_at_once(self, system: str, again: bool = False, dies: bool = False) -> None:
        """The vendor tells of the record that we are just making, before we have its answer."""

        def on(call: str) -> None:
            if call != f"{system}.create done":
                return
            self.rig.line.on = lambda call: None
            known = {
                side.id for link in self.rig.links() for name, side in link.sides.items() if name == system
            }
            for record_id in sorted(set(records(self.rig, system)) - known):
                self.rig.handle([self.rig.event(system, ENTITY, record_id)])
                if again:
                    self.hint(system, record_id)
            if dies:
                raise Killed(call)

        self.strike(on)

    @rule(system=SIDES, seconds=st.floats(0.1, 59), dies=st.booleans())
    def vendor_commits_late(self, system: str, seconds: float, dies: bool) -> None:
        """No answer in time, and the record is made a while after."""

        def on(call: str) -> None:
            if call == f"{system}.create":
                self.rig.line.on = lambda call: None
                raise Late(seconds, Killed(call) if dies else OutcomeUnknown("timed out"))

        self.strike(on)

    @rule()
    def rules_change(self) -> None:
        self.rules_version += 1
        self.rig.flow = pair_flow(
            version=f"v{self.rules_version}", deletes=self.deletes, vendors=self.vendors
        )

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
        for _ in range(4):  # whoever deleted so many says so, and it goes on
            assert self.rig.came_to_rest(MOST_ROUNDS), (
                f"S2: still busy after {MOST_ROUNDS} rounds of two hours"
            )
            if not self.rig.answer(gone=True):
                break
        self.check()

    def check(self) -> None:
        self.story.read_log()
        assert not (found := apart(self.rig, self.vendors)), f"S1: {found}"
        assert not self.story.untraced(), f"S3: lost {self.story.untraced()}"
        assert self.story.forgot or not self.story.returned(), f"S4: {self.story.returned()} came back"
        assert not self.story.invented(), f"S5: {self.story.invented()}"
        assert not doubled(self.rig), f"S6: {doubled(self.rig)}"
        assert not self.rig.dead_letters
        self.wrong_way()
        self.deletions()
        self.all_linked()
        self.none_under_old_rules()
        self.again_changes_nothing()
        self.story.agree()

    def wrong_way(self) -> None:
        """S10: what comes from one side only is never written to that side."""
        for system, names in ((LEFT, ("notes", "limit", *ONCE)), (RIGHT, ("status", *ONCE))):
            fields = {PATHS[system][name] for name in names}
            for kind, _, record_id, values in self.rig.systems[system].writes:
                if kind == "update":
                    assert not fields & set(values), f"S10: {system} {record_id} got {values}"

    def deletions(self) -> None:
        """S11: nothing comes back that was deleted, and what is left is put out of use only under that rule,
        unedited."""
        assert not self.story.dropped_edits, (
            f"S11: put out of use although edited: {self.story.dropped_edits}"
        )
        for link in self.rig.links():
            lost = [system for system, side in link.sides.items() if side.gone]
            for system, side in link.sides.items() if lost else ():
                out, asked = (
                    side.id in archived(self.rig, system),
                    link.outcome is not None and link.outcome.kind == "held",
                )
                wanted = (
                    self.deletes == "archive" and not side.gone and (system, side.id) not in self.story.unseen
                )
                assert side.gone or asked or out == wanted, (
                    f"S11: {system} {side.id} is {'' if out else 'not '}out of use"
                )
        again = [
            f"{system} {made}"
            for system, rig in self.rig.systems.items()
            for (name, made), (key, _) in rig.made.items()
            if made in records(self.rig, system)
            and any(
                old != made and known == key and (system, old) in self.story.buried and name == of
                for (of, old), (known, _) in rig.made.items()
            )
        ]
        assert self.story.forgot or not again, f"S11: made again after it was deleted: {again}"

    def all_linked(self) -> None:
        """S12: every record that people made reached the other side, unless it waits for a person."""
        known = {
            (system, side.id)
            for link in self.rig.links()
            for system, side in link.sides.items()
            if len(link.sides) == 2 or (link.outcome and link.outcome.kind in ("held", "skipped"))
        }
        alone = {(system, one) for system in (LEFT, RIGHT) for one in records(self.rig, system)} - known
        assert not alone, f"S12: {alone} never reached the other side"

    def none_under_old_rules(self) -> None:
        """S14: what the old rules skipped, held, kept waiting or failed was decided again."""
        stale = [
            (link.origin_system, link.origin_id)
            for link in self.rig.stores.links.by_outcome(ENTITY, REVISITED)
            if link.rules_version != self.rig.flow.version
        ]
        assert not stale, f"S14: decided under old rules: {stale}"

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

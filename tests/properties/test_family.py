"""Records that refer to each other, by trying: whatever the order in which parents and children are made,
moved, merged and deleted, and whatever fails meanwhile, a reference on one side leads to the counterpart of
where it leads on the other."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from shared.sync.engine import Engine
from tests.properties.family import (
    ACCOUNT,
    CONTACT,
    LEFT,
    OBJECTS,
    REFERS,
    RIGHT,
    family_rig,
    links_of,
    put,
    shown,
    strayed,
)
from tests.properties.pair import Deletes
from tests.properties.profiles import examples
from tests.properties.trouble import Trouble

SIDES, KINDS = st.sampled_from([LEFT, RIGHT]), st.sampled_from([ACCOUNT, CONTACT])
PICK = st.integers(0, 50)
MOST_ROUNDS = 6


class Family(Trouble):
    vendor_names = (LEFT, RIGHT)
    make = Engine
    deletes: Deletes = "hold"

    def __init__(self) -> None:
        super().__init__()
        self.rig = family_rig(type(self).make, self.deletes)
        self.count, self.deleted, self.touched = 0, 0, set[tuple[str, str, str]]()

    @initialize(system=SIDES)
    def one_of_each(self, system: str) -> None:
        """A family on both sides, known to each other."""
        account, contact = self.new(system, ACCOUNT), self.new(system, CONTACT)
        put(self.rig, system, CONTACT, contact, account=account)
        put(self.rig, system, ACCOUNT, account, main_contact=contact)
        self.settle()

    def new(self, system: str, entity: str, **values: Any) -> str:
        self.count += 1
        record_id = f"{system}.{entity}{self.count}"
        put(self.rig, system, entity, record_id, name=f"{entity} {self.count}", **values)
        return record_id

    def pick(self, system: str, entity: str, number: int) -> str | None:
        ids = sorted(shown(self.rig, system, entity))
        return ids[number % len(ids)] if ids else None

    def hint(self, system: str, entity: str, record_id: str, told: bool = True) -> None:
        if told:
            self.rig.notify(system, entity, record_id)

    # what people do

    @rule(system=SIDES, number=PICK, told=st.booleans())
    def new_contact(self, system: str, number: int, told: bool) -> None:
        account = self.pick(system, ACCOUNT, number)
        if self.count < 8 and account:
            self.hint(system, CONTACT, self.new(system, CONTACT, account=account), told)

    @rule(system=SIDES, number=PICK, told=st.booleans(), child_first=st.booleans())
    def new_account(self, system: str, number: int, told: bool, child_first: bool) -> None:
        """With a contact of its own, which may be heard of before it."""
        if self.count >= 8:
            return
        account = self.new(system, ACCOUNT)
        contact = self.new(system, CONTACT, account=account)
        if number % 2:
            put(self.rig, system, ACCOUNT, account, main_contact=contact)
        self.hint(system, CONTACT, contact, told or child_first)
        self.hint(system, ACCOUNT, account, told and not child_first)

    @rule(system=SIDES, entity=KINDS, number=PICK, other=PICK, told=st.booleans())
    def move(self, system: str, entity: str, number: int, other: int, told: bool) -> None:
        """To another parent; to another main contact."""
        name, kind = REFERS[entity]
        record_id, target = self.pick(system, entity, number), self.pick(system, kind, other)
        if record_id and target:
            put(self.rig, system, entity, record_id, **{name: target})
            self.hint(system, entity, record_id, told)

    @rule(system=SIDES, number=PICK)
    def no_main_contact(self, system: str, number: int) -> None:
        account = self.pick(system, ACCOUNT, number)
        if account:
            put(self.rig, system, ACCOUNT, account, main_contact=None)

    @rule(system=SIDES, entity=KINDS, number=PICK, told=st.booleans())
    def rename(self, system: str, entity: str, number: int, told: bool) -> None:
        record_id = self.pick(system, entity, number)
        if record_id:
            self.count += 0
            put(
                self.rig,
                system,
                entity,
                record_id,
                name=f"{entity} {self.count} renamed {len(self.rig.line.calls)}",
            )
            self.hint(system, entity, record_id, told)

    @rule(system=SIDES, entity=KINDS, number=PICK, told=st.booleans())
    def delete(self, system: str, entity: str, number: int, told: bool) -> None:
        record_id = self.pick(system, entity, number)
        if record_id and self.deleted < 2 and number % 3 == 0:
            self.deleted += 1
            self.rig.systems[system].drop(OBJECTS[system][entity], record_id)
            self.hint(system, entity, record_id, told)

    @rule(system=SIDES, entity=KINDS, number=PICK, other=PICK)
    def merge(self, system: str, entity: str, number: int, other: int) -> None:
        """As vendors do it: what referred to the loser refers to the winner from then on."""
        loser, winner = self.pick(system, entity, number), self.pick(system, entity, other)
        if not loser or not winner or loser == winner or self.rig.systems[system].merged or number % 2:
            return
        self.rig.systems[system].merge(OBJECTS[system][entity], loser, winner)
        kind = CONTACT if entity == ACCOUNT else ACCOUNT
        for record_id, values in shown(self.rig, system, kind).items():
            if values[REFERS[kind][0]] == loser:
                put(self.rig, system, kind, record_id, **{REFERS[kind][0]: winner})
        self.hint(system, entity, loser)

    # what happens to events

    @rule()
    def deliver(self) -> None:
        self.rig.deliver()

    @rule(entity=KINDS)
    def last_first(self, entity: str) -> None:
        events = self.rig.world.receive(entity, 10)
        if events:
            self.rig.handle(events[::-1])

    @rule(entity=KINDS)
    def drop(self, entity: str) -> None:
        self.rig.world.receive(entity, 10)

    @rule()
    def poll(self) -> None:
        self.rig.poll()

    @rule(minutes=st.integers(1, 90))
    def time_passes(self, minutes: int) -> None:
        self.rig.clock.advance(60 * minutes)

    # what goes wrong

    @rule(entity=KINDS, number=st.integers(0, 60))
    def meanwhile(self, entity: str, number: int) -> None:
        """Another worker handles a batch of the other kind in the middle of this one: between looking for a
        parent and waiting for it, between making it and waking who waits."""

        def on(call: str) -> None:
            if self.steps() >= number:
                self.rig.line.on = lambda call: None
                events = self.rig.world.receive(entity, 10)
                if events:
                    self.rig.handle(events)

        self.strike(on)

    # what must hold

    @invariant()
    def each_record_stands_once(self) -> None:
        seen: dict[tuple[str, str, str], str] = {}
        for link in self.rig.links():
            for system, side in link.sides.items():
                assert seen.setdefault((system, link.entity, side.id), link.link_id) == link.link_id, (
                    f"S6: {side.id} twice"
                )
        for system, vendor in self.rig.systems.items():
            keys = [key for (name, one), (key, _) in vendor.made.items() if one in vendor.objects[name]]
            assert len(keys) == len(set(keys)), f"S6: {system} has records made twice"

    @rule()
    def settle(self) -> None:
        for _ in range(4):  # whoever deleted so many says so, and it goes on
            assert self.rig.came_to_rest(MOST_ROUNDS), (
                f"S2: still busy after {MOST_ROUNDS} rounds of two hours"
            )
            if not self.rig.answer(gone=True):
                break
        self.check()

    def check(self) -> None:
        assert not (found := strayed(self.rig)), f"S1: references differ: {found}"
        assert not self.rig.dead_letters
        self.names_agree()
        self.nothing_is_left_alone()
        self.again_changes_nothing()

    def names_agree(self) -> None:
        for link in self.rig.links():
            if any(side.gone for side in link.sides.values()) or (
                link.outcome and link.outcome.kind in ("held", "waiting")
            ):
                continue
            names = {
                shown(self.rig, system, link.entity)[side.id]["name"]
                for system, side in link.sides.items()
                if side.id in shown(self.rig, system, link.entity)
            }
            assert len(names) <= 1, f"S1: {names}"

    def nothing_is_left_alone(self) -> None:
        """S12: every record is on both sides, or a person was told why not."""
        both, told = links_of(self.rig), set[tuple[str, str, str]]()
        for link in self.rig.links():
            if link.outcome and link.outcome.kind in ("held", "skipped", "waiting"):
                told |= {(system, link.entity, side.id) for system, side in link.sides.items()}
                told.add((link.origin_system, link.entity, link.origin_id))
        for system in (LEFT, RIGHT):
            for entity in (ACCOUNT, CONTACT):
                for record_id in shown(self.rig, system, entity):
                    one = (system, entity, record_id)
                    assert one in both or one in told, f"S12: {one} never reached the other side"
        self.waits_are_real(both)

    def all_waits_over(self) -> None:
        self.waits_are_real(links_of(self.rig))
        waiting = [
            link.origin_id for link in self.rig.links() if link.outcome and link.outcome.kind == "waiting"
        ]
        assert not waiting, f"S1: {waiting} still wait"

    def waits_are_real(self, both: dict[tuple[str, str, str], str]) -> None:
        """S1: whoever waits does so for a record that is really not on both sides."""
        for link in self.rig.links():
            waits = link.outcome.waits_for if link.outcome else None
            assert waits is None or waits not in both, (
                f"S1: {link.entity} {link.origin_id} waits for {waits}, which is linked"
            )

    def again_changes_nothing(self) -> None:
        writes = self.rig.writes()
        self.everything_again()
        links = self.rig.links()
        self.everything_again()
        assert self.rig.writes() == writes, "S2: a further event caused a write"
        assert self.rig.links() == links, "S2: a further event saved a link"

    def everything_again(self) -> None:
        for system in (LEFT, RIGHT):
            for entity in (ACCOUNT, CONTACT):
                self.rig.notify(system, entity, *shown(self.rig, system, entity))
        self.rig.drain()

    def teardown(self) -> None:
        self.rig.line.on = lambda call: None
        self.settle()


TestFamily = Family.TestCase
TestFamily.settings = examples(50)

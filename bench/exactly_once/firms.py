"""Customers and their people, under a shipped flow that keeps both sides in step, on vendors in memory.

Each record has a name of its own, and each edit a value of its own, so that whatever stands anywhere in the
end can be traced to the change that put it there."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from bench.exactly_once.site import JumpingClock, Site, TheirClock
from bench.exactly_once.tally import Tally
from shared.domain.link import Link
from shared.mapping.compile import compile_flow
from shared.mapping.maps import ObjectMap
from shared.ports import Capabilities
from shared.systems.memory import MemorySystem
from tests.stories.clients import ABLE as SALES
from tests.stories.clients import Ledger
from tests.stories.customers import ABLE as TWO_WAY
from tests.stories.customers import TABLES, Vendor, of_the_kind

ABLE: Mapping[str, Capabilities] = {**SALES, **TWO_WAY}
NAMES = {"account": "name", "contact": "full_name"}
EDITED = {"account": "billing_town", "contact": "mobile"}
NEW, PERSON, TOLD = 0.4, 0.3, 0.7
"""Shares: new records, people, and changes of which the vendor tells at once. A poll finds the others."""
EXPLAINED = ("held", "skipped", "waiting")


def stamping(kind: type[MemorySystem]) -> type[MemorySystem]:
    class Stamping(kind):  # type: ignore[misc, valid-type]
        """Stamps records by its own clock."""

        theirs: TheirClock

        def _touch(self, object_name: str, record_id: str) -> None:
            super()._touch(object_name, record_id)
            self.modified[object_name, record_id] = self.theirs.now()

    return Stamping


class Firms:
    """`sides`: where people make and edit records. `alone`: no people, customers only, and hints of all."""

    def __init__(self, flow: str, sides: tuple[str, ...], random: Random, *, alone: bool = False) -> None:
        self.random, self.sides, self.clock = random, sides, JumpingClock()
        self._persons, self._told = (0.0, 1.0) if alone else (PERSON, TOLD)
        shipped = compile_flow(flow)
        off = {one: "off" for one in shipped.entities if one not in NAMES}
        compiled = compile_flow(flow, {}, off)
        self.systems: dict[str, MemorySystem] = {}
        for name in (compiled.crm, compiled.sage):
            kind = stamping(Ledger if name == "sage_50" else Vendor)
            self.systems[name] = kind(name, self.clock, capabilities=ABLE[name])
            self.systems[name].theirs = TheirClock(self.clock)  # type: ignore[attr-defined]
            self.systems[name].tables |= {"users": [], "currencies": [], "tax_codes": []}
        self.site = Site(compiled, self.systems, self.clock)
        self.made: dict[str, list[tuple[str, str, str]]] = {"account": [], "contact": []}
        self.last: dict[tuple[str, str, str], str] = {}
        self.said: set[str] = set()
        self._number = 0

    # what people do

    def change(self) -> None:
        """A new record, or an edit of one."""
        if not self.made["account"] or self.random.random() < NEW:
            self._enter(
                "contact" if self.made["account"] and self.random.random() < self._persons else "account"
            )
        else:
            self.edit()

    def _enter(self, entity: str) -> None:
        self._number += 1
        number, side = self._number, self.random.choice(self.sides)
        name = f"Company {number:06} Ltd" if entity == "account" else f"Ann Person{number:06}"
        values: dict[str, Any] = {NAMES[entity]: name}
        record_id = f"{'C' if entity == 'account' else 'P'}{number:06}"
        if entity == "account" and len(self.sides) == 1:
            values["reference"] = record_id
        if entity == "contact":
            own = [one for one in self.made["account"] if one[0] == side]
            if not own:
                return
            values["account"] = self.random.choice(own)[1]
        spec = self.map(entity, side).spec
        blank = {**dict.fromkeys(spec.fields), **of_the_kind(spec)}
        self._put(entity, side, record_id, {**blank, **self._native(entity, side, values)})
        self.made[entity].append((side, record_id, name))

    def edit(self) -> None:
        """On either side that people work on, whatever was made where."""
        entity = "contact" if self.made["contact"] and self.random.random() < self._persons else "account"
        if not self.made[entity]:
            return
        _, _, name = self.random.choice(self.made[entity])
        side = self.random.choice(self._editors(entity))
        found = self.named(entity, side).get(name)
        if not found:
            return
        self._number += 1
        token = f"Place {self._number:06}" if entity == "account" else f"07{self._number:09}"
        self._put(entity, side, found[0], self._native(entity, side, {EDITED[entity]: token}))
        self.last[entity, name, side] = token
        self.said.add(token)

    def _editors(self, entity: str) -> tuple[str, ...]:
        """Customers of a ledger are read-only elsewhere; its people are not."""
        return self.sides if entity == "account" else tuple(self.systems)

    def jump(self) -> None:
        for system in self.systems.values():
            seconds = self.random.choice((-3600, -5, 0, 7, 86_400))
            system.theirs.off = timedelta(seconds=seconds)  # type: ignore[attr-defined]

    def _put(self, entity: str, side: str, record_id: str, native: Mapping[str, Any]) -> None:
        self.systems[side].put(self.map(entity, side).spec.object, record_id, native)
        if self.random.random() < self._told:
            for _ in range(self.random.choice((1, 1, 1, 2, 3))):
                self.site.notify(side, entity, record_id)

    # what there is

    def map(self, entity: str, side: str) -> ObjectMap:
        return self.site.flow.entities[entity].maps[side]

    def _native(self, entity: str, side: str, values: dict[str, Any]) -> Mapping[str, Any]:
        return self.map(entity, side).write(values, TABLES, [])

    def named(self, entity: str, side: str) -> dict[str, list[str]]:
        """Name -> ids of the records that have it."""
        spec, found = self.map(entity, side), dict[str, list[str]]()
        for one, native in self.systems[side].objects.get(spec.spec.object, {}).items():
            name = str(spec.read(native, TABLES).get(NAMES[entity]) or "")
            found.setdefault(name, []).append(one)
        return found

    # what came of it

    def judge(self, tally: Tally) -> None:
        links = self._links()
        log = {
            str(change["lost"])
            for row in self.site.stores.log.rows()
            for change in row.changes
            if "lost" in change
        }
        written = {
            str(value)
            for system in self.systems.values()
            for _, _, _, values in system.writes
            for value in values.values()
        }
        for entity, made in self.made.items():
            there = {side: self.named(entity, side) for side in self.systems}
            for side, names in there.items():
                for name in names.keys() - {one[2] for one in made}:
                    tally.say("unexplained", f"{side} has {entity} {name!r}, which nobody entered")
            for side, record_id, name in made:
                self._one(tally, entity, (side, record_id, name), there, links, log | written)

    def _one(
        self,
        tally: Tally,
        entity: str,
        made: tuple[str, str, str],
        there: Mapping[str, Mapping[str, list[str]]],
        links: Mapping[tuple[str, str, str], Link],
        known: set[str],
    ) -> None:
        side, record_id, name = made
        copies = {system: there[system].get(name, []) for system in self.systems}
        link = links.get((side, entity, record_id))
        explained = link is not None and link.outcome is not None and link.outcome.kind in EXPLAINED
        for system, ids in copies.items():
            if len(ids) > 1:
                tally.say("doubled", f"{entity} {name} stands {len(ids)} times in {system}: {ids}")
        if not all(copies.values()):
            outcome = link.outcome if link else None
            tally.say("held" if explained else "lost", f"{entity} {name} of {side}: {copies}, {outcome}")
            return
        values = {
            system: self.map(entity, system).read(
                self.systems[system].objects[self.map(entity, system).spec.object][ids[0]], TABLES
            )[EDITED[entity]]
            for system, ids in copies.items()
        }
        if len(set(values.values())) > 1:
            tally.say("held" if explained else "stale", f"{entity} {name}: {values}, {link and link.outcome}")
            return
        final = next(iter(values.values()))
        for system in self._editors(entity):
            token = self.last.get((entity, name, system))
            if token is not None and token != final and token not in known:
                tally.say("lost", f"{token} of {system} on {name}: {final} stands, and no log names it")
        if final and final not in self.said:
            tally.say("unexplained", f"{final} on {name}, which nobody entered")

    def _links(self) -> dict[tuple[str, str, str], Link]:
        return {
            (system, link.entity, side.id): link
            for link in self.site.links()
            for system, side in link.sides.items()
        } | {(link.origin_system, link.entity, link.origin_id): link for link in self.site.links()}

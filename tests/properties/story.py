"""What people did in a run and what became of it: the ledger against which the invariants are checked.

Every edit writes a fresh value, so that its fate can be traced through records and log.
"""

from dataclasses import dataclass, field
from typing import Any

from shared.domain.link import LogRow
from tests.properties.pair import (
    IN_USE,
    LEFT,
    OBJECTS,
    ONCE,
    PATHS,
    RIGHT,
    SOURCES,
    USUAL,
    Vendors,
    archived,
    edit,
    records,
)
from tests.properties.rig import Rig

OTHER = {LEFT: RIGHT, RIGHT: LEFT}


@dataclass(frozen=True)
class Edit:
    number: int
    system: str
    record_id: str
    field: str
    value: Any


@dataclass
class Story:
    rig: Rig
    vendors: Vendors = USUAL
    edits: list[Edit] = field(default_factory=list)
    lost: set[tuple[str, str, str]] = field(default_factory=set)
    """(system, field, value) of every losing value the log ever named."""
    agreed: set[tuple[str, str]] = field(default_factory=set)
    """(field, value) that both sides showed at a quiet moment."""
    agreed_at: int = 0
    rows: list[LogRow] = field(default_factory=list)
    """What was logged since the log was last looked at."""
    deleted: set[tuple[str, str]] = field(default_factory=set)
    buried: set[tuple[str, str]] = field(default_factory=set)
    """Those of them that a link knew. What vanishes before its maker has heard of it leaves nothing to be
    known by."""
    made: int = 0
    unseen: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """Records that were edited when their counterpart's deletion was not known yet, and what was entered:
    nobody may put these out of use, unless all of it lost a conflict before and was named."""
    forgot: bool = False
    """Whether storage was put back to an earlier state: what was agreed then may compete again."""
    winners: list[tuple[str, str]] = field(default_factory=list)
    """Records that others were merged into."""
    past: set[int] = field(default_factory=set)
    """Edits that were superseded before storage was put back."""
    dropped_edits: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for system in (LEFT, RIGHT):
            self._watch(system)
        append = self.rig.stores.log.append

        def noted(rows: Any) -> None:
            append(rows)
            self.rows += rows
            self._seen(rows)

        self.rig.stores.log.append = noted  # type: ignore[method-assign]

    def _watch(self, system: str) -> None:
        """Looks at every patch that would put a record out of use."""
        update = self.rig.systems[system].update

        def watched(spec: Any, patches: Any) -> Any:
            self.dropped_edits += [
                f"{system} {one.id}"
                for one in patches
                if IN_USE in one.values and (system, one.id) in self.unseen
            ]
            return update(spec, patches)

        self.rig.systems[system].update = watched  # type: ignore[method-assign]

    def _seen(self, rows: Any) -> None:
        for row in rows:
            for change in row.changes:
                key = (change.get("system", ""), row.records.get(change.get("system"), ("",))[0])
                if "lost" in change and self.unseen.get(key, {}).get(change["field"], self) == change["lost"]:
                    self._lost_unseen(key, change["field"])

    def _lost_unseen(self, key: tuple[str, str], name: str) -> None:
        self.unseen[key].pop(name)
        if not self.unseen[key]:
            self.unseen.pop(key)

    def fresh(self, name: str) -> str:
        return f"{len(self.edits):03d}{name[0]} A&amp;B \U0001f600-Value"

    def create(self, system: str, names: tuple[str, ...] = ("name", "email")) -> str:
        self.made += 1
        record_id = f"{system}#{self.made}"
        edit(self.rig, system, record_id)
        for name in names:
            self.change(system, record_id, name)
        return record_id

    def change(self, system: str, record_id: str, name: str, *, clear: bool = False) -> None:
        value = None if clear else self.vendors.form(system, name, self.fresh(name))
        self.edits.append(Edit(len(self.edits), system, record_id, name, value))
        before = records(self.rig, system)[record_id][name]
        edit(self.rig, system, record_id, **{name: value})
        if (
            SOURCES.get(name, system) == system
            and value != before
            and self._widowed(system, record_id)
            and (record_id not in archived(self.rig, system))
        ):
            self.unseen.setdefault((system, record_id), {})[name] = value
            if self._as_before(system, record_id):
                self.unseen.pop((system, record_id))

    def _as_before(self, system: str, record_id: str) -> bool:
        """Whether an edit was taken back before anybody could see it: the deletion is not known yet
        either."""
        sides = next(
            link.sides
            for link in self.rig.links()
            if system in link.sides and link.sides[system].id == record_id
        )
        shown = self.rig.systems[system].objects[OBJECTS[system]][record_id]
        known = any(side.gone for side in sides.values())
        return not known and self._own(system, shown) == self._own(system, sides[system].seen)

    def _own(self, system: str, values: Any) -> dict[str, Any]:
        """What people enter on that side."""
        return {
            path: values.get(path)
            for name, path in PATHS[system].items()
            if SOURCES.get(name, system) == system and name not in ONCE
        }

    def delete(self, system: str, record_id: str) -> None:
        self._bury(system, record_id)
        self.rig.systems[system].drop(OBJECTS[system], record_id)
        for other, left, seen in self._others(system, record_id):
            shown = self.rig.systems[other].objects[OBJECTS[other]].get(left, {})
            own, before = self._own(other, shown), self._own(other, seen)
            if own != before:
                names = {path: name for name, path in PATHS[other].items()}
                self.unseen[(other, left)] = {
                    names[path]: value for path, value in own.items() if value != before[path]
                }

    def merge(self, system: str, loser: str, winner: str) -> None:
        """A person merges two records: what the loser showed is gone by that person's own decision. Where the
        winner takes the loser's place in its link, what the winner shows was decided now, however long ago it
        was entered."""
        decided = bool(self._others(system, loser)) and not self._others(system, winner)
        self._bury(system, loser)
        self.rig.systems[system].merge(OBJECTS[system], loser, winner)
        self.winners.append((system, winner))
        if decided:
            self._decided(system, winner)

    def _decided(self, system: str, winner: str) -> None:
        """What the record shows was chosen by a person now."""
        self.edits += [
            Edit(len(self.edits) + number, system, winner, name, value)
            for number, (name, value) in enumerate(records(self.rig, system).get(winner, {}).items())
            if SOURCES.get(name, system) == system
        ]

    def _bury(self, system: str, record_id: str) -> None:
        self.deleted.add((system, record_id))
        if self._others(system, record_id) and self._known_to_its_maker(system, record_id):
            self.buried.add((system, record_id))

    def _known_to_its_maker(self, system: str, record_id: str) -> bool:
        """Not when the answer to its create was lost, and another link has it now: by a merge, say."""
        key, _ = self.rig.systems[system].made.get((OBJECTS[system], record_id), ("", None))
        return not key or any(
            link.link_id == key.partition("-")[0]
            for link in self.rig.links()
            if system in link.sides and link.sides[system].id == record_id
        )

    def _others(self, system: str, record_id: str) -> list[tuple[str, str, Any]]:
        return [
            (other, side.id, side.seen)
            for link in self.rig.links()
            if system in link.sides and link.sides[system].id == record_id
            for other, side in link.sides.items()
            if other != system
        ]

    def _widowed(self, system: str, record_id: str) -> bool:
        return any((other, left) in self.deleted for other, left, _ in self._others(system, record_id))

    # the log

    def read_log(self) -> None:
        """Notes what lost since the last look, and that nobody else's or agreed value was called a loser
        (S4)."""
        rows, self.rows = self.rows, []
        for row in rows:
            for change in row.changes:
                if "lost" in change:
                    self._lose(change["system"], change["field"], change["lost"])

    def _lose(self, system: str, name: str, value: Any) -> None:
        self.lost.add((system, name, str(value)))
        if value is None:
            return
        entered = any(
            (self.forgot or one.system == system or self.vendors.forms)
            and one.field == name
            and value in (one.value, self.vendors.form(system, name, one.value))
            for one in self.edits
        )
        assert entered, f"S4: the log says {system} lost {name}={value!r}, which nobody entered there"
        assert self.forgot or (name, value) not in self.agreed, (
            f"S4: {name}={value!r} was agreed before it was called a loser"
        )

    def returned(self) -> list[tuple[str, str]]:
        """Agreed values that came back over a later edit, though nobody entered them again: a stale copy
        competed (S4)."""
        together = self.together()
        found: list[tuple[str, str]] = []
        for number, link in enumerate(self.rig.links()):
            newer = {
                one.field
                for one in self.edits[self.agreed_at :]
                if together.get((one.system, one.record_id)) == number
            }
            if (
                not link.held
                and not any(side.gone for side in link.sides.values())
                and (link.outcome is None or link.outcome.kind != "held")
            ):
                found += [
                    (name, link.base[name].value)
                    for name in ("name", "email")
                    if name in newer and name in link.base and (name, link.base[name].value) in self.agreed
                ]
        return found

    def agree(self) -> None:
        """At a quiet moment: what both sides of a link show is settled."""
        self.agreed_at = len(self.edits)
        for link in self.rig.links():
            if any(side.gone for side in link.sides.values()):
                continue
            for name, base in link.base.items():
                if name not in link.held and base.value is not None:
                    self.agreed.add((name, base.value))

    def forget(self) -> None:
        """Storage was put back: what was agreed since is agreed no more, and what was superseded stays so."""
        together = self.together()
        self.past |= {one.number for one in self.edits if self._superseded(one, together)}
        self.agreed.clear()
        self.forgot = True
        for (
            system,
            winner,
        ) in self.winners:  # a link that was lost no longer keeps the winner from taking the loser's place
            self._decided(system, winner)

    # fates

    def together(self) -> dict[tuple[str, str], int]:
        """(system, record id) -> number of its link; a record without a link stands alone."""
        found, links = {}, self.rig.links()
        for number, link in enumerate(links):
            for system, side in link.sides.items():
                found[(system, side.id)] = number
        for system in (LEFT, RIGHT):
            for record_id in records(self.rig, system):
                found.setdefault((system, record_id), len(found) + 1000)
        return found

    def untraced(self) -> list[Edit]:
        """Edits that are neither final, nor superseded by a later one on that link and field, nor named as
        losers (S3).

        An edit against a field's direction is not traced: a side that cannot contribute need not be read
        before it is written.
        """
        together, shown = self.together(), {system: records(self.rig, system) for system in (LEFT, RIGHT)}
        return [
            one
            for one in self.edits
            if one.value is not None
            and SOURCES.get(one.field, one.system) == one.system
            and (one.system, one.record_id) not in self.deleted
            and one.number not in self.past
            and not self._final(one, together, shown)
            and not self._superseded(one, together)
            and (one.system, one.field, str(one.value)) not in self.lost
        ]

    def _final(
        self, one: Edit, together: dict[tuple[str, str], int], shown: dict[str, dict[str, Any]]
    ) -> bool:
        return shown[one.system].get(one.record_id, {}).get(one.field) == one.value

    def _superseded(self, one: Edit, together: dict[tuple[str, str], int]) -> bool:
        link = together.get((one.system, one.record_id))
        return any(
            later.field == one.field
            and later.number > one.number
            and together.get((later.system, later.record_id)) == link
            for later in self.edits
        )

    def invented(self) -> list[tuple[str, str, str, Any]]:
        """Values on any side that nobody entered (S5)."""
        entered = {
            (
                one.field,
                self.vendors.form(system, one.field, self.vendors.form(one.system, one.field, one.value)),
            )
            for one in self.edits
            for system in (LEFT, RIGHT)
        }
        return [
            (system, record_id, name, value)
            for system in (LEFT, RIGHT)
            for record_id, values in records(self.rig, system).items()
            for name, value in values.items()
            if value is not None and (name, value) not in entered
        ]


__all__ = ["OTHER", "PATHS", "Edit", "Story"]

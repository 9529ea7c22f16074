"""What people did in a run and what became of it: the ledger against which the invariants are checked.

Every edit writes a fresh value, so that its fate can be traced through records and log.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.properties.pair import FIELDS, LEFT, OBJECTS, PATHS, RIGHT, SOURCES, edit, records, shown_as
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
    edits: list[Edit] = field(default_factory=list)
    lost: set[tuple[str, str, str]] = field(default_factory=set)
    """(system, field, value) of every losing value the log ever named."""
    agreed: set[tuple[str, str]] = field(default_factory=set)
    """(field, value) that both sides showed at a quiet moment."""
    agreed_at: int = 0
    read_rows: set[str] = field(default_factory=set)
    deleted: set[tuple[str, str]] = field(default_factory=set)
    made: int = 0

    def fresh(self, name: str) -> str:
        return f"{len(self.edits):03d}{name}-Value"

    def create(self, system: str, names: tuple[str, ...] = ("name", "email")) -> str:
        self.made += 1
        record_id = f"{system}#{self.made}"
        edit(self.rig, system, record_id)
        for name in names:
            self.change(system, record_id, name)
        return record_id

    def change(self, system: str, record_id: str, name: str, *, clear: bool = False) -> None:
        value = None if clear else shown_as(system, name, self.fresh(name))
        self.edits.append(Edit(len(self.edits), system, record_id, name, value))
        edit(self.rig, system, record_id, **{name: value})

    def delete(self, system: str, record_id: str) -> None:
        self.deleted.add((system, record_id))
        self.rig.systems[system].drop(OBJECTS[system], record_id)

    # the log

    def read_log(self) -> None:
        """Notes what lost since the last look, and that nobody else's or agreed value was called a loser (S4)."""
        for row in self.rig.stores.log.rows(limit=100_000):
            if row.seq in self.read_rows:
                continue
            self.read_rows.add(row.seq)
            for change in row.changes:
                if "lost" in change:
                    self._lose(change["system"], change["field"], change["lost"])

    def _lose(self, system: str, name: str, value: Any) -> None:
        self.lost.add((system, name, str(value)))
        if value is None:
            return
        entered = any(one.system == system and one.field == name and one.value == value for one in self.edits)
        assert entered, f"S4: the log says {system} lost {name}={value!r}, which nobody entered there"
        assert (name, value) not in self.agreed, f"S4: {name}={value!r} was agreed before it was called a loser"

    def returned(self) -> list[tuple[str, str]]:
        """Agreed values that came back over a later edit, though nobody entered them again: a stale copy competed (S4)."""
        together, found = self.together(), []
        for number, link in enumerate(self.rig.links()):
            newer = {one.field for one in self.edits[self.agreed_at:]
                     if together.get((one.system, one.record_id)) == number}
            if not link.held and not any(side.gone for side in link.sides.values()) and link.outcome.kind != "held":
                found += [(name, link.base[name].value) for name in ("name", "email")
                          if name in newer and name in link.base and (name, link.base[name].value) in self.agreed]
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
        """Edits that are neither final, nor superseded by a later one on that link and field, nor named as losers (S3).

        An edit against a field's direction is not traced: a side that cannot contribute need not be read before it is written.
        """
        together, shown = self.together(), {system: records(self.rig, system) for system in (LEFT, RIGHT)}
        return [one for one in self.edits if one.value is not None and SOURCES.get(one.field, one.system) == one.system
                and (one.system, one.record_id) not in self.deleted
                and not self._final(one, together, shown) and not self._superseded(one, together)
                and (one.system, one.field, str(one.value)) not in self.lost]

    def _final(self, one: Edit, together: dict[tuple[str, str], int], shown: dict[str, dict[str, Any]]) -> bool:
        return shown[one.system].get(one.record_id, {}).get(one.field) == one.value

    def _superseded(self, one: Edit, together: dict[tuple[str, str], int]) -> bool:
        link = together.get((one.system, one.record_id))
        return any(later.field == one.field and later.number > one.number and
                   together.get((later.system, later.record_id)) == link for later in self.edits)

    def invented(self) -> list[tuple[str, str, str, Any]]:
        """Values on any side that nobody entered (S5)."""
        entered = {(one.field, shown_as(system, one.field, one.value)) for one in self.edits for system in (LEFT, RIGHT)}
        return [(system, record_id, name, value) for system in (LEFT, RIGHT)
                for record_id, values in records(self.rig, system).items() for name, value in values.items()
                if value is not None and (name, value) not in entered]


def apart(rig: Rig) -> list[tuple[str, str, Any, Any]]:
    """Linked fields where the sides do not both show their form of base, though nothing is held (S1)."""
    found = []
    shown = {system: records(rig, system) for system in (LEFT, RIGHT)}
    for link in rig.links():
        if any(side.gone for side in link.sides.values()) or (link.outcome and link.outcome.kind == "held" and not link.held):
            continue
        for name in FIELDS:
            if name in link.held or name not in link.base:
                continue
            for system, side in link.sides.items():
                if side.id not in shown[system]:
                    continue  # its deletion was not noticed yet
                value, wanted = shown[system].get(side.id, {}).get(name), shown_as(system, name, link.base[name].value)
                if value != wanted:
                    found.append((system, f"{side.id}.{name}", value, wanted))
    return found


def doubled(rig: Rig) -> list[str]:
    """Records in two links, and links or keys with two records on a side (S6)."""
    seen: dict[tuple[str, str], str] = {}
    faults = []
    for link in rig.links():
        for system, side in link.sides.items():
            if seen.setdefault((system, side.id), link.link_id) != link.link_id:
                faults.append(f"{system} {side.id} is in two links")
    for system in (LEFT, RIGHT):
        keys = [values["tieoutKey"] for values in rig.systems[system].objects.get(OBJECTS[system], {}).values()
                if values.get("tieoutKey")]
        faults += [f"{system} holds {keys.count(key)} records with key {key}" for key in set(keys) if keys.count(key) > 1]
    return faults


__all__ = ["OTHER", "PATHS", "Edit", "Story", "apart", "doubled"]

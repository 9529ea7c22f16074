"""The language that the stories are told in: two systems, a queue, and the real Tieout between them.

Everything but the vendors and AWS is real: the shipped rules, polls, queue, engine, log. Records are told in
the words of the rules (`name`, `phone`), whatever the vendors call them, and blanks are left out.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from shared.domain.link import Cause, ChangeEvent, LogRow, Outcome
from shared.operations.missing import Question
from shared.operations.undo import Undone, undo
from tests.properties.rig import Rig

Values = dict[str, Any]
Then = BaseException | type[BaseException] | Callable[[], object]


class World:
    """What may happen to any two systems, and what Tieout then says of it."""

    entity: str

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.told: set[str] = set()

    # what Tieout does

    def sync(self, minutes: float = 15) -> None:
        """Some time goes by, then both lists are polled and everything that this finds is done."""
        self.rig.clock.advance(60 * minutes)
        self.rig.poll()
        self.rig.drain()

    def event(self, system: str, record: str, entity: str = "", cause: Cause = "webhook") -> ChangeEvent:
        return self.rig.event(system, entity or self.entity, self.id_of(system, record, entity), cause)

    def hear(self, system: str, *records: str, entity: str = "") -> None:
        """The vendor's hook tells of these records, and one worker handles it all as one batch."""
        self.rig.handle([self.event(system, record, entity) for record in records])

    def wait(self, *, minutes: float = 0, hours: float = 0) -> None:
        """What was sent again is handled as it falls due; with hours, there are polls and reconciles too."""
        for _ in range(round(minutes)):
            self.rig.clock.advance(60)
            self.rig.drain()
        self.rig.run_on(hours)

    def undo(self, run_id: str) -> list[Undone]:
        return list(undo(self.rig.services(), run_id))

    def asked(self, system: str, entity: str = "") -> Question:
        """The one question that is open about that list."""
        (found,) = [
            one
            for one in self.rig.questions()
            if (one.system, one.entity) == (system, entity or self.entity) and one.records
        ]
        return found

    # what goes wrong

    @contextmanager
    def at(self, call: str, then: Then) -> Iterator[None]:
        """Once, before the next `call` ("sage_50.create") or after its effect ("sage_50.create done")."""

        def on(now: str) -> None:
            if now != call:
                return
            self.rig.line.on = lambda now: None
            if isinstance(then, (BaseException, type)):
                raise then
            then()

        self.rig.line.on = on
        yield
        assert self.rig.line.calls and self.rig.line.on is not on, f"nobody called {call}"

    # what is there now

    def native(self, system: str, entity: str = "") -> dict[str, Values]:
        """record id -> values in the vendor's own words."""
        spec = self.rig.flow.entities[entity or self.entity].maps[system].spec
        return self.rig.systems[system].objects.get(spec.object, {})

    def id_of(self, system: str, record: str, entity: str = "") -> str:
        """The record's id on that side: its own, or that of the one it is linked with."""
        if record in self.native(system, entity):
            return record
        for link in self.rig.links():
            if any(side.id == record for side in link.sides.values()) and system in link.sides:
                return link.sides[system].id
        return record

    def linked(self) -> list[Mapping[str, str]]:
        """For each link, system -> record id."""
        return [{system: side.id for system, side in link.sides.items()} for link in self.rig.links()]

    # what the log says

    def rows(self, of: str = "") -> list[LogRow]:
        """What was logged since `forget`, oldest first; with `of`, of this record alone."""
        rows = self.rig.stores.log.rows()[::-1]
        return [row for row in rows if row.seq not in self.told and of in ("", row.record_id)]

    def log(self) -> list[str]:
        """The kinds of all outcomes."""
        return [row.outcome.kind for row in self.rows()]

    def forget(self) -> None:
        """Only what is logged from here on belongs to the story."""
        self.told |= {row.seq for row in self.rig.stores.log.rows()}

    def says(self, kind: str, *words: str, rule: str = "", field: str = "", of: str = "") -> Outcome:
        """The last row of the log is of this kind, was decided by this rule and field, and has these
        words."""
        outcome = self.rows(of)[-1].outcome
        text = " ".join([outcome.reason, outcome.value, *outcome.notes])
        missing = [word for word in words if word not in text]
        asked = (kind, rule or outcome.rule, field or outcome.field)
        assert (outcome.kind, outcome.rule, outcome.field) == asked, f"the log says {outcome}"
        assert not missing, f"the log names no {missing}: {outcome}"
        return outcome

    def lost(self) -> list[tuple[str, str, Any]]:
        """(system, field, value) of what was overwritten, or not taken over: it is kept in the log."""
        changes = [change for row in self.rows() for change in row.changes if "lost" in change]
        return [(change["system"], change["field"], change["lost"]) for change in changes]

"""The work on one record within a batch.

Only the methods here change the link: each is one thing that happens to it.
"""

from collections.abc import Mapping
from datetime import datetime

from shared.domain.link import ChangeEvent, Lease, Link, Outcome, Side
from shared.domain.record import replace
from shared.mapping.model import EntityFlow
from shared.sync.engine.parts import Done, Found, Held, Plan
from shared.sync.engine.result import Deferred, Ended, Failed, Result
from shared.sync.observe import Observation


class Job:
    """What is held, found, planned and done for one record, and how it ended."""

    __slots__ = ("done", "flow", "found", "held", "plan", "result")

    def __init__(
        self,
        event: ChangeEvent,
        flow: EntityFlow,
        link: Link,
        stored: Link | None = None,
        lease: Lease | None = None,
    ) -> None:
        self.flow = flow
        """What the flow says of this entity."""
        self.held = Held(event, link, stored, lease)
        self.found, self.plan, self.done = Found(), Plan(), Done()
        self.result: Result | None = None

    @property
    def event(self) -> ChangeEvent:
        return self.held.event

    @property
    def link(self) -> Link:
        return self.held.link

    @property
    def source(self) -> str:
        return self.held.event.system

    @property
    def open(self) -> bool:
        return self.result is None

    def unknown_create(self) -> bool:
        return self.held.unknown is not None and self.held.unknown.kind == "create"

    # What happens to the link.

    def set_sides(self, sides: Mapping[str, Side]) -> None:
        """These sides are now so; the others stay."""
        self.held.change(sides={**self.link.sides, **sides})

    def set_tombstone(self, at: datetime | None) -> None:
        self.held.change(tombstone=at)

    def set_writes(self, writes: Mapping[str, tuple[str, ...]]) -> None:
        self.held.change(writes=writes)

    def take_over(self, observation: Observation) -> None:
        """The link after an observation, and what the log has to say of it."""
        self.held.link = observation.link
        self.done.changes = [*self.done.changes, *observation.changes]

    def renew_key(self) -> None:
        """The next create has a key of its own."""
        self.held.change(generation=self.link.generation + 1)

    def was_saved(self, link: Link, lease: Lease) -> None:
        """`link` was just saved, under a lease of ours."""
        held = self.held
        held.link, held.saved, held.kept, held.leased, held.lease = link, link.version, link, True, lease

    def drop_unsaved(self) -> None:
        """Back to the link that was last saved in this pass."""
        assert self.held.kept is not None
        self.held.link = self.held.kept

    def work_on(self, link: Link, stored: Link | None, lease: Lease | None) -> None:
        """Another link than the one the event was first taken to belong to."""
        held = self.held
        held.link, held.stored, held.saved, held.lease = link, stored, link.version, lease
        held.claimed.clear()

    def again(self) -> None:
        """Back to what is stored, to be read anew instead of by the poll's snapshot. Only an adoption stays:
        it was saved before the first look."""
        held, adopted = self.held, self.done.adopted
        said = held.link.left_out
        held.link = held.stored or replace(held.link, base={}, sides={}, held={})
        held.link = replace(held.link, left_out=said)
        held.event = replace(held.event, snapshot=None)
        self.found, self.plan, self.done = Found(), Plan(), Done()
        self.done.adopted = adopted

    def follow(self, record_id: str) -> None:
        """The event is of that record from now on, which stands where its own one stood."""
        held = self.held
        held.merged.add(held.event.subject)
        held.event = replace(held.event, record_id=record_id, snapshot=None, observed_at=None)

    # How the job ends. First word wins: a job that has ended stays ended.

    def end(self, outcome: Outcome) -> None:
        if self.result is None:
            self.result = Ended(outcome)

    def defer(self, seconds: float, reason: str, *, started: bool = True) -> None:
        if self.result is None:
            self.result = Deferred(seconds, reason, started)

    def fail(self, error: Exception) -> None:
        if self.result is None:
            self.result = Failed(error)

"""The work on one record within a batch: what was loaded, read and decided, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.domain.link import ChangeEvent, Intent, Lease, Link, Outcome
from shared.domain.record import record, replace
from shared.mapping.model import EntityFlow
from shared.ports import Reading


@record
class Done:
    outcome: Outcome


@record
class Defer:
    """Come back after `seconds`. `started` False: nothing was tried, so it does not count as an attempt."""

    seconds: float
    reason: str
    started: bool = True


@record
class Fail:
    """An unexpected fault: the message goes back to SQS, and in the end to the dead-letter queue."""

    error: Exception


Result = Done | Defer | Fail


@dataclass
class Job:
    """`link` is the working copy, `saved` the version it was loaded or last committed with."""

    event: ChangeEvent
    flow: EntityFlow
    link: Link
    saved: int = 0
    stored: Link | None = None
    lease: Lease | None = None
    holding: bool = False
    kept: Link | None = None
    """The link as it was last saved in this pass."""
    unknown: Intent | None = None
    """A vendor write that may or may not have happened. Only a saved answer clears it."""
    looked: bool = False
    from_snapshot: bool = False
    readings: dict[str, Reading] = field(default_factory=dict)
    views: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    references: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    payload: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    changes: list[Mapping[str, Any]] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    wrote: dict[str, set[str]] = field(default_factory=dict)
    """system -> canonical fields that were written to it in this pass."""
    adopted: list[str] = field(default_factory=list)
    due: dict[str, dict[str, Any]] = field(default_factory=dict)
    """system -> canonical fields it still has to get."""
    native: dict[str, dict[str, Any]] = field(default_factory=dict)
    """system -> native values it gets apart from the map: what puts a record out of use."""
    locked: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Fields that the target no longer takes -> (wanted, shown there)."""
    refusal: Outcome | None = None
    """What a side shows that the other cannot hold, where nothing is to be written for it."""
    late: set[str] = field(default_factory=set)
    """References that the new record was made without."""
    awaits: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """References left out for the time being -> (system, entity, id) of what they lead to."""
    totals: dict[str, Any] = field(default_factory=dict)
    """system -> the total that its answer must show."""
    moved: list[tuple[str, str, str]] = field(default_factory=list)
    """Pointers of records that were merged into others."""
    lost: list[str] = field(default_factory=list)
    """Systems where the record turned out to be gone in this pass."""
    merged: set[tuple[str, str, str]] = field(default_factory=set)
    """Subjects of further events that reached this link in the same batch."""
    verdict: Outcome | None = None
    """How the job ends once everything else was done, where that is not for what was done to say."""
    result: Result | None = None
    news: bool = False
    """Whether its link was saved with something new at the end."""

    @property
    def open(self) -> bool:
        return self.result is None

    @property
    def source(self) -> str:
        return self.event.system

    def hold(self, link: Link, lease: Lease) -> None:
        """`link` was just saved, under this lease."""
        self.link, self.saved, self.kept, self.holding, self.lease = link, link.version, link, True, lease

    def unknown_create(self) -> bool:
        return self.unknown is not None and self.unknown.kind == "create"

    def again(self) -> None:
        """Back to what is stored, to be read anew instead of by the poll's snapshot."""
        self.link = self.stored or replace(self.link, base={}, sides={}, held={})
        self.event = replace(self.event, snapshot=None)
        self.readings, self.views, self.changes, self.due = {}, {}, [], {}
        self.native, self.locked, self.lost, self.refusal, self.awaits = {}, {}, [], None, {}
        self.verdict = None
        self.from_snapshot = False

    def end(self, outcome: Outcome) -> None:
        """First word wins: a job that has ended stays ended."""
        if self.result is None:
            self.result = Done(outcome)

    def defer(self, seconds: float, reason: str, *, started: bool = True) -> None:
        if self.result is None:
            self.result = Defer(seconds, reason, started)

    def fail(self, error: Exception) -> None:
        if self.result is None:
            self.result = Fail(error)

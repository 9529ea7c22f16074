"""The stored facts: what joins two records, what was last agreed, what was last seen, and what is being
tried.

All of these are observations. Work is derived from them, never queued as truth: side `s` is behind on field
`f` when `side.rev[f] < base[f].rev`. Everything here is plain data; JSON forms live in `codec.py`.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Literal

from shared.domain.answer import Answer, LeftOut
from shared.domain.record import record
from shared.domain.rules import AnyRule

SCHEMA = 2
"""2: lines have ids of ours."""

Cause = Literal["webhook", "poll", "reconcile", "dependency", "manual", "retry"]
OutcomeKind = Literal["created", "updated", "unchanged", "skipped", "waiting", "held", "parked", "failed"]
REVISITED: tuple[OutcomeKind, ...] = ("skipped", "held", "waiting", "failed")
"""Outcomes that a new rules version may change, so they are queued again."""


@record
class ChangeEvent:
    """A hint that a record may have changed. Self-contained: a message replayed weeks later needs nothing
    else.

    `snapshot` holds the native values a poll read at `observed_at`; left out when over 64 KB.
    """

    integration: str
    system: str
    entity: str
    record_id: str
    cause: Cause
    run_id: str
    first_seen_at: datetime
    attempt: int = 0
    snapshot: Mapping[str, Any] | None = None
    observed_at: datetime | None = None
    snapshot_version: str | None = None
    schema: int = SCHEMA
    missed_at: datetime | None = None
    """When a sweep read the whole list again and still did not find a record that was known to be gone."""
    answer: Answer | None = None
    """What a person says of the record."""

    @property
    def subject(self) -> tuple[str, str, str]:
        return (self.system, self.entity, self.record_id)


@record
class Base:
    """The agreed value of one field. `origin` is the system it came from; `rev` grows with each change."""

    value: Any
    rev: int
    origin: str

    def __init__(self, value: Any, rev: int, origin: str) -> None:
        own = self.__dict__
        own["value"], own["rev"], own["origin"] = value, rev, origin


@record
class Side:
    """One system's record as last observed.

    `seen` holds the mapped *native* values under `rules_version`; `rev` says which base revision each
    canonical field has; `label` is what people call the record (an order number, a name). `gone` marks a side
    that no longer exists.
    """

    id: str
    version: str | None = None
    seen: Mapping[str, Any] = field(default_factory=dict)
    rev: Mapping[str, int] = field(default_factory=dict)
    rules_version: str = ""
    observed_at: datetime | None = None
    written_at: datetime | None = None
    label: str = ""
    gone: bool = False
    shown: Mapping[str, Any] | None = None
    """The values the record had, if they differ from `seen`: a held field keeps its old `seen` until it is
    settled."""
    earlier: Mapping[str, Mapping[str, str]] | None = None
    """Native path -> canonical value -> the native value that stood for it before a write of ours (see
    `sync/earlier.py`)."""
    lines: tuple[str, ...] = ()
    """Our id of each line in `seen`, in the same order; empty where that is not known, or there are none."""
    gone_at: datetime | None = None
    """When it was first seen to be gone; None while it is there."""
    removed_at: datetime | None = None
    """When we set out to delete it for good, because its counterpart was deleted."""


@record
class Outcome:
    """What became of one event, in words that a bookkeeper understands.

    `rule`, `field` and `value` name what decided; `waits_for` is (system, entity, key) for `waiting`.
    """

    kind: OutcomeKind
    reason: str
    rule: AnyRule = ""
    field: str = ""
    value: str = ""
    notes: tuple[str, ...] = ()
    waits_for: tuple[str, str, str] | None = None
    until: datetime | None = None


@record
class Link:
    """Joins the records of one real thing. `link_id` is our key, computed from the origin, so it can always
    be found again.

    `version` counts saves (0: never saved). `generation` grows when the next create needs a key of its own.
    `status` holds the last outcome; `pending` says a side is still behind, whatever the outcome.
    """

    link_id: str
    entity: str
    origin_system: str
    origin_id: str
    version: int = 0
    generation: int = 0
    base: Mapping[str, Base] = field(default_factory=dict)
    sides: Mapping[str, Side] = field(default_factory=dict)
    outcome: Outcome | None = None
    pending: bool = False
    rules_version: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    """Frozen field -> reason; other fields continue."""
    writes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Recent write times per `system.field`, for the flapping breaker."""
    tombstone: datetime | None = None
    retired: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """system -> the native values that putting its record out of use replaced."""
    updated_at: datetime | None = None
    schema: int = SCHEMA
    lines: tuple[str, ...] = ()
    """Our id of each agreed line, in the order of `base["lines"]`. "7~3": line 7, which was split from 3."""
    row: "LogRow | None" = None
    """What the log has to say of this save. It is saved with the link, so that it cannot be lost, and brought
    to the log right after; the next pass over the link makes sure that it is there."""
    left_out: LeftOut | None = None
    """Set while a person has left the record out for good: nothing is written to either side."""

    def stands_for(self, system: str, record_id: str) -> bool:
        """False when that side is a different record by now."""
        side = self.sides.get(system)
        return side is None or side.id in ("", record_id)


@record
class Intent:
    """A write to a vendor, saved before it is made: after a crash, a worker needs it to look before writing.

    `before` is the target's state that the write replaces, so that undo survives a crash.
    """

    system: str
    kind: Literal["create", "update", "remove"]
    key: str
    started_at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None


@record
class Lease:
    """Who may write for a link and until when, and what they were about to write.

    An `intent` on a lease that ended means the outcome is unknown.
    """

    owner: str
    until: datetime
    intent: Intent | None = None


LIST = "*"
"""The record id of a log row that speaks of a whole list."""

ANY = "*"
"""In place of a record's id: something of this list changed, and the webhook does not say what."""
MARK = "#"
"""The first character of a wait's key that is a note of our own, and not a record's id or name."""
MAKING = f"{MARK}making"
"""The key under which a create under way is noted; no record has it as its id."""


@record
class Wait:
    """`event` is sent again when (system, entity, key) has been carried over."""

    system: str
    entity: str
    key: str
    event: ChangeEvent


@record
class LogRow:
    """One outcome in the log. `records` is system -> (record id, label, address or ""). `number`: what people
    call the record beside that, where no label or id has it; so that it can be searched for."""

    at: datetime
    run_id: str
    system: str
    entity: str
    record_id: str
    cause: str
    outcome: Outcome
    link_id: str = ""
    label: str = ""
    records: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    rules_version: str = ""
    changes: tuple[Mapping[str, Any], ...] = ()
    """Field by field: {field, system, before, after} and, for conflicts, {field, system, lost}."""
    attempt: int = 0
    seq: str = ""
    number: str = ""

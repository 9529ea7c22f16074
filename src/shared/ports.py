"""The seams of Tieout: what the sync core asks of vendors and of storage.

Every port is a Protocol with at least two implementations, a real one and a memory twin, that pass one contract
suite (`tests/contract`). Native values are what a vendor's JSON holds, with numbers as `Decimal`; canonical values
are what `shared.entities` declares. Times are timezone-aware UTC datetimes unless a name ends in `_seconds`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from shared.errors import SyncError
from shared.record import record
from shared.settings import Integration, IntegrationState
from shared.sync.link import ChangeEvent, Lease, Link, LogRow, Wait

Native = str | bool | int | Decimal | None | list[Any] | dict[str, Any]
Values = dict[str, Native]


# ---------------------------------------------------------------- what a rule file tells a connector


@record
class Condition:
    """One line of a poll filter. `blank` means NULL or the empty string."""

    field: str
    op: Literal["equals", "not_equals", "in", "blank", "not_blank", "gt", "gte", "lt", "lte"]
    value: str | tuple[str, ...] | None = None


@record
class Related:
    """A record (or list of records) reached through a link and read in the same call where the API allows.

    Its values appear in a snapshot as `name.field`, or, with `many`, as a list of dicts under `name`.
    """

    name: str
    link: str
    object: str
    id_field: str | None
    fields: tuple[str, ...]
    many: bool = False


@record
class ObjectSpec:
    """How one system spells one entity: compiled from `systems/<system>/<entity>.toml`.

    `fields` are the native paths that are mapped, filtered on or compared. `key_path` is the native field that holds our
    key; `natural_path` the field that names the record to people (an account reference), if any.
    """

    system: str
    entity: str
    object: str
    id_path: str
    version_path: str | None
    fields: tuple[str, ...]
    related: tuple[Related, ...] = ()
    poll_mode: Literal["cursor", "worklist", "none"] = "none"
    where: tuple[Condition, ...] = ()
    key_path: str | None = None
    natural_path: str | None = None
    number_path: str | None = None
    label_path: str | None = None
    page_size: int = 100
    witness: tuple[str, ...] = ()
    """Native fields that tell a record made by us from others, where the system can neither keep our key nor search it."""
    archive: Mapping[str, Any] = field(default_factory=dict)
    """Native values that put a record out of use; empty where the system has no such state."""


# ---------------------------------------------------------------- what a connector answers


@record
class Snapshot:
    """A record as it was at `observed_at` (the moment the read *began*)."""

    id: str
    values: Values
    observed_at: datetime
    version: str | None = None


@record
class Gone:
    """A definite answer that the record no longer exists. A permission error is never `Gone`."""

    id: str
    observed_at: datetime


@record
class Moved:
    """The record was merged into another."""

    id: str
    new_id: str


Reading = Snapshot | Gone | Moved


@record
class Hint:
    """A record that a list names without all that is mapped of it: it must be read before anything is known.

    `version` lets a poll drop what was read or written since.
    """

    id: str
    version: str | None = None


@record
class Patch:
    """Only the native fields to change. `version`, that of the reading begun at `read_at`, guards the write.

    A system without conditional writes reads again, and compares, when that reading is no longer fresh. `key` is the
    same for the same write tried again, and another for any other write.
    """

    id: str
    values: Values
    version: str | None = None
    read_at: datetime | None = None
    key: str = ""


@record
class Page:
    """One page of changed records. `cursor` resumes after it; `last` says the list is read to its end."""

    records: tuple[Reading | Hint, ...]
    cursor: dict[str, Any]
    last: bool


@record
class Finding:
    """One thing `tieout connect` or `tieout check` has to say. `level` is ok, warning or error."""

    level: Literal["ok", "warning", "error"]
    subject: str
    message: str


@record
class FieldInfo:
    """What a vendor's metadata says of a field. `length` in characters, None when unknown."""

    name: str
    type: str
    length: int | None = None
    required: bool = False
    readonly: bool = False


@record
class Capabilities:
    conditional_write: bool = False
    idempotent_create: bool = False
    key_search: bool = False
    batch_update: int = 1
    """How many patches one call may carry."""
    deletes: bool = False
    webhooks: bool = False
    traces: bool = False
    """A record of an earlier create can be told from others by its witness fields and the time it was made."""
    idempotent_seconds: float = 0
    """How long a create repeated with the same key gives the same record; 0: not at all."""


class System(Protocol):
    """The whole of what a connector must do. Raises only `SyncError`s."""

    name: str
    settle_seconds: float
    capabilities: Capabilities

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        """Sign in and report what is missing at the vendor (fields, rights, formats). Never raises for a finding."""
        ...

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        """The vendor's own field list, or None where it has no metadata call."""
        ...

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        """Every id is in the answer. Batched where the vendor can."""
        ...

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        """All records whose native field `path` equals each value; [] where none does. Batched where possible."""
        ...

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        """Create with our key in `spec.key_path`. The answer holds at least the new id (and number).

        Raises OutcomeUnknown when it may have happened, RecordRejected when it definitely did not.
        """
        ...

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        """Write only the patches' fields; one answer for each, in order. An error of one does not stop the rest."""
        ...

    def changes(self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None) -> Iterator[Page]:
        """Pages of changed (cursor) or waiting (worklist) records, repeatable; ties and shifting pages lose nothing."""
        ...

    def table(self, name: Literal["currencies", "tax_codes"]) -> list[dict[str, str]]:
        """A small reference table. currencies: id, iso, rate (as its documents state it), base ("1"/"0"); tax_codes: id,
        rate, name."""
        ...

    def canonical_id(self, spec: ObjectSpec, record_id: str) -> str:
        """The id under which the record is known, for a spelling of it that a webhook may use."""
        ...

    def lacks(self, spec: ObjectSpec) -> frozenset[str]:
        """Native paths of `spec` that this installation may lack and does lack (custom fields named by their label)."""
        ...

    def trace(self, spec: ObjectSpec, values: Values, since: datetime) -> list[Snapshot]:
        """Records that a create of `values`, begun at `since`, may have made: by this user, with the same witness fields.
        Only where `capabilities.traces`."""
        ...

    def keep_alive(self) -> list[Finding]:
        """Renews what would otherwise run out while nothing is synchronised, and warns before a person is needed."""
        ...


class Webhook(Protocol):
    """Turns a vendor's webhook request into hints. Raises ValueError with a sentence on a body it cannot read."""

    def parse(self, query: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
        """(object name, record id) pairs."""
        ...


# ---------------------------------------------------------------- storage


@record
class Commit:
    """Everything that changes with one link, saved in one atomic request or not at all.

    `expected` is the link version this was computed from (0: must not exist). `owner` must hold the lease when one is
    taken. `lease`: a Lease to take or renew with it, "release" to drop it, None to leave it alone (refused while
    another owner's lease runs). `claims` are (system, entity, id) pointers to this link, put-if-absent. `log` goes to the
    record's story.
    """

    link: Link
    expected: int
    owner: str
    lease: Lease | Literal["release"] | None = None
    claims: tuple[tuple[str, str, str], ...] = ()
    drops: tuple[tuple[str, str, str], ...] = ()
    log: LogRow | None = None


@record
class Loaded:
    link: Link | None
    lease: Lease | None


class LinkStore(Protocol):
    def load(self, link_ids: Sequence[str]) -> dict[str, Loaded]:
        """Strongly consistent; every id is in the answer."""
        ...

    def find(self, system: str, entity: str, ids: Sequence[str]) -> dict[str, str]:
        """Record id -> link id, for those that have a pointer."""
        ...

    def commit(self, commit: Commit, now: datetime) -> Link:
        """The saved link (version = expected + 1). Raises LinkContended; then nothing was saved."""
        ...

    def by_outcome(self, entity: str, outcomes: Iterable[str]) -> Iterator[Link]:
        """Links whose last outcome is one of these. May lag (an index)."""
        ...

    def all(self, entity: str | None = None) -> Iterator[Link]:
        """Every link, for reconcile and exports. May lag."""
        ...

    def count(self, entity: str) -> int:
        """How many links there are. May lag."""
        ...

    def erase(self, link_id: str) -> None: ...


class WaitStore(Protocol):
    def add(self, wait: Wait) -> None: ...
    def keys(self, system: str, entity: str) -> list[str]:
        """The natural keys or ids that something waits for."""
        ...
    def waiters(self, system: str, entity: str, key: str) -> list[Wait]: ...
    def remove(self, waits: Sequence[Wait]) -> None: ...
    def all(self) -> list[Wait]: ...


@record
class Parked:
    event: ChangeEvent
    wake_at: datetime
    reason: str
    id: str = ""


class ParkStore(Protocol):
    def park(self, parked: Sequence[Parked]) -> None: ...
    def due(self, now: datetime, limit: int) -> list[Parked]: ...
    def remove(self, parked: Sequence[Parked]) -> None: ...
    def count(self) -> int: ...


@record
class GateState:
    state: Literal["ok", "cooling", "paused"] = "ok"
    until: datetime | None = None
    reason: str = ""
    strikes: int = 0
    """How many times in a row it was closed; the pause doubles with it."""


class Gate(Protocol):
    """One row per connection. `read` treats a passed `until` as open but keeps the strikes."""

    def read(self, systems: Sequence[str]) -> dict[str, GateState]: ...
    def cool(self, system: str, until: datetime, reason: str) -> None: ...
    def pause(self, system: str, reason: str) -> None: ...
    def open(self, system: str) -> None: ...


class Lanes(Protocol):
    """Leases that keep a vendor resource to one caller at a time, across all functions."""

    def acquire(self, lane: str, owner: str, until: datetime, now: datetime) -> bool: ...
    def release(self, lane: str, owner: str) -> None: ...


class Cursors(Protocol):
    def load(self, system: str, entity: str) -> dict[str, Any] | None: ...
    def save(self, system: str, entity: str, cursor: Mapping[str, Any]) -> None: ...


@record
class Run:
    """One poll, replay or manual sync. `counts` is outcome -> number of records."""

    run_id: str
    cause: str
    entity: str
    system: str
    started_at: datetime
    finished_at: datetime | None = None
    state: str = "running"
    message: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


class SyncLog(Protocol):
    """What a bookkeeper reads. Rows carry no secrets and expire after the retention of the settings."""

    def put_run(self, run: Run) -> None:
        """Insert or replace all but the counts, in one write."""
        ...

    def count(self, run_id: str, counts: Mapping[str, int]) -> None:
        """Add atomically to the run's counts."""
        ...

    def append(self, rows: Sequence[LogRow]) -> None: ...
    def runs(self, limit: int = 50) -> list[Run]: ...
    def rows(self, *, run_id: str | None = None, record: tuple[str, str, str] | None = None,
             outcome: str | None = None, limit: int = 1000) -> list[LogRow]:
        """Newest first. `record` is (system, entity, id)."""
        ...

    def erase(self, record: tuple[str, str, str]) -> int: ...


class EventQueue(Protocol):
    def send(self, events: Sequence[ChangeEvent], delay_seconds: int = 0) -> None:
        """All are on the queue when it returns; raises Unavailable otherwise."""
        ...

    def depth(self, entity: str) -> int:
        """About how many messages wait (visible, delayed and in flight)."""
        ...


class Archive(Protocol):
    """Gzipped JSON lines per run. A second write never replaces a first."""

    def write(self, run_id: str, lines: Sequence[Mapping[str, Any]]) -> str:
        """The object's name."""
        ...

    def read(self, run_id: str) -> Iterator[dict[str, Any]]: ...
    def objects(self) -> Iterator[str]: ...
    def rewrite(self, name: str, lines: Sequence[Mapping[str, Any]] | None) -> None:
        """For `erase` only: replace or (None) delete one object."""
        ...

    def lines(self, name: str) -> list[dict[str, Any]]: ...


@record
class Token:
    """A session or OAuth token, shared by all functions of a connection."""

    value: Mapping[str, str]
    expires_at: datetime
    generation: int


class TokenStore(Protocol):
    """Encrypted at rest. A new token is stored before it is used."""

    def load(self, system: str) -> Token | None: ...
    def save(self, system: str, token: Token, expected_generation: int) -> bool:
        """False when someone saved a newer generation first (0: none may exist)."""
        ...
    def lock(self, system: str, owner: str, until: datetime, now: datetime) -> bool: ...
    def unlock(self, system: str, owner: str) -> None: ...


class Secrets(Protocol):
    def get(self, system: str) -> dict[str, str]:
        """Raises BadCredentials with a sentence when nothing is stored."""
        ...
    def put(self, system: str, values: Mapping[str, str]) -> None: ...


class Cache(Protocol):
    """Small facts read from a vendor, worth keeping for a while."""

    def get(self, kind: str, keys: Sequence[str], now: datetime) -> dict[str, dict[str, Any]]:
        """Unexpired rows only."""
        ...
    def put(self, kind: str, rows: Mapping[str, Mapping[str, Any]], until: datetime) -> None: ...


class Clock(Protocol):
    def now(self) -> datetime: ...
    def sleep(self, seconds: float) -> None: ...


class Recorder(Protocol):
    """Receives every vendor request and reply, secrets already taken out."""

    def exchange(self, line: Mapping[str, Any]) -> None: ...


class IntegrationStore(Protocol):
    """The integrations of this stack. Not bound to one of them."""

    def names(self) -> list[str]: ...
    def load(self, name: str) -> Integration:
        """Raises KeyError with a sentence when there is none."""
        ...
    def save(self, integration: Integration) -> None:
        """Everything but the state."""
        ...
    def state(self, name: str) -> IntegrationState: ...
    def load_with_state(self, name: str) -> tuple[Integration, IntegrationState]:
        """What `load` and `state` give, in one request. Raises KeyError like `load`."""
        ...
    def set_state(self, name: str, state: IntegrationState) -> None: ...


@record
class Stores:
    """All storage of one integration."""

    integration: str
    links: LinkStore
    waits: WaitStore
    parks: ParkStore
    gate: Gate
    lanes: Lanes
    cursors: Cursors
    log: SyncLog
    queue: EventQueue
    archive: Archive
    tokens: TokenStore
    secrets: Secrets
    cache: Cache

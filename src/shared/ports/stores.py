"""The ports around the records: gates, lanes, cursors, queue, archive, secrets, and all storage of one
integration together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from shared.domain.link import ChangeEvent
from shared.domain.record import record
from shared.domain.spans import Taken
from shared.ports.asked import AskedStore
from shared.ports.calls import CallCounts
from shared.ports.decisions import DecisionStore
from shared.ports.links import LinkStore, ParkStore, SyncLog, WaitStore
from shared.ports.missing import MissingStore
from shared.ports.sweeps import SweepParts
from shared.settings import Integration, IntegrationState

if TYPE_CHECKING:
    from shared.ports.versions import Version


@record
class GateState:
    state: Literal["ok", "cooling", "paused"] = "ok"
    until: datetime | None = None
    reason: str = ""
    strikes: int = 0
    """How many times in a row it was closed; the pause doubles each time."""


class Gate(Protocol):
    """One row per connection. `read` treats a passed `until` as open but keeps the strikes; so it does with
    one that was set by a clock that was ahead and has been put right since."""

    def read(self, systems: Sequence[str]) -> dict[str, GateState]: ...
    def cool(self, system: str, until: datetime, reason: str) -> None: ...
    def pause(self, system: str, reason: str) -> None: ...
    def open(self, system: str) -> None: ...


class Lanes(Protocol):
    """Leases that keep a vendor resource to one caller at a time, across all functions. One that ends later
    than any lease can was given by a clock that was ahead: it is cut to the longest from when it is met."""

    def acquire(self, lane: str, owner: str, until: datetime, now: datetime) -> bool: ...
    def release(self, lane: str, owner: str) -> None: ...


class Cursors(Protocol):
    def load(self, system: str, entity: str) -> dict[str, Any] | None: ...
    def save(self, system: str, entity: str, cursor: Mapping[str, Any]) -> None: ...
    def drop(self, system: str, entity: str) -> None: ...


class EventQueue(Protocol):
    def send(self, events: Sequence[ChangeEvent], delay_seconds: int = 0) -> None:
        """When this returns, all are on the queue; raises Unavailable otherwise."""
        ...

    def depth(self, entity: str) -> int:
        """Roughly how many messages there are (visible, delayed and in flight)."""
        ...


class PollQueue(Protocol):
    """What the clock tells, and the lists that are polled or swept."""

    def send(self, messages: Sequence[tuple[str, Mapping[str, str]]], delay_seconds: int = 0) -> None:
        """Pairs of integration and message. When this returns, all are on the queue, each with its
        integration as its group; raises Unavailable otherwise, and ValueError for a delay that SQS cannot
        keep (0 to 900 seconds)."""
        ...


class Archive(Protocol):
    """Gzipped JSON lines for each run. A later write never replaces an earlier one."""

    def write(self, run_id: str, lines: Sequence[Mapping[str, Any]]) -> str:
        """The object's name."""
        ...

    def read(self, run_id: str) -> Iterator[dict[str, Any]]: ...
    def objects(self) -> Iterator[str]: ...
    def objects_of(self, day: date) -> Iterator[str]:
        """Those of the runs that began on that day (UTC)."""
        ...

    def rewrite(self, name: str, lines: Sequence[Mapping[str, Any]] | None) -> None:
        """For `erase` only: replace or (None) delete one object."""
        ...

    def lines(self, name: str, kind: str = "") -> list[dict[str, Any]]:
        """With `kind` only those of that kind; the others are not even parsed."""
        ...


@record
class Token:
    """A session or OAuth token, shared by all functions of a connection."""

    value: Mapping[str, str]
    expires_at: datetime
    generation: int


@record
class TokenTimes:
    """When a stored token ends, and until when it can be renewed (None: it cannot, or nobody said)."""

    expires_at: datetime
    renewable_until: datetime | None


class TokenStore(Protocol):
    """Encrypted at rest. A new token is stored before it is used."""

    def load(self, system: str) -> Token | None: ...
    def save(self, system: str, token: Token, expected_generation: int) -> bool:
        """False when someone saved a newer generation first (0: none may exist)."""
        ...

    def times(self, system: str) -> TokenTimes | None:
        """Without opening it: whoever may only look needs no key."""
        ...

    def forget(self, system: str) -> None:
        """Deletes it, for a connection that a person ended."""
        ...

    def lock(self, system: str, owner: str, until: datetime, now: datetime) -> bool: ...
    def unlock(self, system: str, owner: str) -> None: ...


class Secrets(Protocol):
    def get(self, system: str) -> dict[str, str]:
        """Raises BadCredentials with a sentence when nothing is stored."""
        ...

    def renewed(self, system: str) -> bool:
        """Asked once a vendor has refused what `get` gave: whether another is stored by now, which the next
        `get` gives."""
        ...

    def put(self, system: str, values: Mapping[str, str]) -> None: ...
    def forget(self, system: str) -> None:
        """`get` raises BadCredentials from then on."""
        ...


class Cache(Protocol):
    """Small facts read from a vendor, worth keeping for a while."""

    def get(self, kind: str, keys: Sequence[str], now: datetime) -> dict[str, dict[str, Any]]:
        """Unexpired rows only."""
        ...

    def put(self, kind: str, rows: Mapping[str, Mapping[str, Any]], until: datetime) -> None: ...
    def erase(self, found: Callable[[str], bool], change: bool) -> int:
        """How many rows `found` is true of, given key and row as text; they are removed if `change`, and with
        them a row that names one of them among its `parts`: nobody who kept the others takes them for the
        whole. For `erase` only: it reads all of them."""
        ...


class Clock(Protocol):
    def now(self) -> datetime: ...
    def sleep(self, seconds: float) -> None: ...


class IntegrationStore(Protocol):
    """The integrations of this stack. Not bound to one of them."""

    def names(self) -> list[str]: ...
    def load(self, name: str) -> Integration:
        """Raises KeyError with a sentence when there is none."""
        ...

    def save(self, integration: Integration) -> None:
        """Everything but the state."""
        ...

    def change(self, before: Integration | None, after: Integration, versions: "Sequence[Version]") -> bool:
        """Writes `after` together with its versions, all or nothing, and only while what is stored is
        `before` (None: nothing is). False when it is something else by now. Keeps the newest `KEPT`
        versions. Raises ValueError for what is too large for a row."""
        ...

    def versions(self, name: str) -> "list[Version]":
        """Newest first."""
        ...

    def state(self, name: str) -> IntegrationState: ...
    def load_with_state(self, name: str) -> tuple[Integration, IntegrationState]:
        """What `load` and `state` give, in one request. Raises KeyError like `load`."""
        ...

    def change_state(self, name: str, before: IntegrationState, after: IntegrationState) -> bool:
        """Writes what differs between the two, field by field and list by list, each only where it still is
        what `before` says; all else is left alone, and so is `missing`, which `MissingStore` marks. What
        stops the writing (`live` to False) needs no condition; going live needs that nobody has said
        `previews_only` since. False when something was not written, because another had changed it."""
        ...

    def take_tick(self, name: str, tick: str, sent_at: datetime, now: datetime) -> Taken:
        """Notes that a message of the clock is taken up. "" when it may be dropped: another was taken up
        since this one was sent. The one that is delivered again, because its work was cut off, goes on.
        "ahead" when the one before was taken up later than now: the clock was ahead and has been put
        right."""
        ...

    def previews_only(self, name: str) -> None:
        """Whatever the state is: not live, and held back until a person goes live."""
        ...


@record
class Stores:
    """All storage of one integration."""

    integration: str
    links: LinkStore
    missing: MissingStore
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
    decisions: DecisionStore
    sweeps: SweepParts
    calls: CallCounts
    asked: AskedStore

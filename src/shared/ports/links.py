"""The ports that keep what is known about records: their links, which record waits for which, what is parked,
and the log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Literal, Protocol

from shared.domain.link import ChangeEvent, Lease, Link, LogRow, Wait
from shared.domain.record import record


@record
class Commit:
    """Everything that changes with one link, saved in one atomic request or not at all.

    `expected` is the link version this was computed from (0: must not exist). `owner` must hold the lease
    when one is taken. `lease`: a Lease to take or renew with it, "release" to drop it, None to leave it alone
    (refused while another owner's lease runs). `claims` are (system, entity, id) pointers to this link,
    put-if-absent. `claimed` are those that `LinkStore.claim` put just before, and `left` those of records
    that the link does not name any more: it remembers them, so that they go with it.
    """

    link: Link
    expected: int
    owner: str
    lease: Lease | Literal["release"] | None = None
    claims: tuple[tuple[str, str, str], ...] = ()
    drops: tuple[tuple[str, str, str], ...] = ()
    claimed: tuple[tuple[str, str, str], ...] = ()
    left: tuple[tuple[str, str, str], ...] = ()


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

    def claim(self, link_id: str, pointers: Sequence[tuple[str, str, str]]) -> None:
        """(system, entity, id) pointers to this link, put-if-absent, each by itself and before the save of
        the link that needs it. Only for records that belong to no other link by their making: the link's own
        origin, and what was made under its stored intent. Until that save the link does not know that side:
        whoever reads it takes the record for being made. Raises LinkContended where one is another link's."""
        ...

    def commit(self, commit: Commit, now: datetime) -> Link:
        """The saved link (version = expected + 1). Raises LinkContended; then nothing was saved."""
        ...

    def by_outcome(self, entity: str, outcomes: Iterable[str]) -> Iterator[Link]:
        """Links whose last outcome is one of these. May lag (an index)."""
        ...

    def unsettled(self, entity: str, kinds: Sequence[str], most: int) -> Iterator[Link]:
        """Links whose last outcome is of one of these kinds and leaves something to do (`is_open`), whatever
        the number of those that do not; of each kind at most `most`. May lag (an index)."""
        ...

    def all(self, entity: str | None = None) -> Iterator[Link]:
        """Every link, for reconcile and exports. May lag."""
        ...

    def count(self, entity: str) -> int:
        """How many links there are. May lag."""
        ...

    def cut_lease(self, link_id: str, owner: str, until: datetime) -> None:
        """Another worker's lease ends at `until`, if it would end later: its clock was ahead. The intent
        stays. Nothing happens when it is no longer that owner's."""
        ...

    def erase(self, link_id: str) -> None: ...


class WaitStore(Protocol):
    def add(self, wait: Wait) -> None: ...
    def keys(self, system: str, entity: str) -> list[str]:
        """The natural keys or ids that something waits for."""
        ...

    def waiters(self, system: str, entity: str, key: str) -> list[Wait]: ...
    def remove(self, waits: Sequence[Wait]) -> None: ...
    def all(self) -> list[Wait]:
        """But for the notes of creates under way (`MAKING`), which come and go with every new record."""
        ...


@record
class Parked:
    event: ChangeEvent
    wake_at: datetime
    reason: str
    id: str = ""
    since: datetime | None = None
    """When it was parked; None in rows that are older than this."""


class ParkStore(Protocol):
    def park(self, parked: Sequence[Parked]) -> None: ...
    def due(self, now: datetime, limit: int) -> list[Parked]: ...
    def ahead(self, now: datetime) -> list[Parked]:
        """Those that a clock which was ahead has parked: nobody can tell how long they have waited. It reads
        all of them."""
        ...

    def remove(self, parked: Sequence[Parked]) -> None: ...
    def count(self) -> int: ...


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
    def ensure(self, rows: Sequence[LogRow]) -> None:
        """Appends those that are not there, unless they would have expired by now. Each has its `seq`."""
        ...

    def runs(self, limit: int = 50, before: str = "") -> list[Run]:
        """Newest first; `before`: those that sort below this run id."""
        ...

    def rows(
        self,
        *,
        run_id: str | None = None,
        record: tuple[str, str, str] | None = None,
        outcome: str | None = None,
        limit: int = 1000,
    ) -> list[LogRow]:
        """Newest first. `record` is (system, entity, id)."""
        ...

    def walk(
        self,
        *,
        outcomes: Sequence[str] = (),
        run_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: str = "",
    ) -> Iterator[tuple[str, LogRow]]:
        """Each row with its place, newest first, read only as far as it is taken. `outcomes`: of any of
        these, () for all; from `since`, before `until`; `before` is a place: the rows that follow it."""
        ...

    def erase(self, record: tuple[str, str, str]) -> int: ...

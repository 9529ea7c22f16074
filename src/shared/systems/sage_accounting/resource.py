"""One kind of record, read, listed, searched, created and changed in the way that all kinds share.

Sage has no conditional writes. So if the reading behind a guarded patch is no longer fresh, the record is
read again right before the PUT, and the patch is refused as stale if the version has changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from shared.domain.record import record
from shared.errors import RecordRejected, StaleVersion
from shared.ports import Gone, Patch, Reading, Snapshot, Values
from shared.systems.sage_accounting import keys
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.fields import Kind
from shared.systems.sage_accounting.lists import LARGEST, Row
from shared.systems.sage_accounting.values import flat, sent, top, writable


@record
class Feed:
    """One list that a poll reads. `rows` says what its rows are: the records, records that are gone, or parts
    of records, which make hints of their owners. `name` is its place in the cursor; `light` the attributes to
    ask for when all are too many; `deleted`: parts that were deleted."""

    name: str
    path: str
    rows: str
    params: Mapping[str, str]
    light: str = ""
    deleted: bool = False

    @property
    def column(self) -> str:
        return "deleted_at" if self.rows == "gone" or self.deleted else "updated_at"

    @property
    def query(self) -> str:
        return "updated_or_created_since" if self.column == "updated_at" else "deleted_since"


class Resource:
    """A base: each kind overrides what is different for it."""

    kind: Kind
    lane = ""
    single: Mapping[str, str] = {}
    """Parameters of a single read."""
    whole: Mapping[str, str] = {"attributes": "all"}
    """Parameters of a list that gives whole records."""
    searched: Mapping[str, str] = {}
    """Native path -> the list parameter that narrows a search for it. Other paths are compared over the whole
    list."""
    size = LARGEST
    """Rows of a page when whole records are searched."""

    def __init__(self, context: SageContext) -> None:
        self.context = context
        self._just_read: dict[str, tuple[Row, datetime]] = {}

    # reading

    def feeds(self) -> list[Feed]:
        """The lists of a poll, in order: what was deleted, then what was changed or created."""
        path = f"/{self.kind.object}"
        return [
            Feed("deleted", path, "gone", {"attributes": "deleted_at"}),
            Feed("since", path, "records", self.whole),
        ]

    def sources(self) -> list[str]:
        """The lists that a search looks in."""
        return [f"/{self.kind.object}"]

    def holders(self, codes: Sequence[str]) -> list[str] | None:
        """The ids of the records with one of these codes, where that is known; None to search for them."""
        return None

    def read(self, record_id: str) -> Reading:
        """A blank id names none: its address would be that of the list."""
        at = self.context.clock.now()
        body = self.fetch(record_id) if record_id.strip() else None
        return (
            Gone(record_id, at)
            if body is None or body.get("deleted_at")
            else self.snapshots("", [body], at)[0]
        )

    def fetch(self, record_id: str) -> Row | None:
        """One record's JSON, None when there is none."""
        at = self.context.clock.now()
        found: Row | None = self.context.client.record(
            self.path(record_id), f"read {self.kind.label} {record_id}", self.single
        )
        if found is not None:
            self._just_read[record_id] = (found, at)
        return found

    def snapshots(self, path: str, rows: Sequence[Row], at: datetime) -> list[Snapshot]:
        """The records of one page of the list `path`, or "" for single ones."""
        return [Snapshot(str(row["id"]), self.values(row), at, self.version(row)) for row in rows]

    def values(self, body: Row) -> Values:
        return flat(self.kind, body)

    def version(self, body: Row) -> str | None:
        return str(body["updated_at"]) if body.get("updated_at") else None

    def owners(self, feed: Feed, rows: Sequence[Row]) -> list[str]:
        """The records that these parts belong to."""
        return []

    def path(self, record_id: str) -> str:
        return f"/{self.kind.object}/{quote(record_id, safe='')}"

    # writing

    def create(self, values: Values, key: str) -> Snapshot:
        given = writable(self.kind, values)
        self.take()
        body = self.new_body(
            {name: value for name, value in given.items() if value is not None and value != ""}
        )
        return self.post(self.kind, body, key)

    def update(self, patch: Patch) -> Snapshot:
        given = writable(self.kind, patch.values)
        self.take()
        current = self.current(patch, self.needs(given))
        body = self.changed_body(given, current)
        if not body:
            at = self.context.clock.now()
            return self.answered(self.guard(patch, current or self.fetch(patch.id)), at, body)
        return self.put(patch, body)

    def new_body(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return top(self.kind, given)

    def changed_body(self, given: Mapping[str, Any], current: Row | None) -> dict[str, Any]:
        return top(self.kind, given)

    def needs(self, given: Mapping[str, Any]) -> bool:
        """Whether the record must be read before these fields can be written."""
        return False

    def answered(self, body: Row, at: datetime, sent: Mapping[str, Any]) -> Snapshot:
        """The snapshot from a write's answer. `sent` is what was written."""
        return self.snapshots("", [body], at)[0]

    # shared by them

    def take(self) -> None:
        if self.lane:
            self.context.lanes(self.lane)

    def post(self, kind: Kind, body: Mapping[str, Any], key: str) -> Snapshot:
        at = self.context.clock.now()
        answer = self.context.client.write(
            "POST",
            f"/{kind.object}",
            f"create the {kind.label}",
            {kind.wrapper: {**body, "idempotency_id": keys.of_key(key)}},
        )
        return self.answered(answer, at, body)

    def put(self, patch: Patch, body: Mapping[str, Any]) -> Snapshot:
        at = self.context.clock.now()
        self._just_read.pop(patch.id, None)
        answer = self.context.client.write(
            "PUT",
            self.path(patch.id),
            f"change {self.kind.label} {patch.id}",
            {self.wrapper(patch.id): {**body, "idempotency_id": keys.of_patch(patch)}},
        )
        return self.answered(answer, at, body)

    def wrapper(self, record_id: str) -> str:
        return self.kind.wrapper

    def current(self, patch: Patch, needed: bool) -> Row | None:
        """The record as it is now, where it must be known. Raises StaleVersion, RecordRejected."""
        stale = patch.version is not None and (
            patch.read_at is None or self.context.clock.now() - patch.read_at > self.context.fresh
        )
        if not (needed or stale):
            return None
        body, at = self._just_read.get(patch.id, (None, None))
        if stale or body is None or at is None or self.context.clock.now() - at > self.context.fresh:
            body = self.fetch(patch.id)
        return self.guard(patch, body)

    def guard(self, patch: Patch, body: Row | None) -> Row:
        """The record just read, if the patch may be written to it. Raises StaleVersion, RecordRejected."""
        if body is None or body.get("deleted_at"):
            raise RecordRejected(
                f"The {self.kind.label} {patch.id} no longer exists in Sage: it was deleted there"
            )
        if patch.version is not None and self.version(body) != patch.version:
            raise StaleVersion(f"the {self.kind.label} {patch.id} was changed in Sage after it was read")
        return body


def same(value: Any, shown: Any) -> bool:
    """Whether a value to write is what a snapshot shows already."""
    return (sent(value) or "") == (shown or "")

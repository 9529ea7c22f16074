"""The port of a vendor: reading, searching, writing and polling its records, and its webhooks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from shared.domain.prices import PriceBook
from shared.errors import SyncError
from shared.ports.debtors import Debtors
from shared.ports.readings import (
    Capabilities,
    FieldInfo,
    Finding,
    Page,
    Patch,
    Reading,
    Snapshot,
    Traces,
    Values,
)
from shared.ports.specs import ObjectSpec


class System(Protocol):
    """Everything a connector must do. Raises only `SyncError`s."""

    name: str
    settle_seconds: float
    capabilities: Capabilities

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        """Sign in and report what is missing at the vendor (fields, rights, formats). Never raises for a
        finding."""
        ...

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        """The vendor's own field list, or None where it has no metadata call."""
        ...

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        """Every id is in the answer. Batched where the vendor can."""
        ...

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        """For each value, all records whose native field `path` equals it, or []. Batched where possible."""
        ...

    def look_over(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Snapshot]:
        """Those of these records that a list shows, in as few calls as the vendor allows. `spec` asks for
        fields of the record's own that lists have. What is not in the answer is not gone yet: only `read`
        says that."""
        ...

    def reserve(self, spec: ObjectSpec, seconds: float) -> bool:
        """Takes what a create of such a record must have to itself (a lane), so that what is read from now on
        is read after that wait. Returns whether there was one. A create that cannot be sent within `seconds`
        from then raises Busy."""
        ...

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        """Create with our key in `spec.key_path`. The answer holds at least the new id (and number).

        Raises OutcomeUnknown when it may have happened, RecordRejected when it definitely did not.
        """
        ...

    def takes_new(self, spec: ObjectSpec) -> bool:
        """Whether a new record may be made here at all. Costs no call."""
        ...

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        """Write only the fields in the patches; one answer for each, in order. An error in one does not stop
        the rest."""
        ...

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        """Pages of changed (cursor) or waiting (worklist) records, repeatable; ties and shifting pages lose
        nothing."""
        ...

    def recent(self, spec: ObjectSpec, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """As `changes`, for whoever only asks whether something new has come: may leave out what was deleted,
        and changes of other records that a record shows as its own (addresses). The cursor stays where it is
        for those."""
        ...

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        """A small reference table. currencies: id, iso, rate (as its documents state it), base ("1"/"0");
        tax_codes: id, rate, name; where percentages change also code, from, to (ISO days, blank: open), and a
        row with the id "CODE RATE %" for each of them. users: id (what stands for one in records), email,
        several ("1" where others have the address too); none where the system cannot tell."""
        ...

    def canonical_id(self, spec: ObjectSpec, record_id: str) -> str:
        """The usual form of a record's id, given any form that a webhook may use."""
        ...

    def lacks(self, spec: ObjectSpec) -> frozenset[str]:
        """Native paths of `spec` that may be absent and are absent in this installation (custom fields named
        by their label)."""
        ...

    def debtors(self) -> Debtors | None:
        """The balances of its customers; None where the system keeps none."""
        ...

    def trace(self, spec: ObjectSpec, values: Values, since: datetime) -> Traces:
        """Records that a create of `values`, started at `since`, may have made: by this user, with the same
        witness fields, or with others that somebody has entered since. Only if `capabilities.traces`."""
        ...

    def keep_alive(self) -> list[Finding]:
        """Renews what would otherwise expire while nothing is synchronised, and warns before a person is
        needed."""
        ...


@runtime_checkable
class Prices(Protocol):
    """A ledger that shows its prices."""

    def price_book(self, codes: Sequence[str]) -> PriceBook:
        """All that it knows of the prices of these products, read now. Raises SyncErrors."""
        ...


@runtime_checkable
class PricesItself(Protocol):
    """A ledger that may price a document which names no prices."""

    def prices_itself(self) -> bool:
        """Whether this site was seen to do so. Costs no call."""
        ...

    def prove_prices(self) -> list[Finding]:
        """Has it price a test document, and removes that again, unless it was seen before. Raises
        SyncErrors."""
        ...


class Webhook(Protocol):
    """Turns a vendor's webhook request into hints. Raises ValueError with a sentence on a body it cannot
    read."""

    def parse(self, query: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
        """(object name, record id) pairs."""
        ...


class Recorder(Protocol):
    """Receives every vendor request and reply, secrets already taken out."""

    def exchange(self, line: Mapping[str, Any]) -> None: ...

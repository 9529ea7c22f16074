"""What a connector is asked to write and what it answers: records as they were read, pages of them, and facts
about a vendor.

Native values are what a vendor's JSON holds, with numbers as `Decimal`.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from shared.domain.record import record

Native = str | bool | int | Decimal | None | list[Any] | dict[str, Any]
Values = dict[str, Native]


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
class Traces:
    """Records that a create may have made when its answer was lost. `made`: records with the values that were
    sent. `others`: records made by the same user since then that have other values now; looked for only when
    there are none with the values sent."""

    made: tuple[Snapshot, ...] = ()
    others: tuple[Snapshot, ...] = ()


@record
class Hint:
    """A record that a list names without all of its mapped fields: it must be read before anything is known.

    `version` lets a poll drop records that were read or written since; `number` is the one it shows, where
    the list names records that have one.
    """

    id: str
    version: str | None = None
    number: str = ""


@record
class Patch:
    """Only the native fields to change. `version`, from the reading started at `read_at`, guards the write.

    A system without conditional writes reads again and compares when that reading is no longer fresh. `key`
    stays the same when the same write is repeated, and differs for any other write.
    """

    id: str
    values: Values
    version: str | None = None
    read_at: datetime | None = None
    key: str = ""


@record
class Page:
    """One page of changed records. `cursor` resumes after it; `last` says that this is the end of the
    list."""

    records: tuple[Reading | Hint, ...]
    cursor: dict[str, Any]
    last: bool


@record
class Finding:
    """One thing that `tieout connect` or `tieout check` reports. `level` is ok, warning or error."""

    level: Literal["ok", "warning", "error"]
    subject: str
    message: str


@record
class FieldInfo:
    """What a vendor's metadata says about a field. `length` is in characters, None when unknown."""

    name: str
    type: str
    length: int | None = None
    required: bool = False
    readonly: bool = False
    stored: bool = True
    """False where the vendor works the field out from others, so that lists cannot be filtered by it."""
    choices: tuple[tuple[str, str], ...] = ()
    """(value, label) of what may be chosen there, where the vendor says it: `()` where it says nothing."""


@record
class Capabilities:
    conditional_write: bool = False
    idempotent_create: bool = False
    key_search: bool = False
    batch_update: int = 1
    """How many patches one call may carry."""
    batch_create: int = 1
    """How many new records one call may carry at most: more than 1 only where the system is `MakesMany`."""
    deletes: bool = False
    webhooks: bool = False
    traces: bool = False
    """A record from an earlier create can be recognised by its witness fields and the time it was made."""
    idempotent_seconds: float = 0
    """How long repeating a create with the same key gives the same record; 0: not at all."""

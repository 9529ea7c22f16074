"""The name of one field of a Sage 50 record in each place where it appears.

A field has the name of the single read (used in snapshots, writes and rule files), the raw column that
searches filter on, and the name its value has in a search row. Lengths are Sage's; a longer text is refused
before it is sent.
"""

from collections.abc import Mapping
from typing import Literal

from shared.domain.record import record

Kind = Literal["text", "whole", "decimal", "flag", "tax_code", "currency", "date", "time", "lines"]


@record
class Field:
    """`row` None: search rows lack it. `column` None: it cannot be searched. `places` are decimals kept on
    read.

    `wider` is the length from Sage v29 on. `offset` is added to the number of a single read (orders count
    currencies from zero there, from one everywhere else).
    """

    name: str
    kind: Kind
    column: str | None = None
    row: str | None = None
    length: int | None = None
    wider: int | None = None
    places: int = 2
    offset: int = 0
    readonly: bool = False
    required: bool = False
    upper: bool = False
    changed: int | None = None
    """The longest text that a change takes, where that is less than what a new record does."""
    whole: bool = False
    """An amount that is written without pence."""
    number: bool = False
    """A text that is a number in Sage's tables: a search for anything else is refused, not empty."""

    def fits(self, release: int, changing: bool = False) -> int | None:
        """The longest text this field takes in a release of Sage, None when unknown."""
        if changing and self.changed:
            return self.changed
        return self.wider if self.wider and release >= 29 else self.length


@record
class Table:
    """One kind of record. `ids` are the fields that make up its id, joined by `/`."""

    object: str
    label: str
    search: str
    route: str
    ids: tuple[str, ...]
    fields: Mapping[str, Field]
    lines: Mapping[str, Field]
    query_id: bool = False
    """A single read uses `?id=` in newer releases, a path segment in older ones."""
    deleted: tuple[str, ...] = ()
    """Columns that mark a record as deleted, and that are asked whenever the list of changes has news: its
    rows do not show them."""

    def split(self, record_id: str) -> dict[str, str]:
        """The id as field values. A reference may itself hold a slash, so only the last parts are cut off."""
        parts = record_id.rsplit("/", len(self.ids) - 1) if len(self.ids) > 1 else [record_id]
        return dict(zip(self.ids, parts, strict=False))

    def field(self, path: str) -> Field | None:
        """The field of a native path; `invoiceItems.quantity` names a field of each line."""
        head, _, tail = path.partition(".")
        return self.lines.get(tail) if tail and head == "invoiceItems" else self.fields.get(path)


def text(
    name: str,
    length: int | None,
    column: str | None = None,
    *,
    row: str | None = "=",
    wider: int | None = None,
    readonly: bool = False,
    required: bool = False,
    upper: bool = False,
    changed: int | None = None,
    number: bool = False,
) -> Field:
    return Field(
        name,
        "text",
        column,
        name if row == "=" else row,
        length,
        wider,
        readonly=readonly,
        required=required,
        upper=upper,
        changed=changed,
        number=number,
    )


def other(
    name: str,
    kind: Kind,
    column: str | None = None,
    *,
    row: str | None = "=",
    places: int = 2,
    offset: int = 0,
    readonly: bool = False,
    required: bool = False,
    whole: bool = False,
) -> Field:
    return Field(
        name,
        kind,
        column,
        name if row == "=" else row,
        None,
        None,
        places,
        offset,
        readonly,
        required,
        whole=whole,
    )


def numbered(
    name: str, count: int, length: int, column: str | None = None, *, row: str | None = "="
) -> list[Field]:
    """name1..nameN with columns COLUMN_1..COLUMN_N."""
    return [
        text(
            f"{name}{n}",
            length,
            f"{column}_{n}" if column else None,
            row=f"{name}{n}" if row == "=" else row and f"{row}{n}",
        )
        for n in range(1, count + 1)
    ]


def by_name(*fields: Field | list[Field]) -> dict[str, Field]:
    flat = [one for group in fields for one in (group if isinstance(group, list) else [group])]
    return {one.name: one for one in flat}


def stamps() -> list[Field]:
    """When the record was created and last changed; only search rows have this."""
    return [
        other("recordCreateDate", "time", "RECORD_CREATE_DATE", readonly=True),
        other("recordModifyDate", "time", "RECORD_MODIFY_DATE", readonly=True),
        other("recordDeleted", "flag", "RECORD_DELETED", readonly=True),
    ]

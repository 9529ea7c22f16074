"""Reads records: by search if search rows have the fields wanted, otherwise one by one.

Promises one snapshot form whichever way a record was read, and `Gone` only when the search and the single
read agree that it does not exist.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from shared.errors import RecordRejected
from shared.ports import Clock, Gone, ObjectSpec, Reading, Snapshot, Values
from shared.systems.sage_50 import search, settlement
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.fields import Table
from shared.systems.sage_50.quote_state import with_state
from shared.systems.sage_50.search import Filters
from shared.systems.sage_50.services import Services
from shared.systems.sage_50.tables import INVOICE, LEDGER_ENTRY, PRODUCT
from shared.systems.sage_50.values import Values50

_VERSION = "recordModifyDate"


class Reader:
    """`use_in`: the service knows the `in` operator (API 1.21 on)."""

    def __init__(self, client: Client, values: Values50, clock: Clock, use_in: bool) -> None:
        self._client = client
        self._values = values
        self._clock = clock
        self._use_in = use_in
        self._services = Services(lambda codes: self._found(PRODUCT, "stockCode", codes))

    def search(self, table: Table, filters: Filters) -> list[Snapshot]:
        began = self._clock.now()
        rows = self._client.rows(table.search, f"search {table.label}s", filters)
        return [snapshot(table, self._values.from_row(table, row), began) for row in rows]

    def by_values(self, table: Table, path: str, values: Iterable[str]) -> list[Snapshot]:
        """All records that are not marked as deleted and whose field is one of the values."""
        found = self._found(table, path, values)
        gone = self._marked(table, found)
        return [one for one in found if one.id not in gone]

    def _found(self, table: Table, path: str, values: Iterable[str]) -> list[Snapshot]:
        field = search.column_of(table, path)
        column, asked = field.column or "", [one for one in values if not field.number or search.numeric(one)]
        return [
            one
            for part in search.chunks(asked)
            for one in self.search(table, search.any_of(column, part, self._use_in))
        ]

    def _marked(self, table: Table, found: Sequence[Snapshot]) -> set[str]:
        """Which of these Sage marks as deleted.

        Rows of customers and orders do not say so, and since a search allows only one `or`, this cannot be
        asked in the same search. Asking for the deleted ones is the safe way round: if the column is missing,
        nothing is hidden, so an order that exists is never created again.
        """
        if not found:
            return set()
        return {
            one.id for one in self.search(table, search.deleted_among(table, [one.id for one in found]))
        } | {one.id for one in found if _deleted(one)}

    def complete(self, table: Table, found: Sequence[Snapshot], paths: Iterable[str]) -> list[Snapshot]:
        """The same records, read singly where a row lacks one of these paths: one more call each."""
        wanted = {path.partition(".")[0] for path in paths} - set(settlement.WORKED_OUT)
        whole = [
            one
            if wanted <= one.values.keys() and not self._lacks_totals(table, one)
            else self._completed(table, one)
            for one in found
        ]
        if table.object != INVOICE.object:
            return whole
        return settlement.settled(whole, lambda references: self._found(LEDGER_ENTRY, "invRef", references))

    def with_services(self, spec: ObjectSpec, documents: Sequence[Snapshot]) -> list[Snapshot]:
        """Documents whose lines tell services from products, where the rules do. One more search for the
        items that are new to this invocation."""
        return self._services.told(spec, documents)

    def _lacks_totals(self, table: Table, one: Snapshot) -> bool:
        return "itemsNet" in table.fields and self._values.lacks_totals(one.values)

    def _completed(self, table: Table, row: Snapshot) -> Snapshot:
        whole = self.single(table, row.id)
        if isinstance(whole, Gone):
            return row
        return replace(whole, values={**row.values, **whole.values}, version=row.version)

    def read(self, spec: ObjectSpec, table: Table, ids: Sequence[str]) -> dict[str, Reading]:
        wanted = {record_id: normal(table, record_id) for record_id in ids}
        began = self._clock.now()
        rows = self._of_ids(table, set(wanted.values()))
        known: dict[str, Reading] = {gone: Gone(gone, began) for gone in self._marked(table, rows)}
        alive = [one for one in rows if one.id not in known]
        for one in self.with_services(spec, self.complete(table, alive, single_only(spec, table))):
            known[one.id] = Gone(one.id, began) if _deleted(one) else one
        return {
            record_id: known.get(own) or self._absent(table, own, began) for record_id, own in wanted.items()
        }

    def look_over(self, table: Table, ids: Iterable[str]) -> dict[str, Snapshot]:
        """What search rows show of these records: one search for each `SLICE` of them whose ids lie close
        together, and without those that Sage marks as deleted; else one more for these. An order in another
        currency whose row tells no totals in it is read by itself."""
        wanted = sorted({normal(table, one) for one in ids}, key=lambda one: (len(one), one))
        found: dict[str, Snapshot] = {}
        for part in search.chunks(wanted, search.SLICE):
            if search.close_together(table, part):
                rows = self.search(table, search.between(table, part))
            else:
                rows = self.search(table, search.any_of(_column(table), part, self._use_in))
                gone = self._marked(table, rows)
                rows = [one for one in rows if one.id not in gone]
            ours = [one for one in rows if one.id in set(part)]
            found |= {one.id: one for one in self.complete(table, ours, ())}
        return found

    def _of_ids(self, table: Table, ids: set[str]) -> list[Snapshot]:
        """Rows of these ids. A second id part (an address number) is picked out on our side."""
        first = table.ids[0]
        found = self._found(table, first, sorted({table.split(one)[first] for one in ids}))
        return [one for one in found if one.id in ids]

    def _absent(self, table: Table, record_id: str, began: datetime) -> Reading:
        """A search that finds nothing may have failed silently, so the record itself is also requested."""
        found = self.single(table, record_id)
        return found if isinstance(found, Snapshot) and not _deleted(found) else Gone(record_id, began)

    def single(self, table: Table, record_id: str) -> Snapshot | Gone:
        """The record itself. `Gone` when the vendor answers that it has none, in every form of the route."""
        began = self._clock.now()
        for path in _paths(table, record_id):
            try:
                found = self._client.get(path, f"read {table.label} {record_id}")
            except RecordRejected:
                continue
            if isinstance(found, dict) and found:
                made = snapshot(table, self._values.from_single(table, found), began)
                return made if made.id else replace(made, id=record_id)
        return Gone(record_id, began)


def _column(table: Table) -> str:
    return search.column_of(table, table.ids[0]).column or ""


def _deleted(one: Snapshot) -> bool:
    return bool(one.values.get("recordDeleted") or one.values.get("deletedFlag"))


def _paths(table: Table, record_id: str) -> list[str]:
    """Newer releases read a customer by `?id=`, older ones by a path segment."""
    segments = "/".join(quote(str(part), safe="") for part in table.split(record_id).values())
    by_path = f"{table.route}/{segments}"
    return [f"{table.route}/?id={segments}", by_path] if table.query_id else [by_path]


def single_only(spec: ObjectSpec, table: Table) -> list[str]:
    """Native fields of a rule that search rows do not hold."""
    heads = {path.partition(".")[0] for path in spec.fields}
    return sorted(name for name in heads if name in table.fields and table.fields[name].row is None)


def normal(table: Table, record_id: str) -> str:
    """An id in Sage's form: references are upper case."""
    return record_id.strip().upper() if table.fields[table.ids[0]].upper else record_id.strip()


def snapshot(table: Table, values: Values, began: datetime) -> Snapshot:
    if table.object == "quotation":
        values = with_state(values, began.date())
    record_id = "/".join(str(values.get(name, "")) for name in table.ids)
    version = values.get(_VERSION)
    return Snapshot(normal(table, record_id), values, began, str(version) if version else None)


def matches(table: Table, path: str, wanted: str, value: Any) -> bool:
    """Whether a read value is the one that was asked for; Sage keeps references in upper case."""
    field = table.fields[path]
    mine, theirs = wanted.strip(), "" if value is None else str(value).strip()
    return mine.upper() == theirs.upper() if field.upper else mine == theirs

"""Reads lists, and records out of lists: there a deleted record is named as such.

A list is a bare array, so that an empty one proves nothing: it is asked for a second time, and a record
that is not
in it is asked for by its own address before it counts as gone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.errors import RecordRejected, Unavailable
from shared.ports import Clock, Gone, ObjectSpec, Reading, Snapshot, Values
from shared.systems.sage_sales_management import language
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.faults import NotThere, Refusal, unreadable
from shared.systems.sage_sales_management.lines import BEING_WRITTEN, DISCOUNTS, discount_of, read_line
from shared.systems.sage_sales_management.resources import LINE_RESOURCE, LINES, Resource, resource_of
from shared.systems.sage_sales_management.values import Row, group, is_deleted, native, record_id, version_of

SIZE = 100
CERTAIN = 50
"""The documented size of a page where nobody asks for another. Which of the two headers counts, and what
the largest
page is, is not documented: a page with fewer rows than this is the last one, and one with more may be cut."""


class Reader:
    def __init__(self, api: Api, clock: Clock) -> None:
        self._api, self._clock = api, clock

    @property
    def address(self) -> str:
        return self._api.address

    # lists

    def page(self, resource: str, where: str, page: int, size: int = SIZE) -> list[Row]:
        """The highest ids first. An empty page was asked for twice."""
        return self._page(resource, where, page, size) or self._page(resource, where, page, size)

    def _page(self, resource: str, where: str, page: int, size: int) -> list[Row]:
        params = {"page": str(page), "order": "id", "lang": "en", **({"where": where} if where else {})}
        headers = {"Count": str(size), "X-FM-Entity-Count": str(size)}
        found = self._api.get(resource, f"list {resource}", params, headers)
        if not isinstance(found, list) or not all(
            isinstance(row, Mapping) and row.get("id") for row in found
        ):
            raise unreadable(f"list {resource}", writes=False)
        return found

    def all(self, resource: str, where: str) -> Iterator[Row]:
        """Every row once, the deleted ones too. Rows that move between pages only come twice: none ever
        leaves a
        list."""
        seen: set[str] = set()
        for number in range(100_000):
            rows = self.page(resource, where, number)
            for row in rows:
                if record_id(row) not in seen:
                    seen.add(record_id(row))
                    yield row
            if is_last(rows, SIZE):
                return

    def matching(self, resource: str, conditions: Sequence[str]) -> list[Row]:
        """What meets any of the conditions, the deleted ones too. Raises RecordRejected for a search that
        the vendor
        cannot do."""
        found: dict[str, Row] = {}
        for where in language.any_of(conditions):
            found |= {record_id(row): row for row in self.all(resource, where)}
        return list(found.values())

    # the port's reads

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        resource, at = resource_of(spec.object), self._clock.now()
        able = sorted({one for one in ids if is_number(one)}, key=int)
        found = (
            self._by_address(resource.path, able[0]) if len(able) == 1 else self.by_id(resource.path, able)
        )
        rows = {record_id(row): row for row in found}
        for one in able if len(able) > 1 else ():
            if one not in rows and self._by_address(resource.path, one):
                raise Unavailable(
                    f"Sage Sales Management shows {resource.path} {one} by its own address and not in its "
                    "list: it is read again"
                )
        living = [row for row in rows.values() if not is_deleted(row)]
        made = {one.id: one for one in self.snapshots(spec, living, at)}
        return {one: made.get(one) or Gone(one, at) for one in ids}

    def by_id(self, resource: str, ids: Sequence[str]) -> list[Row]:
        """Those that the list names, the deleted ones too."""
        return self.matching(resource, [language.is_id("id", one) for one in ids])

    def _by_address(self, resource: str, one: str) -> list[Row]:
        """The record, or nothing where the vendor says that it is not there."""
        try:
            row = self._api.get(f"{resource}/{one}", f"read {resource} {one}")
        except NotThere:
            return []
        except Refusal as refused:
            # a 400 that tells no reason is also how an unknown id is refused: but then the tenant still
            # answers,
            # and has a branch
            if self._page("branches", "", 0, 1):
                return []
            raise Unavailable(str(refused)) from None
        if not isinstance(row, Mapping) or str(row.get("id")) != one:
            raise unreadable(f"read {resource} {one}", writes=False)
        return [row]

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        if path == spec.id_path:
            found = self.read(spec, values)
            return {value: [one] if isinstance(one := found[value], Snapshot) else [] for value in values}
        at, resource = self._clock.now(), resource_of(spec.object)
        spec = replace(spec, fields=tuple(dict.fromkeys([*spec.fields, path])))
        sought = [value for value in dict.fromkeys(values) if value.strip()]
        try:
            rows = self.matching(resource.path, [_condition(path, value) for value in sought])
        except Refusal as refused:
            raise RecordRejected(f"{refused}. The search was for {', '.join(sought)[:200]}") from None
        hits = group(sought, ((str(native(row, path)), row) for row in rows if not is_deleted(row)))
        wanted = {record_id(row): row for found_rows in hits.values() for row in found_rows}
        made = {one.id: one for one in self.snapshots(spec, list(wanted.values()), at)}
        return {value: [made[record_id(row)] for row in hits.get(value, ())] for value in values}

    # one record

    def snapshots(self, spec: ObjectSpec, rows: Sequence[Row], at: datetime) -> list[Snapshot]:
        """The values of living rows; a document's lines are read with one more call for many of them."""
        resource = resource_of(spec.object)
        lines = self._lines_of(rows) if resource.lines and LINES in spec.fields else {}
        return [self._snapshot(spec, resource, row, lines, at) for row in rows]

    def _snapshot(
        self, spec: ObjectSpec, resource: Resource, row: Row, lines: Mapping[str, list[Row]], at: datetime
    ) -> Snapshot:
        values: Values = {path: native(row, path) for path in spec.fields if path != LINES}
        if resource.lines and DISCOUNTS[0] in values:
            values[DISCOUNTS[0]] = discount_of(row)
        own = lines.get(record_id(row), [])
        if LINES in spec.fields:
            unfinished = row.get("internalComment") == BEING_WRITTEN
            values[LINES] = [] if unfinished else [read_line(line) for line in own if not is_deleted(line)]
        return Snapshot(record_id(row), values, at, version_of(row, *own))

    def _lines_of(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        return self.lines([record_id(row) for row in rows])

    def lines(self, orders: Iterable[str]) -> dict[str, list[Row]]:
        """Order id -> its lines in their order, the deleted ones too."""
        found: dict[str, list[Row]] = {}
        for line in self.matching(LINE_RESOURCE, [language.is_id("salesorderId.id", one) for one in orders]):
            found.setdefault(str(native(line, "salesorderId")), []).append(line)
        return {one: sorted(own, key=_place) for one, own in found.items()}


def _place(line: Row) -> tuple[bool, Any, int]:
    """Lines without a place come after those with one, in the order in which they were made."""
    order = line.get("order")
    return (order is None, order or 0, int(line["id"]))


def _condition(path: str, value: str) -> str:
    """Ids of references are numbers; everything else is a text."""
    name, _, part = path.partition("/")
    if not part and name.endswith("Id") and name != "extId" and is_number(value):
        return language.is_id(f"{name}.id", value)
    return language.equals(path.replace("/", "."), value)


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def is_last(rows: Sequence[Row], size: int) -> bool:
    return len(rows) < min(size, CERTAIN)

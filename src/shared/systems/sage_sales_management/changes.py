"""Lists of changed records, page by page, each page's cursor resuming after it.

A line that changes may leave its document's own date alone. So the lines are a second list, and what they
name is
read and told as well. Conditions of the rules are applied here and not at the vendor: a record that no
longer meets
them would leave the list while it is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.mapping.conditions import unmet_condition
from shared.ports import Clock, Gone, ObjectSpec, Page, Reading
from shared.systems.sage_sales_management.reader import SIZE, Reader, is_last
from shared.systems.sage_sales_management.resources import LINE_RESOURCE, LINES, resource_of
from shared.systems.sage_sales_management.values import Row, is_deleted, native, record_id
from shared.systems.sage_sales_management.walk import Walk

_LINES = "lines"


class Changes:
    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader, self._clock = reader, clock

    def pages(self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, size: int | None) -> Iterator[Page]:
        asked, state = max(1, min(size or SIZE, SIZE)), dict(cursor or {})
        if spec.poll_mode == "worklist" and not state.get("page"):
            state = {}
        with_lines = resource_of(spec.object).lines and LINES in spec.fields
        lines = {**state.pop(_LINES, {})}
        if not (with_lines and lines.get("page")):
            head: dict[str, Any] = state
            for rows, walk, last in self._walk(resource_of(spec.object).path, state, asked):
                kept = {_LINES: lines} if lines else {}
                head = {} if last and spec.poll_mode == "worklist" else walk.dump()
                # what is deleted when the whole list is read for the first time was never told of
                records = self._records(spec, rows, first=not state.get("since"))
                yield Page(records, {**head, **kept}, last and not with_lines)
            state = head
        if with_lines:
            yield from self._by_lines(spec, state, lines, asked)

    def _walk(
        self, resource: str, state: Mapping[str, Any], size: int
    ) -> Iterator[tuple[list[Row], Walk, bool]]:
        walk = Walk.load(state, self._clock.now(), size)
        while True:
            rows = self._reader.page(resource, walk.where(), walk.page, walk.size)
            news, walk, last = walk.news(rows), walk.read(rows), is_last(rows, walk.size)
            if last:
                walk = walk.finish(self._clock.now())
            yield news, walk, last
            if last:
                return

    def _by_lines(
        self, spec: ObjectSpec, head: Mapping[str, Any], lines: Mapping[str, Any], size: int
    ) -> Iterator[Page]:
        """The documents of lines that changed. Lines that were there at the first pass were read with it."""
        if not lines:
            began = {name: head[name] for name in ("since", "newest", "seen_at") if name in head}
            known = self._reader.page(LINE_RESOURCE, "", 0, 1) if began else []
            anchor = {"anchor": record_id(known[0])} if known else {}
            yield Page((), {**head, **({_LINES: {**began, **anchor}} if began else {})}, True)
            return
        for rows, walk, last in self._walk(LINE_RESOURCE, lines, size):
            orders = list(dict.fromkeys(str(native(row, "salesorderId")) for row in rows))
            found = self._reader.by_id(resource_of(spec.object).path, [one for one in orders if one])
            yield Page(self._records(spec, found, first=False), {**head, _LINES: walk.dump()}, last)

    def _records(self, spec: ObjectSpec, rows: Sequence[Row], first: bool) -> tuple[Reading, ...]:
        at = self._clock.now()
        living = [row for row in rows if not is_deleted(row)]
        made = {
            one.id: one
            for one in self._reader.snapshots(spec, [row for row in living if _wanted(spec, row)], at)
        }
        gone = {record_id(row): Gone(record_id(row), at) for row in rows if is_deleted(row) and not first}
        named = (made.get(record_id(row)) or gone.get(record_id(row)) for row in rows)
        return tuple(one for one in named if one is not None)


def _wanted(spec: ObjectSpec, row: Row) -> bool:
    values = {one.field: native(row, one.field) for one in spec.where}
    return unmet_condition(spec.where, values) is None

"""Writes quotations and orders: a header, and lines that are records of their own.

The two cannot be written at once. So a new header says that it is being written, its lines follow, and what
makes it
final comes last. One that was broken off reads as a document without lines, so that the next worker
completes it; its
lines are compared with those that are there, and none is written twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import OutcomeUnknown, RecordRejected, SyncError
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.batches import Change, acknowledged, changed, results
from shared.systems.sage_sales_management.elements import check_lines
from shared.systems.sage_sales_management.fields import Fields
from shared.systems.sage_sales_management.lines import BEING_WRITTEN, LinePlan, line_body, planned
from shared.systems.sage_sales_management.reader import Reader
from shared.systems.sage_sales_management.resources import LINE_RESOURCE
from shared.systems.sage_sales_management.values import is_deleted

_COMMENT = "internalComment"
_LAST = ("readOnly", "closedDate")
"""What would close the document before its lines are there."""
_PART = 100


class Documents:
    def __init__(self, api: Api, reader: Reader, fields: Fields) -> None:
        self._api, self._reader, self._fields = api, reader, fields

    def bodies(self, lines: Any) -> list[dict[str, Any]]:
        """What is written of the lines. Raises RecordRejected before anything is written."""
        rows = lines if isinstance(lines, list) else []
        made = [line_body(line, place) for place, line in enumerate(rows, 1)]
        check_lines(made, self._fields.of(LINE_RESOURCE))
        return made

    def opened(self, element: Mapping[str, Any]) -> dict[str, Any]:
        """The header as it is created."""
        return {
            **{name: value for name, value in element.items() if name not in _LAST},
            _COMMENT: BEING_WRITTEN,
        }

    def closing(self, element: Mapping[str, Any]) -> dict[str, Any]:
        """What a header that is being written gets last."""
        last = {name: element[name] for name in _LAST if name in element}
        return {**last, _COMMENT: element.get(_COMMENT) or ""}

    def complete(self, order: str, element: Mapping[str, Any], bodies: Sequence[dict[str, Any]]) -> None:
        """The rest of a new document, whose header exists. Raises OutcomeUnknown whenever it is not whole:
        what is
        missing is written when it is looked for."""
        try:
            self._make(order, bodies)
            self._close(order, element)
        except OutcomeUnknown:
            raise
        except SyncError as fault:
            raise OutcomeUnknown(
                f"the document {order} was begun in Sage Sales Management and is not complete: {fault}"
            ) from None

    def rewrite(self, order: str, bodies: Sequence[dict[str, Any]]) -> None:
        """Makes the lines of a document those that are wanted."""
        present = [row for row in self._reader.lines([order]).get(order, []) if not is_deleted(row)]
        plan = planned(bodies, present)
        for fault in changed(self._api, LINE_RESOURCE, [Change(one, body) for one, body in plan.changed]):
            if fault is not None:
                raise fault
        self._make(order, plan.made)
        self._remove(plan)

    def unfinished(self, order: str) -> bool:
        rows = self._reader.by_id("salesorders", [order])
        return any(row.get(_COMMENT) == BEING_WRITTEN for row in rows)

    def _close(self, order: str, element: Mapping[str, Any]) -> None:
        doing = f"complete the document {order}"
        acknowledged(self._api.write("PUT", f"salesorders/{order}", self.closing(element), doing), doing)

    def _make(self, order: str, bodies: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(bodies), _PART):
            part = bodies[start : start + _PART]
            sent = [
                {"guid": f"t{place}", "data": {**body, "salesOrderId": int(order)}}
                for place, body in enumerate(part)
            ]
            doing = f"write {len(part)} lines of the document {order}"
            self._done(self._api.write("POST", f"{LINE_RESOURCE}/bulk", sent, doing), len(part), doing)

    def _remove(self, plan: LinePlan) -> None:
        for start in range(0, len(plan.gone), _PART):
            part = plan.gone[start : start + _PART]
            sent = [{"guid": f"t{place}", "id": int(one)} for place, one in enumerate(part)]
            doing = f"remove {len(part)} lines"
            self._done(self._api.write("DELETE", f"{LINE_RESOURCE}/bulk", sent, doing), len(part), doing)

    @staticmethod
    def _done(answer: Any, count: int, doing: str) -> None:
        faults = [one for one in results(answer, count, doing) if one is not None]
        if faults:
            raise RecordRejected(str(faults[0]))

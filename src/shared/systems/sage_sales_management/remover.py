"""Deletes a record for good. The vendor keeps it, marked as deleted, and has no way to take that back.

A record that is read-only may be neither changed nor deleted by people, and whether the interface may is not
documented: where it is refused, the record is opened first. What became of it is read afterwards.
"""

from shared.errors import OutcomeUnknown, RecordRejected
from shared.ports import Gone, ObjectSpec
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.batches import Change, acknowledged, changed
from shared.systems.sage_sales_management.faults import NotThere
from shared.systems.sage_sales_management.reader import Reader, is_number
from shared.systems.sage_sales_management.resources import resource_of


class Remover:
    def __init__(self, api: Api, reader: Reader) -> None:
        self._api, self._reader = api, reader

    def delete(self, spec: ObjectSpec, record_id: str) -> None:
        """Raises as `Removes.delete` says."""
        resource = resource_of(spec.object).path
        if not is_number(record_id):
            return
        try:
            self._send(resource, record_id)
        except NotThere:
            pass  # gone before; what is read says so
        except RecordRejected as refused:
            self._opened(resource, record_id, refused)
        if not isinstance(self._reader.read(spec, [record_id])[record_id], Gone):
            raise OutcomeUnknown(
                f"Sage Sales Management was asked to delete {resource} {record_id} and still shows it"
            )

    def _send(self, resource: str, record_id: str) -> None:
        doing = f"delete {resource} {record_id}"
        acknowledged(self._api.write("DELETE", f"{resource}/{record_id}", None, doing), doing)

    def _opened(self, resource: str, record_id: str, refused: RecordRejected) -> None:
        """Closed again where that does not help."""
        (row,) = self._reader.by_id(resource, [record_id]) or [{}]
        if row.get("readOnly") is not True:
            raise refused
        (fault,) = changed(self._api, resource, [Change(record_id, {"readOnly": False})])
        if fault is not None:
            raise refused
        try:
            self._send(resource, record_id)
        except RecordRejected:
            changed(self._api, resource, [Change(record_id, {"readOnly": True})])
            raise

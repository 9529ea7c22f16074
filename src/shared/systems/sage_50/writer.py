"""Writes records: one POST for a create, one PATCH for each change.

Promises that a text Sage would cut is refused before it is sent (a cut key could never be found again), that
no write happens before the company is known to be the right one, and that a lost answer is an unknown
outcome.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from shared.errors import RecordRejected, SyncError
from shared.ports import Clock, ObjectSpec, Patch, Snapshot, Values
from shared.systems._connector import each_patched
from shared.systems._named import naming
from shared.systems.sage_50.checks import company_fault
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.fields import Table
from shared.systems.sage_50.reader import Reader, normal
from shared.systems.sage_50.values import Values50


class Writer:
    """`expected_company` blank: the company is not compared."""

    def __init__(
        self, client: Client, reader: Reader, values: Values50, clock: Clock, expected_company: str
    ) -> None:
        self._client = client
        self._reader = reader
        self._values = values
        self._clock = clock
        self._expected = expected_company
        self._known = not expected_company

    def create(self, spec: ObjectSpec, table: Table, values: Values, key: str) -> Snapshot:
        """The answer holds the id parts that Sage returned (an order's number); a read gives the rest."""
        wanted = dict(values)
        if spec.key_path:
            wanted[spec.key_path] = key
        body = self._values.to_body(table, wanted, creating=True)
        self._expect_company()
        began = self._clock.now()
        answer = self._write("POST", table, body, f"create the {table.label}")
        parts: Values = {name: str(body.get(name, "")) for name in table.ids[:-1]}
        parts[table.ids[-1]] = str(answer)
        record_id = normal(table, "/".join(str(part) for part in parts.values()))
        return Snapshot(record_id, self._values.from_single(table, parts), began)

    def update(self, table: Table, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        try:
            owners = self._owners(table, patches)
        except SyncError as fault:
            return [fault for _ in patches]
        return each_patched(patches, lambda patch: self._patch(table, patch, owners))

    def _patch(self, table: Table, patch: Patch, owners: Mapping[str, str]) -> Snapshot:
        """The snapshot holds the values as sent, because Sage answers only with the number."""
        record_id = normal(table, patch.id)
        body = {**self._values.to_body(table, patch.values, creating=False), **self._ids(table, record_id)}
        _refuse_move(table, patch, body)
        if table.lines:
            body.setdefault("customerAccountRef", self._owner(patch.id, record_id, owners))
        self._expect_company()
        began = self._clock.now()
        self._write("PATCH", table, _misspelt(body), f"change {table.label} {record_id}")
        return Snapshot(record_id, self._values.from_single(table, body, sent=True), began)

    def _write(self, method: Literal["POST", "PATCH"], table: Table, body: dict[str, Any], doing: str) -> Any:
        try:
            return self._client.write(method, table.route, body, doing)
        except RecordRejected as fault:
            raise naming(fault, {name: name for name in body}, ": ") from None

    def _ids(self, table: Table, record_id: str) -> dict[str, Any]:
        return {
            name: int(part) if name in ("orderNumber", "addressNumber") and part.isdigit() else part
            for name, part in table.split(record_id).items()
        }

    def _owners(self, table: Table, patches: Sequence[Patch]) -> dict[str, str]:
        """The account of each order: a change must name it, and a patch holds only what changes."""
        if not table.lines:
            return {}
        ids = sorted({normal(table, one.id) for one in patches if "customerAccountRef" not in one.values})
        found = self._reader.by_values(table, "orderNumber", ids) if ids else []
        return {one.id: str(one.values.get("customerAccountRef") or "") for one in found}

    def _owner(self, asked: str, record_id: str, owners: Mapping[str, str]) -> str:
        if record_id not in owners:
            raise RecordRejected(
                f"Sage 50 has no sales order or quotation {asked}: it was deleted there, or the number is "
                "wrong."
            )
        return owners[record_id]

    def _expect_company(self) -> None:
        if self._known:
            return
        status = self._client.get("/api/status", "report its status")
        fault = company_fault(status if isinstance(status, dict) else {}, self._expected)
        if fault is not None:
            raise fault
        self._known = True


def _refuse_move(table: Table, patch: Patch, body: Mapping[str, Any]) -> None:
    """The customer is part of an address's key: a change of it would change another customer's address."""
    wanted = str(patch.values.get("accountRef") or "").strip().upper()
    if table.object == "customerAddress" and wanted and wanted != body["accountRef"]:
        raise RecordRejected(
            f"Sage 50 cannot move an address of {body['accountRef']} to {wanted}: make it there by hand, and "
            "delete this one",
            ["accountRef"],
        )


def _misspelt(body: dict[str, Any]) -> dict[str, Any]:
    """The vendor documents the key of an address as `addresNumber`, and its own sample sends
    `addressNumber`: both."""
    return {**body, "addresNumber": body["addressNumber"]} if "addressNumber" in body else body

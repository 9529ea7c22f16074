"""Versions of settings in the state table: a partition for each integration, a row for each version, written
in one transaction with the integration itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.errors import Unavailable
from shared.ports.versions import KEPT, Version
from shared.stores._attributes import names, to_wire
from shared.stores._faults import CANCELLED, code, reaching
from shared.stores._table import Condition, Table, under
from shared.stores.body import LIMIT, expand, shrink

TOO_LARGE = "the settings and their rules are too large to be kept: {0} bytes packed, and {1} fit"


class Versions:
    """Part of `IntegrationStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def newest(self, name: str) -> list[Version]:
        rows = self._table.query(under(_partition(name)), newest_first=True)
        return [form(expand(row["data"])) for row in rows]

    def put_with(
        self, name: str, item: Mapping[str, Any], condition: Condition, versions: Sequence[Version]
    ) -> bool:
        """Raises ValueError for what does not fit into a row."""
        rows = [{"pk": _partition(name), "sk": one.id, "data": shrink(one)} for one in versions]
        for row in (item, *rows):
            check_size(len(row["data"]))
        if not self._transact(item, condition, rows):
            return False
        for one in self.newest(name)[KEPT:]:
            self._table.delete(_partition(name), one.id)
        return True

    def _transact(
        self, item: Mapping[str, Any], condition: Condition, rows: Sequence[Mapping[str, Any]]
    ) -> bool:
        guarded: dict[str, Any] = {
            "TableName": self._table.name,
            "Item": to_wire(item),
            "ConditionExpression": condition.text,
            "ExpressionAttributeNames": names(condition.text),
        }
        if condition.values:
            guarded["ExpressionAttributeValues"] = to_wire(condition.values)
        puts = [guarded, *({"TableName": self._table.name, "Item": to_wire(row)} for row in rows)]
        try:
            with reaching("DynamoDB"):
                self._table.client.transact_write_items(TransactItems=[{"Put": one} for one in puts])
        except ClientError as fault:
            if code(fault) != CANCELLED:
                raise
            reasons = [one.get("Code") for one in fault.response.get("CancellationReasons", [])]
            if {"ConditionalCheckFailed", "TransactionConflict"} & {*reasons}:
                return False
            raise Unavailable(f"DynamoDB could not save the settings at the moment ({reasons})") from None
        return True


def form(data: dict[str, Any]) -> Version:
    """Of what `codec.loads` gave."""
    return Version(**data)


def check_size(packed: int) -> None:
    if packed > LIMIT:
        raise ValueError(TOO_LARGE.format(f"{packed:,}", f"{LIMIT:,}"))


def _partition(name: str) -> str:
    return f"{name}#R"

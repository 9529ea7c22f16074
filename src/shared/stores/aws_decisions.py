"""Decisions about look-alikes in DynamoDB: all of an integration in one partition, sorted by entity and
pair."""

from collections.abc import Sequence

from shared.domain.decision import Decision
from shared.stores import forms
from shared.stores._keys import integration_name, joined, part
from shared.stores._table import Table, under
from shared.stores.body import expand, shrink


class AwsDecisionStore:
    """`DecisionStore` on the state table."""

    def __init__(self, table: Table, integration: str) -> None:
        self._table = table
        self._pk = f"{integration_name(integration)}#D"

    def put(self, decisions: Sequence[Decision]) -> None:
        """1 request for 25."""
        rows = {
            sort_key(one): {"pk": self._pk, "sk": sort_key(one), "data": shrink(one)} for one in decisions
        }
        self._table.write_many(list(rows.values()))

    def of(self, entity: str) -> list[Decision]:
        """1 request a megabyte."""
        rows = self._table.query(under(self._pk, f"{part(entity)}#"))
        return [forms.decision(expand(row["data"])) for row in rows]

    def remove(self, decisions: Sequence[Decision]) -> None:
        """1 request for 25."""
        self._table.write_many(deletes=[(self._pk, sort_key(one)) for one in decisions])


def sort_key(one: Decision) -> str:
    return joined(one.entity, *one.one, *one.other)

"""Waits in DynamoDB: which events continue once a parent has been carried over. They never expire.

Waits for one (system, entity) are in one partition, sorted by key, so that a parent finds its waiters with a
strongly consistent read.
"""

from collections.abc import Iterable, Sequence

from shared.domain.link import MAKING, Wait
from shared.stores import forms
from shared.stores._attributes import Item
from shared.stores._keys import integration_name, joined, part
from shared.stores._link_rows import INDEX
from shared.stores._table import Condition, Table, under
from shared.stores.body import expand, shrink


class AwsWaitStore:
    """`WaitStore` on the state table."""

    def __init__(self, table: Table, integration: str) -> None:
        self._table = table
        self._integration = integration_name(integration)

    def add(self, wait: Wait) -> None:
        """1 request. If the same record waits for the same key again, its row is replaced."""
        listed = {"lk": self._listing, "ls": f"{joined(wait.system, wait.entity)}#{sort_key(wait)}"}
        self._table.put(
            {
                "pk": self._pk(wait.system, wait.entity),
                "sk": sort_key(wait),
                "key": wait.key,
                "data": shrink(wait),
                **({} if wait.key == MAKING else listed),
            }
        )

    def keys(self, system: str, entity: str) -> list[str]:
        """1 request a megabyte."""
        return list(dict.fromkeys(item["key"] for item in self._table.query(under(self._pk(system, entity)))))

    def waiters(self, system: str, entity: str, key: str) -> list[Wait]:
        """1 request a megabyte."""
        return self._waits(self._table.query(under(self._pk(system, entity), f"{part(key)}#")))

    def remove(self, waits: Sequence[Wait]) -> None:
        """1 request for 25."""
        self._table.write_many(
            deletes=[(self._pk(wait.system, wait.entity), sort_key(wait)) for wait in waits]
        )

    def all(self) -> list[Wait]:
        """Through an index, which may lag. 1 request a megabyte of keys, and 1 for 100 waits."""
        listed = self._table.query(Condition("#lk = :pk", {":pk": self._listing}), index=INDEX)
        items = self._table.get_many((item["pk"], item["sk"]) for item in listed)
        return self._waits(sorted(items, key=lambda item: (item["pk"], item["sk"])))

    @property
    def _listing(self) -> str:
        return f"{self._integration}#waits"

    def _pk(self, system: str, entity: str) -> str:
        return f"{self._integration}#W#{joined(system, entity)}"

    def _waits(self, items: Iterable[Item]) -> list[Wait]:
        return [forms.wait(expand(item["data"])) for item in items]


def sort_key(wait: Wait) -> str:
    """The awaited key first, then who waits: (system, entity, record id)."""
    return f"{part(wait.key)}#{joined(*wait.event.subject)}"

"""Missing records in DynamoDB: a partition for each list, a row for each record; and the flag on the
integration's state row, which every function reads anyway."""

from collections.abc import Sequence
from datetime import timedelta

from shared.ports import Missing
from shared.stores._attributes import Item
from shared.stores._keys import epoch, integration_name, joined, moment, part, stamp
from shared.stores._table import Condition, Table, under

_KEPT = {"listed": timedelta(days=2), "believed": timedelta(days=2), "gone": timedelta(days=60)}
"""When a row may be removed by itself; one that a person is asked about, or keeps, never is."""


class AwsMissingStore:
    """`MissingStore` on the state table."""

    def __init__(self, table: Table, integration: str) -> None:
        self._table = table
        self._integration = integration_name(integration)

    def note(self, system: str, entity: str, found: Sequence[Missing]) -> None:
        """1 request a record."""
        for one in found:
            item = {"pk": self._pk(system, entity), "sk": part(one.id), **_columns(one), "id": one.id}
            self._table.put({**item, "label": one.label}, Condition("attribute_not_exists(#pk)"))

    def listed(self, system: str, entity: str) -> list[Missing]:
        """1 request a megabyte, about 6,000 records."""
        found = map(_missing, self._table.query(under(self._pk(system, entity))))
        return sorted(found, key=lambda one: one.id)

    def settle(self, system: str, entity: str, found: Sequence[Missing], to: Missing) -> list[str]:
        """1 request a record."""
        columns = _columns(to)
        sets = ", ".join(f"#{name} = :{name}" for name in columns if columns[name] is not None)
        drops = "" if columns["expires"] is not None else " REMOVE #expires"
        values = {f":{name}": value for name, value in columns.items() if value is not None}
        return [
            one.id
            for one in found
            if self._table.update(
                self._pk(system, entity),
                part(one.id),
                f"SET {sets}{drops}",
                values,
                Condition("#verdict = :before", {":before": one.verdict}),
            )
        ]

    def drop(self, system: str, entity: str, ids: Sequence[str]) -> None:
        """1 request for 25."""
        self._table.write_many(deletes=[(self._pk(system, entity), part(one)) for one in ids])

    def flag(self, system: str, entity: str) -> None:
        """1 request."""
        self._mark("ADD", system, entity)

    def unflag(self, system: str, entity: str) -> None:
        """1 request."""
        self._mark("DELETE", system, entity)

    def _mark(self, change: str, system: str, entity: str) -> None:
        values = {":lists": {f"{entity}.{system}"}}
        self._table.update(f"{self._integration}#S", "state", f"{change} #missing :lists", values)

    def _pk(self, system: str, entity: str) -> str:
        return f"{self._integration}#D#{joined(system, entity)}"


def _columns(one: Missing) -> Item:
    ends = _KEPT.get(one.verdict)
    return {
        "verdict": one.verdict,
        "at": stamp(one.at),
        "of": one.of,
        "expires": epoch(one.at + ends) if ends else None,
    }


def _missing(item: Item) -> Missing:
    return Missing(item["id"], moment(item["at"]), item["label"], item["verdict"], item["of"])

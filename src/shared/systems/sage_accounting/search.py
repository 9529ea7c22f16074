"""Finds records by the exact value of a field. Sage only narrows ("contains"), so every hit is compared here,
without regard to case.

For a field by which Sage cannot narrow, the whole list is read once, and after that only what has changed:
the connector remembers which record had which value, and reads those records before it returns them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.ports import Snapshot
from shared.systems.sage_accounting.resource import Resource

_OVERLAP = timedelta(seconds=5)


@dataclass
class Index:
    """Which record has which value in one field, as of `since` in Sage's time."""

    values: dict[str, str] = field(default_factory=dict)
    since: datetime | None = None


class Search:
    """Searches one kind of record, for as long as the connector lives."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._indexes: dict[str, Index] = {}

    def find(self, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        """All hits of each value; a blank value has none."""
        wanted = [value for value in dict.fromkeys(values) if value.strip()]
        found = list({one.id: one for one in self._candidates(path, wanted)}.values()) if wanted else []
        answer = {
            value: [one for one in found if _equal(one.values.get(path), value)] if value.strip() else []
            for value in values
        }
        return {value: hits or self._numbered(path, value) for value, hits in answer.items()}

    def _candidates(self, path: str, wanted: Sequence[str]) -> list[Snapshot]:
        if path == "id":
            return self._read(wanted)
        if path == "item_code" and (ids := self._resource.holders(wanted)) is not None:
            return self._read(ids)
        if path in self._resource.searched:
            name = self._resource.searched[path]
            return [one for value in wanted for one in self._listed({name: value.strip()})]
        index = self._indexed(path)
        return self._read(
            [one for one, shown in index.values.items() if any(_equal(shown, value) for value in wanted)]
        )

    def _listed(self, narrowed: dict[str, str]) -> list[Snapshot]:
        found: list[Snapshot] = []
        resource = self._resource
        for path in resource.sources():
            for batch in resource.context.lists.batches(path, {**resource.whole, **narrowed}, resource.size):
                found += resource.snapshots(
                    path, [row for row in batch.rows if not row.get("deleted_at")], batch.at
                )
        return found

    def _indexed(self, path: str) -> Index:
        index = self._indexes.setdefault(path, Index())
        began = self._resource.context.clock.now()
        since = (
            {} if index.since is None else {"updated_or_created_since": f"{index.since:%Y-%m-%dT%H:%M:%SZ}"}
        )
        found = self._listed(since)
        index.values |= {one.id: str(one.values.get(path) or "") for one in found}
        now = self._resource.context.client.server_time or began
        index.since = min(now - (self._resource.context.clock.now() - began), now).astimezone(UTC) - _OVERLAP
        return index

    def _read(self, ids: Sequence[str]) -> list[Snapshot]:
        return [one for record_id in ids if isinstance(one := self._resource.read(record_id), Snapshot)]

    def _numbered(self, path: str, value: str) -> list[Snapshot]:
        """Sage does not document a search by invoice number, but a list of bare names, which is cheap,
        contains the numbers."""
        if path != "number" or not value.strip():
            return []
        rows = self._resource.context.lists.all(self._resource.sources()[0], {})
        hits = self._read([str(row["id"]) for row in rows if _equal(row.get("displayed_as"), value)])
        return [one for one in hits if _equal(one.values.get(path), value)]


def _equal(shown: Any, wanted: str) -> bool:
    return str("" if shown is None else shown).strip().casefold() == wanted.strip().casefold()

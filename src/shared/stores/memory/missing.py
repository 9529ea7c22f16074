"""The memory twin of the store of missing records."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shared.ports import Missing
from shared.stores.memory._shelf import Service, Shelf

FLAGS = ("#integrations", "missing")
"""Where the integration store finds the flags."""


class MemoryMissingStore:
    """`MissingStore`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._rows = Shelf(service, integration, "missing")
        self._flags = Shelf(service, *FLAGS)
        self._integration = integration

    def note(self, system: str, entity: str, found: Sequence[Missing]) -> None:
        with self._rows.lock:
            for one in found:
                if self._rows.get(system, entity, one.id) is None:
                    self._rows.put(one, system, entity, one.id)

    def listed(self, system: str, entity: str) -> list[Missing]:
        return [_missing(data) for _, data in self._rows.items(system, entity)]

    def settle(self, system: str, entity: str, found: Sequence[Missing], to: Missing) -> list[str]:
        with self._rows.lock:
            rows = {one.id: one for one in self.listed(system, entity)}
            changed = [one.id for one in found if one.id in rows and rows[one.id].verdict == one.verdict]
            for one in changed:
                row = replace(rows[one], verdict=to.verdict, at=to.at, of=to.of)
                self._rows.put(row, system, entity, one)
        return changed

    def drop(self, system: str, entity: str, ids: Sequence[str]) -> None:
        for one in ids:
            self._rows.drop(system, entity, one)

    def flag(self, system: str, entity: str) -> None:
        with self._rows.lock:
            lists = {*(self._flags.get(self._integration) or ()), f"{entity}.{system}"}
            self._flags.put(sorted(lists), self._integration)

    def unflag(self, system: str, entity: str) -> None:
        with self._rows.lock:
            lists = {*(self._flags.get(self._integration) or ())} - {f"{entity}.{system}"}
            self._flags.put(sorted(lists), self._integration)


def _missing(data: dict[str, Any]) -> Missing:
    return Missing(**data)

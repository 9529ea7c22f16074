"""The memory twin of what was asked for in the console."""

from collections.abc import Mapping
from datetime import datetime

from shared.ports.asked import LASTS, Asked
from shared.stores.memory._shelf import Service, Shelf

_LONGEST = 32_000


class MemoryAskedStore:
    """`AskedStore`, without the encryption."""

    def __init__(self, service: Service, integration: str) -> None:
        self._rows = Shelf(service, integration, "asked")

    def put(self, asked: Asked, values: Mapping[str, str]) -> None:
        if sum(map(len, values.values())) > _LONGEST:
            raise ValueError("what was entered is too long to be credentials")
        self._rows.put({"asked": asked, "values": dict(values)}, asked.id)

    def take(self, asked_id: str, now: datetime) -> tuple[Asked, dict[str, str]] | None:
        with self._rows.lock:
            row = self._rows.get(asked_id)
            self._rows.drop(asked_id)
        if row is None:
            return None
        asked = Asked(**row["asked"])
        return None if now >= asked.at + LASTS else (asked, row["values"])

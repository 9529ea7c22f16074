"""What is read from the vendors while something is only proposed: the stack that works gets none of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.ports import Cache


class ProposedCache:
    """`Cache` over the real one, which is read only while `same` says that its rows are about the same
    connections. What is put waits for `keep`: tax codes of another company, read at an address that was only
    tried, would code invoices."""

    def __init__(self, cache: Cache, same: Callable[[], bool]) -> None:
        self._real, self._same, self._kept = cache, same, False
        self._put: dict[str, dict[str, tuple[Mapping[str, Any], datetime]]] = {}

    def get(self, kind: str, keys: Sequence[str], now: datetime) -> dict[str, dict[str, Any]]:
        own = self._put.get(kind, {})
        found = {key: dict(own[key][0]) for key in keys if key in own and own[key][1] > now}
        others = [key for key in keys if key not in own]
        if others and (self._kept or self._same()):
            found |= self._real.get(kind, others, now)
        return found

    def put(self, kind: str, rows: Mapping[str, Mapping[str, Any]], until: datetime) -> None:
        if self._kept:
            self._real.put(kind, rows, until)
            return
        self._put.setdefault(kind, {}).update({key: (row, until) for key, row in rows.items()})

    def erase(self, found: Callable[[str], bool], change: bool) -> int:
        return self._real.erase(found, change)

    def keep(self) -> None:
        self._kept = True
        for kind, rows in self._put.items():
            for until in {end for _, end in rows.values()}:
                self._real.put(kind, {key: row for key, (row, end) in rows.items() if end == until}, until)
        self._put = {}

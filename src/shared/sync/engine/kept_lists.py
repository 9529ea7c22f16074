"""What a worker keeps of whole lists from one batch to the next: the parts it has read, and the facts and the
book made of their rows.

Nothing here is believed for having been kept. Which parts a list has is read for every batch, a part is never
written twice, and a fact counts only for the very row it was made of. What is kept is lent to one batch at a
time, so that two never change it under each other's hands.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

Row = tuple[str | None, Mapping[str, Any]]
"""(version, native values)."""
Rows = dict[str, Row | None]
"""Record id -> its row; None for one that is gone."""
KEPT_FOR = timedelta(minutes=5)
"""After this all parts are read again: one that a person had erased is not there any more."""
FEW = 10_000
"""How many rows of other lists stay in memory when a list is opened that is not kept."""


class Parts:
    """The parts of one list by name, as they were read since `began`, and the `rows` that they came to."""

    def __init__(self) -> None:
        self._began: datetime | None = None
        self._parts: dict[str, Rows] = {}
        self.rows: Mapping[str, Row] = {}

    def of(self, names: list[str], now: datetime) -> dict[str, Rows]:
        """Those of them that need not be read again; all others are forgotten."""
        if self._began is None or now - self._began > KEPT_FOR:
            self._began, self._parts = now, {}
        self._parts = {name: self._parts[name] for name in names if name in self._parts}
        return dict(self._parts)

    def keep(self, name: str, rows: Mapping[str, Any]) -> Rows:
        """What was read of a part. A row that says what it said before stays the same object, and with it
        all that was made of it."""
        kept: Rows = {}
        for record_id, row in rows.items():
            known = self.rows.get(record_id)
            read = None if row is None else (row[0], row[1])
            kept[record_id] = known if known == read else read
        self._parts[name] = kept
        return kept


class Kept:
    """Of one entity: `parts` by the name of their list; `facts` is whatever was made of both lists
    (`known_facts.py`)."""

    def __init__(self) -> None:
        self.parts: dict[str, Parts] = {}
        self.facts: Any = None

    def of(self, kind: str) -> Parts:
        return self.parts.setdefault(kind, Parts())

    @property
    def size(self) -> int:
        return sum(len(one.rows) for one in self.parts.values())


class KeptLists:
    """(integration, entity) -> what is kept, the latest last. A list that is not kept makes room for itself,
    so that a worker's memory holds one long list and a few short ones."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}

    def take(self, integration: str, entity: str) -> Kept:
        """Lent until it is given back; whoever asks meanwhile starts with nothing, and so does the next batch
        where it never is."""
        kept = self._kept.pop((integration, entity), None)
        if kept is None:
            self._make_room()
        return kept or Kept()

    def give_back(self, integration: str, entity: str, kept: Kept) -> None:
        self._kept.pop((integration, entity), None)
        self._kept[integration, entity] = kept

    def _make_room(self) -> None:
        rows = 0
        for key, one in reversed(list(self._kept.items())):
            rows += one.size
            if rows > FEW:
                self._kept.pop(key, None)

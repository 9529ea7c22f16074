"""A whole list of Sage with one value of each row, kept for a week, so that a first load need not ask for
each record. Until as many single questions were asked as the list has pages, single ones are cheaper.

A row may be out of date by as much as `follow` was told, and shows what is gone: what is found here is asked
for before anything is made of it."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.systems.sage_accounting import facts
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.lists import LARGEST, Row

_FEW, _PART, _PARTS, _HEAD = 5, 1000, 20, "head"
"""Single questions before the list is thought of; rows in one row of the cache; rows of the cache beyond
which all are packed anew."""
_OVERLAP = timedelta(seconds=5)


class KeptList:
    """`rows`: id -> what `value` makes of a row; rows without a value are left out."""

    def __init__(
        self, known: Facts, path: str, params: Mapping[str, str], value: Callable[[Row], str]
    ) -> None:
        self._facts, self._path, self._params, self._value = known, path, params, value
        self._kept: dict[str, Any] | None = None
        self.rows: dict[str, str] = {}
        self.read_at: datetime | None = None

    def worth(self) -> bool:
        """Whether the list is kept, or asking singly has become dearer than reading it."""
        head = self._head()
        return bool(head["since"]) or head["single"] >= max(_FEW, head["pages"])

    def counted(self) -> None:
        """One more single question was asked."""
        head = self._head()
        head["single"] += 1
        if head["single"] == _FEW and not head["pages"]:
            total = self._facts.lists.page(self._path, self._params, 1, 1).get("$total")
            head["pages"] = -(-int(total or 0) // LARGEST)
        if head["single"] % _FEW == 0 and not head["since"]:
            self._save(head)

    def follow(self, age: timedelta) -> None:
        """All that is new in the list, unless it was read at most so long ago; all of it the first time."""
        head, now = self._head(), self._facts.now()
        if self.read_at is not None and now - self.read_at <= age:
            return
        began = self._facts.sage_time()
        since = {"updated_or_created_since": head["since"]} if head["since"] else {}
        found = self._facts.lists.all(self._path, {**self._params, **since})
        news = {str(row["id"]): self._value(row) for row in found if not row.get("deleted_at")}
        news = {key: value for key, value in news.items() if value and self.rows.get(key) != value}
        self.rows |= news
        self.read_at, first = now, not head["since"]
        head["since"] = f"{began.astimezone(UTC) - _OVERLAP:%Y-%m-%dT%H:%M:%SZ}"
        if news or first:
            self._keep(head, news)

    def _keep(self, head: dict[str, Any], news: Mapping[str, str]) -> None:
        """Parts first, then the head that names them: whoever reads meanwhile finds the older list whole."""
        if len(head["parts"]) > _PARTS + len(self.rows) // _PART:
            head["parts"], news = [], self.rows
        keys = list(news)
        made = {
            self._named(uuid.uuid4().hex[:12]): {
                "rows": {key: news[key] for key in keys[start : start + _PART]}
            }
            for start in range(0, len(keys), _PART)
        }
        self._facts.remember(facts.LIST, made)
        head["parts"] = [*head["parts"], *made]
        self._save(head)

    def _save(self, head: Mapping[str, Any]) -> None:
        self._facts.remember(facts.LIST, {self._named(_HEAD): {**head, "parts": list(head["parts"])}})

    def _head(self) -> dict[str, Any]:
        if self._kept is None:
            name = self._named(_HEAD)
            row = self._facts.cached(facts.LIST, [name]).get(name)
            parts = self._facts.cached(facts.LIST, row["parts"]) if row else {}
            whole = row is not None and all(one in parts for one in row["parts"])
            self._kept = {"single": 0, "pages": 0, "parts": [], "since": "", **(row if row and whole else {})}
            for one in self._kept["parts"]:
                self.rows |= parts[one]["rows"]
        return self._kept

    def _named(self, what: str) -> str:
        return f"{self._path} {what}"

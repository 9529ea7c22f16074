"""Value lists of a tenant: an id for a label and back. Ids differ from tenant to tenant, so that rules name
labels;
each list is kept for an hour."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.errors import RecordRejected
from shared.mapping.countries import DOUBTFUL, code_of
from shared.ports import Cache, Clock
from shared.systems.sage_sales_management.reader import Reader
from shared.systems.sage_sales_management.values import Row, folded, is_deleted, record_id

_CACHE, _KEPT = "sage_sales_management.list", timedelta(hours=1)
_FIRST = ("descriptionEN", "description", "name", "value", "descriptionES")
_SHOWN = 12
_COUNTRIES = "countries"


class Labels:
    def __init__(self, reader: Reader, cache: Cache, clock: Clock) -> None:
        self._reader, self._cache, self._clock = reader, cache, clock
        self._known: dict[str, Mapping[str, list[str]]] = {}

    def of(self, table: str) -> Mapping[str, list[str]]:
        """Id -> its labels in all languages, the English one first."""
        if table not in self._known:
            key = f"{self._reader.address} {table}"
            stored = self._cache.get(_CACHE, [key], self._clock.now()).get(key)
            self._known[table] = stored["labels"] if stored else self.fresh(table)
        return self._known[table]

    def fresh(self, table: str) -> Mapping[str, list[str]]:
        """Read anew, whatever is kept."""
        rows = [row for row in self._reader.all(table, "") if not is_deleted(row)]
        rows.sort(key=lambda row: int(row["id"]))
        found = {record_id(row): _labels(row) for row in rows}
        self._known[table] = found
        key = f"{self._reader.address} {table}"
        self._cache.put(_CACHE, {key: {"labels": found}}, self._clock.now() + _KEPT)
        return found

    def id_of(self, table: str, label: str) -> str:
        """Capitals do not matter, nor how a country is spelt. Raises RecordRejected for a label that the
        tenant does not have, or has twice."""
        find = self._countries if table == _COUNTRIES else self._ids
        found = find(self.of(table), label)
        if not found:
            found = find(self.fresh(table), label)
        if len(found) == 1:
            return found[0]
        known = [labels[0] for labels in self.of(table).values() if labels]
        if found:
            raise RecordRejected(
                f"Sage Sales Management has “{label}” {len(found)} times in its list {table}: rename one of "
                "them"
            )
        more = ", …" if len(known) > _SHOWN else ""
        raise RecordRejected(
            f"Sage Sales Management has no “{label}” in its list {table} "
            f"({', '.join(known[:_SHOWN])}{more}): add it there, or name another one in the rules"
        )

    @staticmethod
    def _ids(labels: Mapping[str, list[str]], wanted: str) -> list[str]:
        sought = folded(wanted)
        return [one for one, names in labels.items() if sought in map(folded, names)]

    @classmethod
    def _countries(cls, labels: Mapping[str, list[str]], wanted: str) -> list[str]:
        """Else by another name of the same country, or its code: "The Netherlands" for "Netherlands"."""
        sought = code_of(wanted)
        return cls._ids(labels, wanted) or [
            one for one, names in labels.items() if sought and sought in map(_country, names)
        ]


def _country(name: str) -> str | None:
    """Its code; none of letters that may stand for something else, such as NA."""
    return None if name.casefold() in DOUBTFUL else code_of(name)


def _labels(row: Row) -> list[str]:
    others: list[Any] = [row[name] for name in sorted(row) if name.startswith("description")]
    texts = [*(row.get(name) for name in _FIRST), *others]
    return list(dict.fromkeys(text.strip() for text in texts if isinstance(text, str) and text.strip()))

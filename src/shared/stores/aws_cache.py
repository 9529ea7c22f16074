"""Small vendor facts in DynamoDB. An expired row is never returned, however late DynamoDB removes it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.domain import codec
from shared.stores._keys import epoch, integration_name, part, stamp
from shared.stores._table import Table
from shared.stores.body import expand, shrink


class AwsCache:
    """`Cache` on the state table. Reads are eventually consistent: a miss costs one vendor call, no more."""

    def __init__(self, table: Table, integration: str) -> None:
        self._table = table
        self._integration = integration_name(integration)

    def get(self, kind: str, keys: Sequence[str], now: datetime) -> dict[str, dict[str, Any]]:
        """1 request for 100 keys."""
        named = {part(key): key for key in keys}
        items = self._table.get_many(((self._pk(kind), sk) for sk in named), consistent=False)
        return {named[item["sk"]]: expand(item["data"]) for item in items if item["until"] > stamp(now)}

    def put(self, kind: str, rows: Mapping[str, Mapping[str, Any]], until: datetime) -> None:
        """1 request for 25 rows."""
        ends = {"until": stamp(until), "expires": epoch(until)}
        self._table.write_many(
            [
                {"pk": self._pk(kind), "sk": part(key), **ends, "data": shrink(dict(row))}
                for key, row in rows.items()
            ]
        )

    def erase(self, found: Callable[[str], bool], change: bool) -> int:
        """Reads the whole table: 1 request a megabyte, and 1 for 25 rows removed."""
        gone, named = list[tuple[str, str]](), dict[tuple[str, str], set[tuple[str, str]]]()
        for row in self._table.scan(self._pk("")):
            key, data = (row["pk"], row["sk"]), expand(row["data"])
            gone += [key] if found(f"{row['sk']} {codec.dumps(data)}") else []
            named[key] = {(row["pk"], part(one)) for one in data.get("parts", ())}
        if change:
            heads = [key for key, parts in named.items() if not parts.isdisjoint(gone)]
            self._table.write_many(deletes=[*gone, *(key for key in heads if key not in gone)])
        return len(gone)

    def _pk(self, kind: str) -> str:
        return f"{self._integration}#X#{part(kind)}"

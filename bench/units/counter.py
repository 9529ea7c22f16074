"""Write units as DynamoDB bills them, asked of the emulator with every write (`ReturnConsumedCapacity`) and
worked out beside it from the items themselves; a request about which the two differ stops the measurement.
"""

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from bench.aws_requests import kind_of
from bench.units.sizes import index_units, rows, size, units
from local.stack.launch import interpreter
from shared.stores.aws_clients import Clients
from tests.contract.tables import log_table, state_table

READS = ("GetItem", "BatchGetItem", "Query")
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_TABLES = {"state": state_table("state"), "log": log_table("log")}
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """One row of one write. `bytes` is what the item is after it, or was before it went."""

    operation: str
    kind: str
    bytes: int
    units: int


@dataclass
class Billed:
    """`rows` are all writes since the last `clear`, in their order."""

    plain: Any
    rows: list[Row] = field(default_factory=list)
    read_units: float = 0.0
    """Worked out from what came back: half a unit for each begun four kilobytes, twice that where the reading
    is strongly consistent."""
    _before: dict[Key, Any] = field(default_factory=dict)
    _asked: int = 0
    _price: float = 1.0

    def watch(self, client: Any) -> None:
        """Once, however often it is asked for: functions may share a client."""
        for name in WRITES:
            for when, handler in (
                ("provide-client-params", _asked),
                ("before-call", self._begins),
                ("after-call", self._ended),
            ):
                self._register(client, f"{when}.dynamodb.{name}", handler)
        for name in READS:
            self._register(client, f"before-call.dynamodb.{name}", self._asks)
            self._register(client, f"after-call.dynamodb.{name}", self._answered)

    def _register(self, client: Any, event: str, handler: Callable[..., Any]) -> None:
        client.meta.events.register(event, handler, unique_id=f"{event}, billed by {id(self)}")

    def clear(self) -> None:
        self.rows.clear()
        self.read_units = 0.0

    def units(self, *kinds: str) -> int:
        return sum(row.units for row in self.rows if not kinds or row.kind in kinds)

    def by_kind(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for row in self.rows:
            found[row.kind] += row.units
        return found

    def _begins(self, model: Any, params: Any, **rest: Any) -> None:
        self._before = {
            (table, key["pk"]["S"], key["sk"]["S"]): self._item(table, key)
            for table, key in rows(model.name, json.loads(params["body"]))
        }

    def _ended(self, model: Any, parsed: Any, http_response: Any, **rest: Any) -> None:
        if http_response.status_code >= 300:
            return  # refused: nothing was written
        twice, found = 2 if model.name == "TransactWriteItems" else 1, list[Row]()
        for (table, pk, sk), before in self._before.items():
            key = {"pk": {"S": pk}, "sk": {"S": sk}}
            after = self._item(table, key)
            count = twice * units(before, after) or twice  # what was not there costs one as well
            count += index_units(_TABLES[table], before, after)
            found.append(Row(model.name, kind_of(key), size(after or before or {}), count))
        said, told = sum(row.units for row in found), _told(parsed)
        assert said == told, f"{model.name}: {told} units by the emulator, {said} by the items: {found}"
        self.rows += found

    def _asks(self, model: Any, params: Any, **rest: Any) -> None:
        body = json.loads(params["body"])
        tables = body.get("RequestItems", {"": body}).values()
        self._asked = sum(len(one.get("Keys", ("one",))) for one in tables)
        self._price = 1.0 if all(one.get("ConsistentRead") for one in tables) else 0.5

    def _answered(self, model: Any, parsed: Any, **rest: Any) -> None:
        items = [parsed["Item"]] if "Item" in parsed else parsed.get("Items", [])
        items += [item for found in parsed.get("Responses", {}).values() for item in found]
        if model.name == "Query":
            fours = max(1, ceil(sum(map(size, items)) / 4096))
        else:
            fours = self._asked - len(items) + sum(max(1, ceil(size(one) / 4096)) for one in items)
        self.read_units += fours * self._price

    def _item(self, table: str, key: Any) -> Any:
        return self.plain.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")


def _asked(params: Any, **rest: Any) -> Any:
    return {**params, "ReturnConsumedCapacity": "INDEXES"}


def _told(parsed: Any) -> int:
    answer = parsed["ConsumedCapacity"]
    return round(sum(one["CapacityUnits"] for one in (answer if isinstance(answer, list) else [answer])))


@contextmanager
def billed(patch: pytest.MonkeyPatch) -> Iterator[Billed]:
    """All DynamoDB clients made inside speak to the emulator, and are counted. Enter before the world that is
    to be measured."""
    patch.setenv("AWS_ACCESS_KEY_ID", "test")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    process = subprocess.Popen(
        [interpreter(), str(Path(__file__).with_name("server.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = f"http://127.0.0.1:{int(process.stdout.readline())}"
        client, plain = (Clients("eu-west-1", address).dynamodb for _ in range(2))
        counted = Billed(plain)
        counted.watch(client)
        patch.setattr(Clients, "dynamodb", property(lambda self: client))
        yield counted
    finally:
        process.communicate(timeout=10)

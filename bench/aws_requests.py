"""Counts what the functions ask of AWS, at the last moment before it would leave the machine (repeats
included).

Each DynamoDB request is named by the row it is about. Write units follow DynamoDB's price list: one for each
begun kilobyte of an item, twice that inside a transaction, and what the index entries of the item cost
besides.
"""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from shared.stores.aws_clients import Clients

SERVICES = ("dynamodb", "sqs", "s3", "kms", "secretsmanager")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_KINDS = {
    "L": "link",
    "P": "pointer",
    "G": "gate",
    "N": "lane",
    "V": "calls",
    "X": "cache",
    "C": "cursor",
    "T": "token",
    "S": "state",
    "K": "park",
    "W": "wait",
    "runs": "run",
    "rec": "log",
}
_FIRST = ("link", "pointer", "log")
"""A transaction is named by the first of these that it holds."""
_OF_CONDITIONS = (":expected", ":now", ":owner", ":link_id")


@dataclass(frozen=True)
class Request:
    """`kind` is the row of a DynamoDB request and "" elsewhere; `units` are 0 for what writes nothing."""

    service: str
    operation: str
    kind: str = ""
    units: int = 0

    @property
    def writes(self) -> bool:
        return self.service == "dynamodb" and self.operation in _WRITES


@dataclass
class AwsRequests:
    made: list[Request] = field(default_factory=list)
    _outcomes: dict[str, str] = field(default_factory=dict)
    """link row -> its index entry, whose replacement costs a deletion and a write."""

    def watch(self, clients: Clients) -> None:
        """Those of several functions may be the same: each is watched once."""
        for service in SERVICES:
            client = getattr(clients, service)
            name = client.meta.service_model.service_id.hyphenize()
            client.meta.events.register_first(
                f"before-send.{name}", self._seen, unique_id=f"counted by {id(self)}"
            )

    def clear(self) -> None:
        self.made.clear()

    def writes(self, kinds: Iterable[str] | None = None) -> list[Request]:
        return [one for one in self.made if one.writes and (kinds is None or one.kind in kinds)]

    def by_kind(self) -> dict[str, int]:
        return dict(Counter(one.kind for one in self.writes()))

    def operations(self, service: str) -> Counter[str]:
        return Counter(one.operation for one in self.made if one.service == service)

    def _seen(self, request: Any, event_name: str, **rest: Any) -> None:
        _, service, operation = event_name.split(".")
        service = service.replace("-", "")
        if service != "dynamodb":
            self.made.append(Request(service, operation))
            return
        body = json.loads(request.body)
        rows = list(_rows(operation, body))
        kinds = [kind_of(key) for key, _ in rows]
        kind = next((one for one in _FIRST if one in kinds), kinds[0] if kinds else "")
        twice = 2 if operation == "TransactWriteItems" else 1
        units = sum(twice * ceil(size(item) / 1024) + self._index(key, item) for key, item in rows)
        self.made.append(Request(service, operation, kind, units if operation in _WRITES else 0))

    def _index(self, key: Mapping[str, Any], item: Mapping[str, Any]) -> int:
        if "list_pk" in item:
            return ceil(size(item) / 1024)
        entry = item.get("ls", item.get(":ls", {})).get("S")
        if entry is None:
            return 0
        pk = key["pk"]["S"]
        before, self._outcomes[pk] = self._outcomes.get(pk), entry
        return 0 if before == entry else 1 if before is None else 2


def _rows(operation: str, body: Mapping[str, Any]) -> Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """(key, item) of every row a request names; the item of a deletion is its key."""
    if operation == "TransactWriteItems":
        for part in body["TransactItems"]:
            yield from _rows("PutItem", next(iter(part.values())))
    elif operation == "BatchWriteItem":
        for parts in body["RequestItems"].values():
            for part in parts:
                yield from _rows("PutItem", next(iter(part.values())))
    elif operation == "BatchGetItem":
        yield from ((key, key) for asked in body["RequestItems"].values() for key in asked["Keys"])
    elif "Item" in body:
        yield body["Item"], body["Item"]
    elif "Key" in body:
        values = body.get("ExpressionAttributeValues", {})
        yield (
            body["Key"],
            body["Key"] | {name: one for name, one in values.items() if name not in _OF_CONDITIONS},
        )
    elif ":pk" in (values := body.get("ExpressionAttributeValues", {})):
        yield {"pk": values[":pk"]}, {}


def kind_of(key: Mapping[str, Any]) -> str:
    parts = key["pk"]["S"].split("#")
    return _KINDS.get(parts[1], parts[1]) if len(parts) > 1 else parts[0]


def size(item: Mapping[str, Any]) -> int:
    """Bytes of an item in http form, as DynamoDB counts them: names and values."""
    return sum(len(name.lstrip(":").encode()) + _length(value) for name, value in item.items())


def _length(value: Mapping[str, Any]) -> int:
    kind, content = next(iter(value.items()))
    if kind == "B":
        return len(b64decode(content))
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return len(content) // 2 + 1
    if kind == "SS":
        return sum(len(one.encode()) for one in content)
    return 1

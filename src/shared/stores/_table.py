"""One DynamoDB table through the low-level client, with paging, unprocessed keys and conditions handled.

Every method says how many requests it makes. Raises Unavailable when DynamoDB throttles or cannot be reached.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.domain.record import record
from shared.errors import Unavailable
from shared.stores._attributes import Item, from_wire, names, to_wire
from shared.stores._faults import CONDITION, code, reaching

_READ_BATCH = 100
_WRITE_BATCH = 25
_ATTEMPTS = 6


@record
class Condition:
    """`text` names attributes as `#name` and values as `:name`."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Table:
    """Items have the string keys `pk` and `sk`. `pause` sleeps between attempts at unprocessed keys, in
    seconds."""

    def __init__(self, client: Any, name: str, pause: Callable[[float], None] = time.sleep) -> None:
        self.client = client
        self.name = name
        self._pause = pause

    def get(self, pk: str, sk: str) -> Item | None:
        """Strongly consistent. 1 request."""
        with reaching("DynamoDB"):
            answer = self.client.get_item(
                TableName=self.name, Key=to_wire({"pk": pk, "sk": sk}), ConsistentRead=True
            )
        return from_wire(answer["Item"]) if "Item" in answer else None

    def get_many(
        self, keys: Iterable[tuple[str, str]], *, consistent: bool = True, batch: int = _READ_BATCH
    ) -> Iterator[Item]:
        """Those that exist, in any order. 1 request for `batch` keys, more when DynamoDB leaves some
        unread."""
        wanted = [to_wire({"pk": pk, "sk": sk}) for pk, sk in dict.fromkeys(keys)]
        for start in range(0, len(wanted), batch):
            yield from self._read_batch(wanted[start : start + batch], consistent)

    def put(self, item: Mapping[str, Any], condition: Condition | None = None) -> bool:
        """False when the condition does not hold. 1 request."""
        return self._conditional("put_item", condition, Item=to_wire(item))

    def put_or_see(self, item: Mapping[str, Any], condition: Condition) -> Item | None:
        """None when it was put, else the row for which the condition does not hold. 1 request."""
        try:
            with reaching("DynamoDB"):
                self.client.put_item(
                    TableName=self.name,
                    Item=to_wire(item),
                    ConditionExpression=condition.text,
                    ExpressionAttributeNames=names(condition.text),
                    ExpressionAttributeValues=to_wire(condition.values),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as fault:
            if code(fault) != CONDITION:
                raise
            return from_wire(fault.response.get("Item", {}))
        return None

    def delete(self, pk: str, sk: str, condition: Condition | None = None) -> bool:
        """False when the condition does not hold. 1 request."""
        return self._conditional("delete_item", condition, Key=to_wire({"pk": pk, "sk": sk}))

    def update(
        self, pk: str, sk: str, change: str, values: Mapping[str, Any], condition: Condition | None = None
    ) -> bool:
        """`change` is an update expression written like a condition. False when the condition fails. 1
        request."""
        return self._conditional("update_item", condition, change, values, Key=to_wire({"pk": pk, "sk": sk}))

    def update_seeing(
        self, pk: str, sk: str, change: str, values: Mapping[str, Any], condition: Condition
    ) -> Item | None:
        """What the change replaced; None when the condition fails. 1 request."""
        request = {"ReturnValues": "UPDATED_OLD", "Key": to_wire({"pk": pk, "sk": sk})}
        answer = self._conditionally("update_item", condition, change, values, **request)
        return None if answer is None else from_wire(answer.get("Attributes", {}))

    def query(
        self,
        keys: Condition,
        *,
        index: str | None = None,
        where: Condition | None = None,
        newest_first: bool = False,
        page: int | None = None,
    ) -> Iterator[Item]:
        """Items in key order, strongly consistent unless from an index. 1 request a megabyte or `page`
        rows."""
        with_filter = {} if where is None else {"FilterExpression": where.text}
        request = {
            "KeyConditionExpression": keys.text,
            **with_filter,
            "ScanIndexForward": not newest_first,
            "ExpressionAttributeNames": names(keys.text, where.text if where else ""),
            "ExpressionAttributeValues": to_wire({**keys.values, **(where.values if where else {})}),
            **({"Limit": page} if page else {}),
            **({"IndexName": index} if index else {"ConsistentRead": True}),
        }
        for answer in self._pages(request):
            yield from map(from_wire, answer["Items"])

    def scan(self, prefix: str) -> Iterator[Item]:
        """All rows whose partition begins so, in any order. For an operator only, who may: no function has
        the right. 1 request a megabyte of the whole table."""
        request: dict[str, Any] = {
            "FilterExpression": "begins_with(#pk, :prefix)",
            "ExpressionAttributeNames": {"#pk": "pk"},
            "ExpressionAttributeValues": to_wire({":prefix": prefix}),
            "ConsistentRead": True,
        }
        for answer in self._pages(request, "scan"):
            yield from map(from_wire, answer["Items"])

    def count(self, pk: str) -> int:
        """1 request a megabyte of rows."""
        request = {
            "KeyConditionExpression": "#pk = :pk",
            "ExpressionAttributeNames": {"#pk": "pk"},
            "ExpressionAttributeValues": to_wire({":pk": pk}),
            "Select": "COUNT",
            "ConsistentRead": True,
        }
        return sum(int(answer["Count"]) for answer in self._pages(request))

    def write_many(
        self, puts: Sequence[Mapping[str, Any]] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Unconditional; one row may appear once only. 1 request for 25 rows, more when some are left
        unwritten."""
        requests = [{"PutRequest": {"Item": to_wire(item)}} for item in puts]
        requests += [
            {"DeleteRequest": {"Key": to_wire({"pk": pk, "sk": sk})}} for pk, sk in dict.fromkeys(deletes)
        ]
        for start in range(0, len(requests), _WRITE_BATCH):
            self._write_batch(requests[start : start + _WRITE_BATCH])

    def _conditional(
        self,
        operation: str,
        condition: Condition | None,
        change: str = "",
        values: Mapping[str, Any] | None = None,
        **request: Any,
    ) -> bool:
        return self._conditionally(operation, condition, change, values, **request) is not None

    def _conditionally(
        self,
        operation: str,
        condition: Condition | None,
        change: str = "",
        values: Mapping[str, Any] | None = None,
        **request: Any,
    ) -> dict[str, Any] | None:
        """The answer; None when the condition does not hold."""
        text = condition.text if condition else ""
        bound = to_wire({**(values or {}), **(condition.values if condition else {})})
        parts = {
            "ConditionExpression": text,
            "UpdateExpression": change,
            "ExpressionAttributeNames": names(text, change),
            "ExpressionAttributeValues": bound,
        }
        try:
            with reaching("DynamoDB"):
                answer: dict[str, Any] = getattr(self.client, operation)(
                    TableName=self.name, **request, **{name: value for name, value in parts.items() if value}
                )
        except ClientError as fault:
            if code(fault) != CONDITION:
                raise
            return None
        return answer

    def _pages(self, request: dict[str, Any], operation: str = "query") -> Iterator[dict[str, Any]]:
        after: dict[str, Any] = {}
        while True:
            with reaching("DynamoDB"):
                answer = getattr(self.client, operation)(TableName=self.name, **request, **after)
            yield answer
            if not answer.get("LastEvaluatedKey"):
                return
            after = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _read_batch(self, keys: list[Any], consistent: bool) -> Iterator[Item]:
        pending: Any = {self.name: {"Keys": keys, "ConsistentRead": consistent}}
        for attempt in range(_ATTEMPTS):
            with reaching("DynamoDB"):
                answer = self.client.batch_get_item(RequestItems=pending)
            yield from map(from_wire, answer["Responses"].get(self.name, []))
            pending = answer.get("UnprocessedKeys")
            if not pending:
                return
            self._pause(0.05 * 2**attempt)
        raise Unavailable(
            f"DynamoDB left rows of table {self.name} unread {_ATTEMPTS} times; it will be tried again"
        )

    def _write_batch(self, requests: list[Any]) -> None:
        pending: Any = {self.name: requests}
        for attempt in range(_ATTEMPTS):
            with reaching("DynamoDB"):
                pending = self.client.batch_write_item(RequestItems=pending).get("UnprocessedItems")
            if not pending:
                return
            self._pause(0.05 * 2**attempt)
        raise Unavailable(
            f"DynamoDB left rows of table {self.name} unwritten {_ATTEMPTS} times; it will be tried again"
        )


def under(pk: str, prefix: str | None = None) -> Condition:
    """All rows of one partition, or those whose sort key starts with `prefix`."""
    if prefix is None:
        return Condition("#pk = :pk", {":pk": pk})
    return Condition("#pk = :pk AND begins_with(#sk, :prefix)", {":pk": pk, ":prefix": prefix})

"""What a write is billed, worked out from the item before and after it: one unit for each begun kilobyte of
the larger, and what its entries in the indexes cost.

Shares no code with the emulator, whose own count it is compared with.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

Wire = Mapping[str, Mapping[str, Any]]


def size(item: Wire) -> int:
    """Bytes as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _length(value) for name, value in item.items())


def units(before: Wire | None, after: Wire | None) -> int:
    """Of the table itself, outside a transaction."""
    return max(_kilobytes(before), _kilobytes(after))


def index_units(table: Mapping[str, Any], before: Wire | None, after: Wire | None) -> int:
    """Of all indexes of `table` (as it is declared to CreateTable)."""
    return sum(_of_index(entry, before, after) for entry in table.get("GlobalSecondaryIndexes", ()))


def _of_index(index: Mapping[str, Any], before: Wire | None, after: Wire | None) -> int:
    """An entry that moves is taken away and put; one that looks as before costs nothing."""
    old, new = _entry(index, before), _entry(index, after)
    if old == new:
        return 0
    keys = [one["AttributeName"] for one in index["KeySchema"]]
    if old is not None and new is not None and [old[name] for name in keys] == [new[name] for name in keys]:
        return max(_kilobytes(old), _kilobytes(new))
    return _kilobytes(old) + _kilobytes(new)


def _entry(index: Mapping[str, Any], item: Wire | None) -> Wire | None:
    keys = [one["AttributeName"] for one in index["KeySchema"]]
    if item is None or any(name not in item for name in keys):
        return None
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return item
    kept = {"pk", "sk", *keys, *projection.get("NonKeyAttributes", ())}
    return {name: value for name, value in item.items() if name in kept}


def _kilobytes(item: Wire | None) -> int:
    return 0 if item is None else max(1, ceil(size(item) / 1024))


def rows(operation: str, body: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table, key) of every row that a writing request names."""
    if operation == "TransactWriteItems":
        for part in body["TransactItems"]:
            yield from rows("PutItem", next(iter(part.values())))
    elif operation == "BatchWriteItem":
        for table, parts in body["RequestItems"].items():
            for part in parts:
                yield from rows("PutItem", {"TableName": table, **next(iter(part.values()))})
    else:
        key = body.get("Key") or body["Item"]
        yield body["TableName"], {name: key[name] for name in ("pk", "sk")}


def _length(value: Mapping[str, Any]) -> int:
    kind, content = next(iter(value.items()))
    if kind == "B":
        return len(content if isinstance(content, bytes) else b64decode(content))
    if kind == "S":
        return len(content.encode("utf-8", "surrogatepass"))
    if kind == "N":
        return _digits(content)
    if kind == "SS":
        return sum(len(one.encode()) for one in content)
    return 1


def _digits(number: str) -> int:
    """About a byte for two digits, and one more: whole numbers only."""
    digits = number.lstrip("-").strip("0") or "0"
    return (len(digits) + 1) // 2 + 1 + (1 if number.startswith("-") else 0)

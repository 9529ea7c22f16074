"""One kind of row of one integration in a memory world. Values are kept as JSON text, as AWS would keep them.

So a caller cannot change a stored row through an object it still holds, and whatever could not be stored on
AWS fails here too.
"""

from collections.abc import Iterator
from threading import RLock
from typing import Any

from shared.domain import codec

Key = tuple[str, ...]
Rows = dict[tuple[str, str], dict[Key, str]]


class Service:
    """The rows of one AWS service: `rows` maps (integration, kind) and key to JSON text; `lock` guards
    them."""

    def __init__(self, lock: RLock) -> None:  # type: ignore[valid-type,unused-ignore]
        self.rows: Rows = {}
        self.lock = lock


class Shelf:
    """Rows under (integration, kind)."""

    def __init__(self, service: Service, integration: str, kind: str) -> None:
        self._service = service
        self._name = (integration, kind)
        self.lock = service.lock

    def get(self, *key: str) -> Any:
        """The value, or None. Each call gives a fresh copy."""
        text = self._rows.get(key)
        return None if text is None else codec.loads(text)

    def put(self, value: Any, *key: str) -> None:
        self._rows[key] = codec.dumps(value)

    def drop(self, *key: str) -> None:
        self._rows.pop(key, None)

    def items(self, *prefix: str) -> Iterator[tuple[Key, Any]]:
        """(key, value) in key order, as they were when this was called."""
        with self.lock:
            found = sorted((key, text) for key, text in self._rows.items() if key[: len(prefix)] == prefix)
        return ((key, codec.loads(text)) for key, text in found)

    def count(self) -> int:
        return len(self._rows)

    @property
    def _rows(self) -> dict[Key, str]:
        """Looked up each time, because a world's rows are replaced when it is put back."""
        return self._service.rows.setdefault(self._name, {})

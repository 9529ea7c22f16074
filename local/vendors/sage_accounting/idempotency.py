"""Answers kept by idempotency_id for seven days: a repeat gets the first answer and does nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local.vendors.sage_accounting.clock import Clock
from local.vendors.sage_accounting.errors import Refused, error

KEPT = timedelta(days=7)
_ID = re.compile(r"[0-9a-fA-F]{32}")


@dataclass(frozen=True)
class Kept:
    resource: str
    status: int
    body: Any
    at: datetime


class Idempotency:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str], Kept] = {}

    def find(self, business: str, resource: str, key: str | None, mismatch_status: int) -> Kept | None:
        """Raises Refused if the id is not a GUID without hyphens, or was used for another resource."""
        if key is None:
            return None
        if not _ID.fullmatch(str(key)):
            raise Refused(422, [error("idempotency_id is invalid", "idempotency_id", "Validation")])
        kept = self._kept.get((business, str(key).lower()))
        if kept is None or self._clock.running() - kept.at > KEPT:
            return None
        if kept.resource != resource:
            raise Refused(mismatch_status, [error("Entity type mismatch", "", "IdempotencyResourceMismatch")])
        return kept

    def keep(self, business: str, resource: str, key: str | None, status: int, body: Any) -> None:
        if key is not None:
            self._kept[business, str(key).lower()] = Kept(resource, status, body, self._clock.running())

    def clear(self) -> None:
        self._kept.clear()


def key_of(body: Mapping[str, Any] | None) -> str | None:
    return None if body is None else body.get("idempotency_id")

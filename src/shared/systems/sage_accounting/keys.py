"""The idempotency id inside every body, 32 hex digits: Sage answers a repeated id with the first result and
writes nothing.

A create's id depends only on our key, so that a repeat has the same id even if the payload has changed in the
meantime. A change's id must never be used again with another meaning: a value written, changed and written
again is two writes.
"""

import hashlib
import json
from typing import Any
from uuid import uuid4

from shared.ports import Patch


def of_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def of_patch(patch: Patch) -> str:
    """From `Patch.key`; without one, from record, version and values. Without a version either, it is random,
    which still covers an immediate repeat."""
    if patch.key:
        return of_key(patch.key)
    if patch.version is None:
        return uuid4().hex
    return of_key(json.dumps([patch.id, patch.version, _sorted(patch.values)], default=str))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value

"""Turns a webhook into a hint: which object, which record. Nothing else in the request is used.

What the vendor sends is not documented. The object stands in the address that Tieout registered; the id is
looked for
under the names that such bodies have. A body without one is a hint
that the list changed. Standard library only.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from shared.domain.link import ANY

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_ID = re.compile(r"[1-9][0-9]{0,17}")
_IDS = ("id", "Id", "ID", "entityId", "entity_id", "recordId", "record_id", "idEntity")
_INSIDE = ("data", "entity", "record", "new", "old", "payload")


class SalesWebhook:
    def parse(self, query: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
        """(object, record id). Raises ValueError with a sentence."""
        name = query.get("object") or ""
        if not _NAME.fullmatch(name):
            raise ValueError(
                "The hook's address has no usable 'object': register the hooks again with 'tieout connect "
                "sage_sales_management'."
            )
        return list(dict.fromkeys((name, one) for one in _ids(body))) or [(name, ANY)]


def _ids(body: bytes) -> Iterator[str]:
    for row in _rows(body):
        for place in (row, *(inner for name in _INSIDE if isinstance(inner := row.get(name), dict))):
            value = next((place[name] for name in _IDS if place.get(name)), None)
            text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
            if _ID.fullmatch(text):
                yield text
                break


def _rows(body: bytes) -> list[dict[str, Any]]:
    try:
        text = body.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError("The hook's body is not UTF-8 text.") from None
    if text[:1] not in ("{", "["):
        return [dict(parse_qsl(text))]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("The hook's body starts like JSON, but is not valid JSON.") from None
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)]

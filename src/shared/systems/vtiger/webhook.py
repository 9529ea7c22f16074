"""Turns a Vtiger webhook into a hint: which module, which record. Nothing else in the request is used.

Vtiger's cloud sends what its administrator mapped, as JSON or as a form, unsigned; an open source server
sends whatever the customer's own module sends. The id may be bare (123) or complete (11x123): it is passed on
unchanged. Standard library only."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_ID = re.compile(r"(?:[0-9]{1,10}x)?[0-9]{1,18}")
_IDS = ("id", "record_id", "recordid", "recordId", "record", "crmid")
_MODULES = ("module", "elementType", "setype", "object")
_INSIDE = ("data", "element", "record", "result")


class VtigerWebhook:
    def parse(self, query: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
        """(module, record id). Raises ValueError with a sentence."""
        found = [(_module(query, contents), _record_id(contents)) for contents in _contents(body)]
        return list(dict.fromkeys(found))


def _contents(body: bytes) -> list[Mapping[str, Any]]:
    try:
        text = body.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError("The webhook's body is not UTF-8 text.") from None
    if text[:1] in ("{", "["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError("The webhook's body starts like JSON, but is not valid JSON.") from None
    else:
        found = dict(parse_qsl(text))
    rows = found if isinstance(found, list) else [found]
    if not rows or not all(isinstance(row, dict) and row for row in rows):
        raise ValueError(
            "The webhook's body has no parameters: map the record's id to a parameter 'id' in the "
            "workflow's webhook action."
        )
    return rows


def _module(query: Mapping[str, str], contents: Mapping[str, Any]) -> str:
    named = [query.get("object"), *(place.get(name) for place in _places(contents) for name in _MODULES)]
    name = next((one for one in named if one), None)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(
            "The module is named neither by 'object' in the webhook's address nor by 'module' in its body: "
            "add ?object=Accounts, or the module in question, to the address."
        )
    return name


def _record_id(contents: Mapping[str, Any]) -> str:
    for place in _places(contents):
        for name in _IDS:
            value = place.get(name)
            text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
            if _ID.fullmatch(text):
                return text
    raise ValueError(
        "The webhook's body has no record id: map the record's id to a parameter 'id' in the workflow's "
        "webhook action."
    )


def _places(contents: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The body itself, and the wrappers in which some senders put the record."""
    yield contents
    yield from (inner for name in _INSIDE if isinstance(inner := contents.get(name), dict))

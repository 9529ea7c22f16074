"""Turns a web logic hook's request into a hint: which module, which record. Nothing else in the body is used.

Sugar sends hooks late, out of order and unsigned, with `bean` in the singular, so module and event are put
into the address. The id is in `data` for saves; for deletes and relationships it may be at the top. Standard
library only.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class SugarWebhook:
    def parse(self, query: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
        """(module, record id). Raises ValueError with a sentence."""
        contents = _decode(body)
        return [(_module(query, contents), _record_id(contents))]


def _decode(body: bytes) -> dict[str, Any]:
    try:
        contents = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ValueError(
            "The hook's body is not JSON: set its request method to POST in Admin > Web Logic Hooks."
        ) from None
    if not isinstance(contents, dict):
        raise ValueError(
            "The hook's body is JSON but not an object with 'bean' and 'data', as SugarCRM sends it."
        )
    return contents


def _module(query: Mapping[str, str], contents: Mapping[str, Any]) -> str:
    name = query.get("object") or contents.get("module") or _plural(contents.get("bean"))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(
            "The hook's address has no usable 'object', and its body has no 'bean': register the hook again "
            "with 'tieout connect sugarcrm'."
        )
    return name


def _plural(bean: Any) -> str:
    if not isinstance(bean, str) or not bean:
        return ""
    return f"{bean[:-1]}ies" if bean.endswith("y") else f"{bean}s"


def _record_id(contents: Mapping[str, Any]) -> str:
    data = contents.get("data")
    for place in (data if isinstance(data, dict) else {}, contents):
        value = place.get("id")
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
    raise ValueError("The hook's body holds no record id, neither as 'data.id' nor as 'id'.")

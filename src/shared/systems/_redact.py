"""Removes secrets from what is archived or logged. It goes by names, so it works for every vendor."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_SECRET = re.compile(
    r"pass(word|wd)?$|secret|token|authorization|accesskey|^session(_?id|name)?$|api_?key|^code_verifier$",
    re.I,
)
_HIDDEN = "[hidden]"
_LIMIT = 262_144


def redact(value: Any) -> Any:
    """The same value with every secret replaced; JSON inside strings (v4_1's `rest_data`, bulk's `data`)
    included."""
    if isinstance(value, Mapping):
        return {
            key: _HIDDEN if _SECRET.search(str(key)) and item else redact(item) for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [redact(item) for item in value]
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return redact(json.loads(value))
        except ValueError:
            return value
    return value


def redact_text(body: bytes) -> Any:
    """A reply as JSON where it is JSON, else as text, cut at 256 KB."""
    text = body[:_LIMIT].decode("utf-8", "replace")
    try:
        return redact(json.loads(text, parse_float=Decimal))
    except ValueError:
        return text


def mask(value: Any, hide: tuple[str, ...]) -> Any:
    """The same value with each literal in `hide` replaced wherever it occurs inside a string."""
    if not hide:
        return value
    if isinstance(value, Mapping):
        return {key: mask(item, hide) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(item, hide) for item in value]
    if isinstance(value, str):
        for secret in hide:
            value = value.replace(secret, _HIDDEN) if secret else value
    return value

"""Removes secrets from what is archived or logged. It goes by names, so it works for every vendor.

What is not JSON (a page, a form, an answer that was cut on its way) is searched as text for the same names.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.systems._json import loads

_NAMES = (
    r"pass(?:word|wd|phrase)?|pwd|[\w-]*secret[\w-]*|[\w-]*token[\w-]*|(?:proxy-)?authorization|(?:set-)?cookie|"
    r"[\w-]*access_?key[\w-]*|[\w-]*private_?key[\w-]*|(?:x-)?api[_-]?key|session(?:_?id|name)?|"
    r"code_verifier|[\w-]*credentials?|signature|otp|jwt|user_hash"
)
_SECRET = re.compile(rf"(?:{_NAMES}|[\w-]*password[\w-]*)$", re.I)
_AS_TEXT = re.compile(
    rf"""(?P<name>(?<![\w-])(?:{_NAMES}|[\w-]*password[\w-]*)\\*["']?\s*(?:[:=]|%3[AD])\s*)"""
    r"""(?P<value>\\*"(?:[^"\\]|\\.)*(?:\\*"|\Z)|'[^']*(?:'|\Z)|(?:Bearer|Basic)\s+[^\s"'&<>,;]+|[^\s"'&<>,;{}\[\]]+)""",
    re.I,
)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9+/_.~=-]{8,}", re.I)
HIDDEN = "[hidden]"
_LIMIT = 262_144


def redact(value: Any) -> Any:
    """The same value with every secret replaced; JSON inside strings (v4_1's `rest_data`, bulk's `data`)
    included."""
    if isinstance(value, str):  # most values are texts, and asking for a Mapping is slow
        return _in_text(value)
    if isinstance(value, (dict, Mapping)):
        return {key: HIDDEN if item and is_secret(str(key)) else redact(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact(item) for item in value]
    return value


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """The same few names come again in every record."""
    return _SECRET.match(name) is not None


def redact_text(body: bytes, hide: tuple[str, ...] = ()) -> Any:
    """A reply as JSON where it is JSON, else as text; cut at 256 KB, after its secrets were taken out.
    `hide`: literal secrets, as of `mask`."""
    text = body.decode("utf-8", "replace")
    try:
        found = mask(redact(loads(text)), hide)
    except ValueError:
        return mask(masked(text), hide)[:_LIMIT]
    return found if len(body) <= _LIMIT else json.dumps(found, ensure_ascii=False, default=str)[:_LIMIT]


def masked(text: str) -> str:
    """Text without the values of secrets that are named in it, as `name=value` or `"name": "value"`."""
    return _BEARER.sub(rf"\1 {HIDDEN}", _AS_TEXT.sub(rf"\g<name>{HIDDEN}", text))


def _in_text(value: str) -> Any:
    if value[:1] in "[{" and value:
        try:
            return redact(loads(value))
        except ValueError:
            return masked(value)
    return _BEARER.sub(rf"\1 {HIDDEN}", value) if "earer " in value or "asic " in value else value


def mask(value: Any, hide: tuple[str, ...]) -> Any:
    """The same value with each literal in `hide` replaced wherever it occurs inside a string."""
    if not hide:
        return value
    if isinstance(value, str):
        for secret in hide:
            value = value.replace(secret, HIDDEN) if secret else value
        return value
    if isinstance(value, (dict, Mapping)):
        return {key: mask(item, hide) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(item, hide) for item in value]
    return value

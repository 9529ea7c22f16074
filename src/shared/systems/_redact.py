"""Removes secrets from what is archived or logged. It goes by names, so it works for every vendor.

What is not JSON (a page, a form, an answer that was cut on its way) is searched as text for the same names.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.systems._json import loads

_ANY = r"[\w-]{0,60}"
"""Before or after the word that tells: no name is longer, and a text may have no end."""
_NAMES = (
    rf"pass(?:word|wd|phrase)?|pwd|{_ANY}secret{_ANY}|{_ANY}token{_ANY}|(?:proxy-)?authorization|(?:set-)?cookie|"
    rf"{_ANY}access_?key{_ANY}|{_ANY}private_?key{_ANY}|(?:x-)?api[_-]?key|{_ANY}subscription[_-]?key|"
    rf"session(?:name)?|[\w.-]{{0,60}}sess(?:ion)?_?id|x-auth{_ANY}|code_verifier|"
    rf"{_ANY}credentials?|signature|otp|jwt|user_hash|{_ANY}password{_ANY}"
)
_SECRET = re.compile(rf"(?:{_NAMES})$", re.I)
_AS_TEXT = re.compile(
    rf"""(?P<name>(?<![\w-])(?:{_NAMES})\\*["']?\s*(?:[:=]|%3[AD])\s*)"""
    r"""(?P<value>\\*"(?:[^"\\]|\\.)*(?:\\*"|\Z)|'[^']*(?:'|\Z)|(?:Bearer|Basic)\s+[^\s"'&<>,;]+|[^\s"'&<>,;{}\[\]]+)""",
    re.I,
)
_ELEMENT = re.compile(
    rf"(<(?:[\w.-]{{1,60}}:)?(?:{_NAMES})(?:\s[^<>]*)?>)(?:<!\[CDATA\[.*?(?:\]\]>|\Z)|[^<]+)", re.I | re.S
)
_INPUT = re.compile(r"<input\b[^<>]*", re.I)
_NAMED = re.compile(r"""\bname\s*=\s*["']?([\w.-]+)""", re.I)
_VALUE = re.compile(r"""(\bvalue\s*=\s*)("[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s"'<>]+)""", re.I)
_PART = re.compile(rf"""(name=["']?(?:{_NAMES})["']?\r?\n\r?\n)[^\r\n]*""", re.I)
_IN_ADDRESS = re.compile(r"""(://[^\s/:@"'<>]{0,200}:)[^\s/@"'<>]{1,200}(?=@)""")
_SIGNED = re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*")
_STEMS = (
    "pass", "pwd", "secret", "token", "cookie", "authori", "sess", "key", "x-auth", "verifier", "credential",
    "signature", "otp", "jwt", "user_hash",
)  # fmt: skip
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9+/_.~=-]{8,}", re.I)
HIDDEN = "[hidden]"
_LIMIT = 262_144


def redact(value: Any) -> Any:
    """The same value with every secret replaced; JSON inside strings (v4_1's `rest_data`, bulk's `data`)
    included."""
    if isinstance(value, str):  # most values are texts, and asking for a Mapping is slow
        return _in_text(value)
    if isinstance(value, (dict, Mapping)):
        if len(value) == 2 and "name" in value and "value" in value and is_secret(str(value["name"])):
            return {**value, "value": HIDDEN}  # as v4_1 writes a field
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
        return _cut(text, hide)
    return found if len(body) <= _LIMIT else json.dumps(found, ensure_ascii=False, default=str)[:_LIMIT]


def _cut(text: str, hide: tuple[str, ...]) -> str:
    """Not all of it is searched where it is far too long; then its end, in which a secret may have been cut,
    is not kept."""
    if len(text) <= 2 * _LIMIT:
        return str(mask(masked(text), hide))[:_LIMIT]
    return str(mask(masked(text[: 2 * _LIMIT]), hide))[:-4096][:_LIMIT]


def masked(text: str) -> str:
    """Text without the values of secrets that are named in it: `name=value`, `"name": "value"`, an element
    of XML, a field of a form, the user of an address."""
    if not _tells(text):
        return _SIGNED.sub(HIDDEN, _BEARER.sub(rf"\1 {HIDDEN}", text))
    if "<" in text:
        text = _INPUT.sub(_input, _ELEMENT.sub(rf"\1{HIDDEN}", text))
    text = _AS_TEXT.sub(rf"\g<name>{HIDDEN}", _PART.sub(rf"\1{HIDDEN}", text))
    return _SIGNED.sub(HIDDEN, _IN_ADDRESS.sub(rf"\1{HIDDEN}", _BEARER.sub(rf"\1 {HIDDEN}", text)))


def _input(found: re.Match[str]) -> str:
    """A field of a page's form, whichever of its name and value comes first."""
    named = _NAMED.search(found[0])
    secret = named is not None and is_secret(named[1])
    return _VALUE.sub(rf"\1{HIDDEN}", found[0]) if secret else found[0]


def _in_text(value: str) -> Any:
    if value[:1] in "[{" and value:
        try:
            return redact(loads(value))
        except ValueError:
            return masked(value)
    if not value[:1].isdigit() and (":" in value or "=" in value or "<" in value) and _tells(value):
        return masked(value)
    if "eyJ" in value:
        value = _SIGNED.sub(HIDDEN, value)
    return _BEARER.sub(rf"\1 {HIDDEN}", value) if "earer " in value or "asic " in value else value


def _tells(text: str) -> bool:
    """Whether it may name a secret: a look that costs little, for most texts do not."""
    if "://" in text and "@" in text:
        return True
    low = text.lower()
    return any(stem in low for stem in _STEMS)


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

"""What Vtiger does to text on its way in and out, and how MySQL compares it."""

import html
import re
import unicodedata
from html.entities import codepoint2name

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SCRIPT = re.compile(r"<(/?script[^>]*)>", re.IGNORECASE)


def cleaned(text: str, lost: str) -> str:
    """Characters beyond the basic plane become `lost`; script tags are encoded, other tags stay."""
    return _SCRIPT.sub(r"&lt;\1&gt;", _ASTRAL.sub(lost, text))


def decoded(text: str) -> str:
    """What revise makes of literal entities."""
    return html.unescape(text) if "&" in text else text


def labelled(text: str) -> str:
    """The HTML encoding of `label`: named entities wherever HTML 4 has one."""
    return "".join(_entity(char) for char in text)


def _entity(char: str) -> str:
    if char == "'":
        return "&#039;"
    name = codepoint2name.get(ord(char))
    return f"&{name};" if name else char


def folded(text: str) -> str:
    """Equal for texts that MySQL's default collation treats as equal: case, accents and trailing blanks are
    ignored."""
    text = text.rstrip(" ")
    if text.isascii():
        return text.lower()
    return "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    ).casefold()

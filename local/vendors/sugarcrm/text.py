"""What v4_1 does to text: cleaned on the way in, HTML-encoded on the way out, and differently in the echo."""

import html
import re
from html.entities import codepoint2name

_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_READ = str.maketrans({"'": "&#039;", '"': "&quot;", "<": "&lt;", ">": "&gt;"})


def clean(text: str) -> str:
    """Entities decoded and tags removed, as the server's anti-XSS filter stores it."""
    return _TAG.sub("", html.unescape(text))


def encoded(text: str) -> str:
    """Four characters become entities in every read; `&` itself is left alone."""
    return text.translate(_READ)


def echoed(text: str) -> str:
    """The echo of set_entry: every character that has an entity, and `&` twice over."""
    return "".join(map(_entity, clean(text)))


def _entity(char: str) -> str:
    if char == "&":
        return "&amp;amp;"
    if char == "'":
        return "&#039;"
    name = codepoint2name.get(ord(char))
    return f"&{name};" if name else char

"""Writes TOML, which Python only reads: keys, values and whole tables as a person would write them."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_MULTILINE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f]*")
"""What may stand in a literal text of several lines."""


def key(name: str) -> str:
    return name if _BARE.fullmatch(name) else basic(name)


def dotted(path: Sequence[str]) -> str:
    return ".".join(map(key, path))


def basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def literal(text: str) -> str:
    """A text of several lines: as it stands where TOML can hold it so, else line by line."""
    if "'''" in text or text.endswith("'") or not _MULTILINE.fullmatch(text):
        return '"""\n' + "\n".join(basic(line)[1:-1] for line in text.split("\n")) + '"""'
    return f"'''\n{text}'''"


def value(given: Any) -> str:
    """In one line. Raises TypeError for what TOML does not know, such as None."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, str):
        return basic(given)
    if isinstance(given, int):
        return str(given)
    if isinstance(given, Decimal):
        text = f"{given:f}"
        return text if "." in text else f"{text}.0"
    if isinstance(given, (date, datetime, time)):
        return given.isoformat()
    if isinstance(given, Mapping):
        inner = ", ".join(f"{key(name)} = {value(one)}" for name, one in given.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(given, (list, tuple)):
        return f"[{', '.join(map(value, given))}]"
    raise TypeError(f"a {type(given).__name__} cannot be written in TOML")


def document(data: Mapping[str, Any], inside: tuple[str, ...] = (), flat: tuple[str, ...] = ()) -> str:
    """A whole file. Tables get headers of their own, but those directly in a table named in `flat` stand in
    one line each, as the fields of a rule file do."""
    here = inside[-1:] and inside[-1] in flat
    plain = {name: one for name, one in data.items() if here or not isinstance(one, Mapping)}
    tables = {name: one for name, one in data.items() if name not in plain}
    text = "".join(f"{key(name)} = {value(one)}\n" for name, one in plain.items())
    if inside and (plain or not tables):
        text = f"[{dotted(inside)}]\n{text}"
    parts = [text, *(document(one, (*inside, name), flat) for name, one in tables.items())]
    return "\n".join(part for part in parts if part)

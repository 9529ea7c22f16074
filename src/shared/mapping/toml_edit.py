"""Changes single keys of a TOML text and leaves the rest as it is written, comments and layout included.

The change is made by lines and then proved: the text read again must say exactly what was wanted. A layout in
which that does not hold (a table in braces, keys with dots) is written anew from what it says, under all the
comments that it had. No comment of a person is ever lost, but that behind a line which goes as a whole.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from shared.mapping.toml_comments import comments, in_place
from shared.mapping.toml_text import document, dotted, key, value

FLAT = ("fields", "line", "where", "closed", "archive", "related")
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_LISTED = re.compile(r"\s*\[\[")
_KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")
_PART = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*(?:\.|$)""")
Path = Sequence[str]


class _Removed:
    """In place of a value: the key goes."""


REMOVED = _Removed()


def parsed(text: str) -> dict[str, Any]:
    """Raises tomllib.TOMLDecodeError."""
    return tomllib.loads(text, parse_float=Decimal)


def changed(text: str, edits: Mapping[tuple[str, ...], Any]) -> str:
    """The text with each key of `edits` (the path to it -> its value, or `REMOVED`) changed. Raises
    tomllib.TOMLDecodeError for a text that is not TOML."""
    for path, wanted in edits.items():
        before = parsed(text)
        after = _with(before, path, wanted)
        if after == before:
            continue
        found = (one for one in _tried(text, path, wanted, after) if _says(one, after))
        text = next(found, "") or _anew(text, after)
    return text


def _anew(text: str, after: Mapping[str, Any]) -> str:
    made = document(after, flat=FLAT)
    return "\n".join([*kept, "", made]) if (kept := comments(text)) else made


def _tried(text: str, path: tuple[str, ...], wanted: Any, after: Mapping[str, Any]) -> Iterator[str]:
    """As its own line, or as part of the line that holds its table: first the way that rule files have it."""
    ways = [(path, wanted)]
    if len(path) > 1:
        inner: Any = after
        for part in path[:-1]:
            inner = inner.get(part, REMOVED) if isinstance(inner, dict) else REMOVED
        ways.append((path[:-1], inner))
    in_a_line = len(path) > 2 and path[-3] in FLAT and isinstance(ways[1][1], dict)
    for where, what in ways[::-1] if in_a_line else ways:
        yield _by_lines(text, where, what)


def _with(data: Mapping[str, Any], path: Path, wanted: Any) -> dict[str, Any]:
    made, (first, *rest) = dict(data), path
    if rest:
        inner = made.get(first)
        if not isinstance(inner, dict) and wanted is REMOVED:
            return made
        below = _with(inner if isinstance(inner, dict) else {}, rest, wanted)
        if below or wanted is not REMOVED:
            made[first] = below
        else:
            del made[first]
    elif wanted is REMOVED:
        made.pop(first, None)
    else:
        made[first] = wanted
    return made


def _by_lines(text: str, path: Path, wanted: Any) -> str:
    lines = text.splitlines()
    if wanted is REMOVED:
        lines = _without_sections(lines, path)
    *table, name = path
    start, end = _section(lines, table)
    new = [] if wanted is REMOVED else [f"{key(name)} = {value(wanted)}"]
    if start is None and wanted is REMOVED:
        return _joined(lines)
    if start is None:
        head = [f"[{dotted(table)}]"] if table else []
        room = [""] if lines and lines[-1].strip() else []
        return _joined([*lines, *room, *head, *new])
    for number in range(start, end):
        found = _KEY.match(lines[number])
        if found and _unquoted(found[1]) == name:
            old = lines[number : number + _length(lines[number:end])]
            lines[number : number + len(old)] = [
                line for one in new for line in in_place(old, _aligned(old[0], one))
            ]
            return _joined(_without_empty(lines, table, start) if wanted is REMOVED else lines)
    while end > start and not lines[end - 1].strip():
        end -= 1
    return _joined([*lines[:end], *new, *lines[end:]])


def _without_sections(lines: Sequence[str], path: Path) -> list[str]:
    """Without the headers of this table and of those within it, and without their keys. A comment on a line
    of its own stays: it may be of what comes next."""
    kept, taken = list[str](), list[str]()
    inside = False
    for line in lines:
        header = _HEADER.match(line)
        if header is not None or _LISTED.match(line):
            kept += _said(taken)
            taken = []
            inside = header is not None and _parts(header[1])[: len(path)] == list(path)
        (taken if inside else kept).append(line)
    return [*kept, *_said(taken)]


def _said(lines: Sequence[str]) -> list[str]:
    said = [line for line in lines if not line.strip() or line.lstrip().startswith("#")]
    return list(dropwhile(lambda line: not line.strip(), said))


def _section(lines: Sequence[str], table: Path) -> tuple[int | None, int]:
    """First and last line (exclusive) of the keys of a table; None where it has no header."""
    start: int | None = None if table else 0
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        if header is None and not _LISTED.match(line):
            continue
        if start is not None:
            return start, number
        if header is not None and _parts(header[1]) == list(table):
            start = number + 1
    return start, len(lines)


def _length(lines: Sequence[str]) -> int:
    """How many lines the first value takes."""
    for count in range(1, len(lines) + 1):
        try:
            tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        return count
    return 1


def _aligned(old: str, new: str) -> str:
    """With the old line's blanks before the sign, so that columns stay."""
    left, _, right = new.partition(" = ")
    width = len(old.split("=", 1)[0].rstrip("\n"))
    return f"{left.ljust(width - 1)} = {right}" if width > len(left) + 1 else new


def _without_empty(lines: list[str], table: Path, start: int) -> list[str]:
    """A header whose last key went goes too, unless a comment stands under it."""
    heads = (at for at in range(start, len(lines)) if _HEADER.match(lines[at]) or _LISTED.match(lines[at]))
    end = next(heads, len(lines))
    if table and not any(line.strip() for line in lines[start:end]):
        return [*lines[: start - 1], *lines[end:]]
    return lines


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n") + "\n" if any(line.strip() for line in lines) else ""


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return parsed(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _parts(header: str) -> list[str]:
    return [_unquoted(part) for part in _PART.findall(header)]


def _unquoted(part: str) -> str:
    if part[:1] == '"':
        return str(tomllib.loads(f"k = {part}")["k"])
    return part[1:-1] if part[:1] == "'" else part

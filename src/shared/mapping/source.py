"""One rule file as an integrator sees it: the shipped text, what a flow lays over it, perhaps a text of the
integrator's own over both, and the line of each key.

Overriding goes key by key: a table is merged, any other value replaces the shipped one, `false` removes it.
Every fault becomes a RuleInvalid that names the file (and whether it is the override), the line, the field
and the value.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from shared.errors import RuleInvalid

Path = tuple[str, ...]
Item = TypeVar("Item")
Made = TypeVar("Made")
_KEY = re.compile(
    r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_TABLE = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_FIELD_TABLES = ("fields", "line")
_ORIGINS = {"path", "paths", "constant"}
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")


class Source:
    """`data` is the merged content. `name` is the file's name relative to `shared/`, as overrides are
    keyed. `between` lies over the shipped text and under the override."""

    def __init__(
        self, name: str, shipped: str | None, override: str | None = None, between: "Layer | None" = None
    ) -> None:
        self.name = name
        self._texts = {False: shipped or "", True: override or ""}
        self._over = self._parse(True) if override is not None else {}
        self._own = self._parse(False) if shipped is not None else {}
        self._between = between
        self.data = merge(merge(self._own, between.data if between else {}), self._over)

    def fault(self, path: Path, message: str) -> RuleInvalid:
        """The error to raise for the value at `path`, placed in whichever text the value comes from."""
        mine = _holds(self._over, path) or _depth(self._over, path) > _depth(self._own, path)
        if (layer := self._between) and not mine and layer.says(path, _depth(self._own, path)):
            return layer.fault(path, message)
        line = line_of(self._texts[mine], path)
        place = f"{self.title(mine)}, line {line}" if line else self.title(mine)
        return RuleInvalid(f"{place}, {'.'.join(path)}: {message}" if path else f"{place}: {message}")

    def overrides(self, path: Path) -> bool:
        """Whether the text laid over the shipped one says something at `path`."""
        return _depth(self._over, path) == len(path)

    def title(self, override: bool) -> str:
        return f"your rules for {self.name}" if override else self.name

    def _parse(self, override: bool) -> dict[str, Any]:
        try:
            return _parsed(self._texts[override])
        except tomllib.TOMLDecodeError as fault:
            raise RuleInvalid(
                f"{self.title(override)}: this is not valid TOML: {fault}. Correct the line."
            ) from None


@lru_cache(maxsize=64)
def _parsed(text: str) -> dict[str, Any]:
    """Never changed by whoever gets it: merging makes new tables."""
    return tomllib.loads(text, parse_float=Decimal)


class Layer:
    """What one table of another file, such as `[account.on.sage_50]` of a flow's, lays over a rule file."""

    def __init__(self, source: Source, inside: Path) -> None:
        data: Any = source.data
        for key in inside:
            data = data.get(key, {}) if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            raise source.fault(inside, f"this must be a table: write [{'.'.join(inside)}]")
        self.data: dict[str, Any] = data
        self._source, self._inside = source, inside

    def says(self, path: Path, known: int) -> bool:
        """Whether the value at `path` stands here, or more of the way to it than the `known` parts."""
        return _holds(self.data, path) or _depth(self.data, path) > known

    def fault(self, path: Path, message: str) -> RuleInvalid:
        return self._source.fault(self._inside + path, message)


def merge(base: Mapping[str, Any], over: Mapping[str, Any], fields: bool = False) -> dict[str, Any]:
    """`over` laid over `base`. A `false` that removes nothing is kept: it may be a setting.

    Among `fields`, a bare path changes only the path of a longer line, and a new origin (`constant`) replaces
    the old one.
    """
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if fields:
            value, old = _field_line(value, old)
        if value is False and key in merged and not isinstance(old, bool):
            del merged[key]
        elif isinstance(value, dict):
            merged[key] = merge(old if isinstance(old, dict) else {}, value, key in _FIELD_TABLES)
        else:
            merged[key] = value
    return merged


def _field_line(value: Any, old: Any) -> tuple[Any, Any]:
    if isinstance(value, str) and isinstance(old, dict):
        value = {"path": value}
    if isinstance(value, dict) and isinstance(old, str):
        old = {"path": old}
    if isinstance(value, dict) and isinstance(old, dict) and _ORIGINS & value.keys():
        old = {key: item for key, item in old.items() if key not in _ORIGINS}
    return value, old


def line_of(text: str, path: Path) -> int:
    """The line (from 1) of the key at `path`, or of the longest part of it that is written down; 0 when none
    is."""
    best, found = 0, 0
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _TABLE.match(line)
        key = None if header else _KEY.match(line)
        if header:
            table = here = _parts(header[1])
        elif key:
            here = table + _parts(key[1])
        else:
            continue
        if len(here) > best and path[: len(here)] == here:
            best, found = len(here), number
    return found


def _parts(text: str) -> Path:
    return tuple(a or b or c for a, b, c in _PART.findall(text))


def _holds(data: Any, path: Path) -> bool:
    """Whether the value at `path` (or the innermost table of it) comes from `data`."""
    for depth, key in enumerate(path):
        if not isinstance(data, dict) or key not in data:
            return depth > 0 and not isinstance(data, dict)
        data = data[key]
    return bool(path)


def _depth(data: Any, path: Path) -> int:
    """How many parts of `path` exist in `data`."""
    for depth, key in enumerate(path):
        if not isinstance(data, dict) or key not in data:
            return depth
        data = data[key]
    return len(path)


def each(items: Iterable[Item], make: Callable[[Item], Made]) -> list[Made]:
    """What is made of every item. Raises RuleInvalid with the faults of all of them, a line each."""
    made: list[Made] = []
    faults: dict[str, None] = {}
    for item in items:
        try:
            made.append(make(item))
        except RuleInvalid as fault:
            faults |= dict.fromkeys(str(fault).splitlines())
    if faults:
        raise RuleInvalid("\n".join(faults))
    return made


def all_of(*parts: Callable[[], object]) -> None:
    """Does all of them. Raises RuleInvalid with the faults of each."""
    each(parts, lambda part: part())


def choose(value: Any, allowed: Iterable[str]) -> str:
    """'allowed: a, b, c; did you mean "a"?' for a message."""
    names = sorted(allowed)
    near = difflib.get_close_matches(str(value), names, 1, 0.6)
    return f"allowed: {', '.join(names) or 'none'}" + (f'; did you mean "{near[0]}"?' if near else "")

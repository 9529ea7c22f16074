"""What differs between two settings of an integration, key by key, for people; no credentials."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.domain.record import record
from shared.domain.titles import title
from shared.settings import Integration

NOTHING = "nothing"
_SHARED = Path(__file__).parents[1]
_LONGEST = 100
_PLAIN = ("directions", "brake", "intervals")
_NAMES = {"directions": "direction of", "brake": "brake,", "intervals": "interval of"}


@record
class Change:
    """One key: where it stands, and both values in words."""

    where: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.where}: {self.old} → {self.new}"


def settings_changes(before: Integration | None, after: Integration) -> Iterator[Change]:
    """Of everything but credentials and state."""
    if before is None:
        yield Change(f"the integration {after.name}", NOTHING, "all that the file says of it")
        return
    if before.flow != after.flow:
        yield Change("flow", before.flow, after.flow)
    for system in sorted({*before.connections, *after.connections}):
        old, new = (one.connections.get(system) for one in (before, after))
        yield from _keys(f"{title(system)},", old.options if old else {}, new.options if new else {})
    for kind in _PLAIN:
        yield from _keys(_NAMES[kind], getattr(before, kind), getattr(after, kind))
    for file in sorted({*before.rules, *after.rules}):
        yield from _rules(file, before.rules.get(file), after.rules.get(file))


def _keys(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield Change(f"{where} {key}", shown(old.get(key)), shown(new.get(key)))


def _rules(file: str, old: str | None, new: str | None) -> Iterator[Change]:
    """A key that the integration's own rules leave out has the value that is shipped."""
    if old == new:
        return
    before, after, shipped = (_flat(_parsed(text)) for text in (old, new, _shipped(file)))
    keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    for key in keys:
        told = [shown(own[key]) if key in own else _as_shipped(key, shipped) for own in (before, after)]
        yield Change(f"rules, {file}, {key}", *told)
    if not keys:
        yield Change(f"rules, {file}", "the same rules", "other comments or layout, so a new version")


def _as_shipped(key: str, shipped: Mapping[str, Any]) -> str:
    """Of a line that is a table, or that stands in one, whatever is written of it."""
    found = {name: value for name, value in shipped.items() if name == key or name.startswith(f"{key}.")}
    if key in found:
        return f"{shown(found[key])} (as shipped)"
    inner = ", ".join(f"{name[len(key) + 1 :]} = {shown(value)}" for name, value in found.items())
    return f"{inner} (as shipped)" if inner else NOTHING


def _flat(data: Mapping[str, Any], inside: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{inside}{key}.")
        else:
            found[inside + key] = value
    return found


def _parsed(text: str | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text or "", parse_float=Decimal)
    except tomllib.TOMLDecodeError:  # what is stored was compiled once
        return {}


def _shipped(file: str) -> str | None:
    path = _SHARED / file
    return path.read_text("utf-8") if path.is_file() else None


def shown(value: Any) -> str:
    """As it is written in a file."""
    if value is None:
        return NOTHING
    text = json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, str) else f"“{value}”"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

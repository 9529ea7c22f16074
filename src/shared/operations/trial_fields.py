"""Which fields a trial looks at, where they stand, and which of them a reading was never asked for."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.entities.registry import kinds
from shared.mapping.maps import ObjectMap
from shared.mapping.model import EntityFlow
from shared.mapping.rules import Requirement

_ALL_ASKED: frozenset[str] = frozenset()
_SHAPES = 1_000
_PICTURE = "picture"
"""It goes apart from the fields."""


def carried(flow: EntityFlow, source: str, target: str) -> frozenset[str]:
    """Fields that a new record of `target` gets from `source`."""
    there = flow.maps[target].writable
    return frozenset(
        name
        for name, rule in flow.fields.items()
        if (rule.direction in ("both", f"from {source}") or rule.made_from == source)
        and name in there
        and name != _PICTURE
    )


def of_reference(flow: EntityFlow, rule: Requirement) -> bool:
    """Whether the rule is about the record that this one refers to."""
    named = {rule.field.partition(".")[0], str(rule.value).partition(".")[0]}
    return not named.isdisjoint(one.name for one in flow.references)


def deciding(reader: ObjectMap, writer: ObjectMap, needed: frozenset[str]) -> frozenset[str]:
    """Fields without which nobody can say whether a record is sent, and what it comes to: `needed` ones, what
    the filter looks at, and the figures of its lines."""
    figures = {name for name, kind in kinds("line").items() if kind == "decimal" or "tax" in name}
    lines = {f"lines.{name}" for name in figures} | {"lines"}
    lines |= {name for name in writer.required if name.startswith("lines.")}
    return needed | lines | {f"where {one.field}" for one in reader.spec.where}


class Asked:
    """What one step reads of a record: native paths and the fields that come from them."""

    def __init__(self, flow: EntityFlow, source: str, fields: frozenset[str]) -> None:
        object_map = flow.maps[source]
        self.lines = _collection(object_map)
        self.header: dict[str, set[str]] = {}
        self.rows: dict[str, set[str]] = {}
        for name in used(flow, fields) & object_map.readable:
            self._add(self.header, name, object_map.native_paths.get(name, ()))
        if "lines" in fields or "lines" in object_map.readable:
            inner = self.rows if self.lines else self.header
            for name, paths in object_map.line_fields.items():
                self._add(inner, f"lines.{name}", paths)
            if self.lines:
                self._add(self.header, "lines", (self.lines,))
        spec = object_map.spec
        for one in spec.where:
            if one != spec.numbered:
                self._add(self.header, f"where {one.field}", (one.field,))
        self._header, self._rows = frozenset(self.header), frozenset(self.rows)
        self._whole: set[tuple[str, ...]] = set()
        """Paths of readings, in their order, that had the whole header: most readings have the same."""

    def unfetched(self, line: Mapping[str, Any]) -> frozenset[str]:
        """Fields of which the archived reading says nothing, not even that they are blank."""
        values = line["values"]
        rows = values.get(self.lines) if self.lines else None
        if self._has_header(values) and (not rows or self._rows.issubset(rows[0])):
            return _ALL_ASKED
        missing = self._header.difference(values)
        inner = self._rows.difference(*rows) if rows else frozenset[str]()
        if not missing and not inner:
            return _ALL_ASKED
        absent = set(line.get("absent", ()))
        names = [self.header[path] for path in missing - absent]
        names += [self.rows[path] for path in inner if f"[]{path}" not in absent]
        return frozenset[str]().union(*names)

    def _has_header(self, values: Mapping[str, Any]) -> bool:
        shape = tuple(values)
        if shape in self._whole:
            return True
        if not self._header <= values.keys():
            return False
        if len(self._whole) < _SHAPES:
            self._whole.add(shape)
        return True

    def _add(self, to: dict[str, set[str]], name: str, paths: Iterable[str]) -> None:
        for path in paths:
            to.setdefault(path, set()).add(name)


def _collection(object_map: ObjectMap) -> str:
    """The list that holds the lines; "" where a record is its own line."""
    paths = object_map.native_paths.get("lines", ())
    inner = {path for own in object_map.line_fields.values() for path in own}
    return paths[0] if len(paths) == 1 and paths[0] not in inner else ""


def used(flow: EntityFlow, fields: frozenset[str]) -> frozenset[str]:
    """Fields that decide what comes out, whether or not they are written."""
    names = {
        *fields,
        *(one.field for one in flow.requirements),
        *(str(one.value) for one in flow.requirements),
    }
    names |= {one.field for one in flow.references} | {"currency"}
    names |= {flow.figures.total, "shipping"} if flow.figures else set()
    names |= {"amount"} if flow.pricing and flow.pricing.total_check else set()
    return frozenset(names - {"lines"})

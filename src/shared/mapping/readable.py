"""What can be read of a record, and written of one, where a field cannot.

A field that cannot be read, or has no form in the other system, is left out and named; it stops the record
only where the other system, or the flow, cannot do without it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from shared.domain.rules import Rule
from shared.entities.registry import kinds
from shared.mapping.faults import FieldUnreadable
from shared.mapping.maps import ObjectMap, Tables
from shared.mapping.model import EntityFlow
from shared.mapping.rules import Reference

Unreadable = dict[str, FieldUnreadable]
"""Canonical field -> why it cannot be read, or written."""

_FACTS = frozenset({"currency", "tax_code", "nominal"})
"""What a document takes from the record that it refers to."""


def needed(flow: EntityFlow, target: str) -> frozenset[str]:
    """Fields without which a record does not go to `target`: what that system requires, what the flow's rules
    ask for, what it refers to others by, what alone tells it from others; of a document its figures too."""
    names = {name for name in flow.maps[target].required if "." not in name}
    names |= {one.field for one in flow.requirements if one.source != target and "." not in one.field}
    names |= {one.field for one in flow.references}
    names |= {flow.lock.field} if flow.lock else set()
    names |= set.intersection(*map(set, flow.match)) if flow.match else set()
    if flow.pricing is not None or flow.figures is not None:
        names |= {name for name, kind in kinds(flow.entity).items() if kind == "decimal"} | {"currency"}
    return frozenset(names)


def needed_of(flow: EntityFlow, reference: Reference) -> frozenset[str]:
    """Fields of the record referred to without which the one that refers to it cannot be judged."""
    asked = [one.field for one in flow.requirements] + [str(one.value) for one in flow.requirements]
    start = f"{reference.name}."
    return _FACTS | {name.removeprefix(start) for name in asked if name.startswith(start)}


def read_readable(
    object_map: ObjectMap, values: Mapping[str, Any], tables: Tables, indispensable: frozenset[str]
) -> tuple[dict[str, Any], Unreadable]:
    """The canonical view without what cannot be read, and that. Raises FieldUnreadable for a field of
    `indispensable`, for one in a line, and for a tax; LinkMissing as the reader does."""
    left, unreadable = dict(values), Unreadable()
    while True:
        try:
            return object_map.read(left, tables), unreadable
        except FieldUnreadable as fault:
            paths = fault.path.split(", ")
            names = {name for name, own in object_map.native_paths.items() if own == tuple(paths)}
            if not optional(fault) or names & indispensable or not left.keys() & set(paths):
                raise
            unreadable |= dict.fromkeys(names, fault)
            left = {path: value for path, value in left.items() if path not in paths}


def write_writable(
    write: Callable[[Mapping[str, Any]], Any], view: Mapping[str, Any], indispensable: frozenset[str]
) -> tuple[Any, Unreadable]:
    """What `write` makes of the view without the fields that have no form there, and those. Raises as
    `read_readable` does."""
    left, unwritten = dict(view), Unreadable()
    while True:
        try:
            return write(left), unwritten
        except FieldUnreadable as fault:
            if not optional(fault) or fault.field in indispensable or fault.field not in left:
                raise
            unwritten[fault.field] = fault
            del left[fault.field]


def optional(fault: FieldUnreadable) -> bool:
    """Whether a record may do without this field as far as the fault itself tells: a line is nothing without
    its parts, and tax is never left to the other system."""
    return fault.rule == Rule.UNREADABLE and not fault.field.startswith("lines.")

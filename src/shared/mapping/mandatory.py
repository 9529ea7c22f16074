"""What a system cannot do without: on a new record all of it, on another what is about to be emptied."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.faults import RuleRefused
from shared.mapping.maps import ObjectMap

PRICED_THERE = frozenset({"lines.unit_price"})
"""What a line need not have where the ledger itself says what it costs."""


def refuse_empty(
    object_map: ObjectMap,
    values: Mapping[str, Any],
    creating: bool,
    but: frozenset[str] = frozenset(),
) -> None:
    """Raises RuleRefused for the first mandatory field, `but` those, that would be empty. `values` are
    canonical."""
    names = object_map.required - but if but else object_map.required
    if creating and filled(names, values):
        return
    for name, head, inner in _parts(names):
        rows = [values] if not inner else values.get("lines") or ()
        for number, row in enumerate(rows, 1):
            if (creating or inner or name in values) and row.get(inner or head) is None:
                place = f"line {number}: " if inner else ""
                system, entity = title(object_map.spec.system), words(object_map.spec.entity)
                raise RuleRefused(
                    Rule.MANDATORY,
                    name,
                    "",
                    (
                        f"{place}{words(inner or head)} would be empty, and {system} takes no "
                        f"{entity} without it: fill it in."
                    ),
                )


def filled(names: frozenset[str], values: Mapping[str, Any]) -> bool:
    """Whether none of them is empty: the usual case, told at once."""
    header, rows = _split(names)
    for name in header:
        if values.get(name) is None:
            return False
    for row in values.get("lines") or () if rows else ():
        for name in rows:
            if row.get(name) is None:
                return False
    return True


@lru_cache(maxsize=256)
def _split(names: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields of the record, and of each of its lines."""
    parts = _parts(names)
    return tuple(head for _, head, inner in parts if not inner), tuple(
        inner for _, _, inner in parts if inner
    )


@lru_cache(maxsize=256)
def _parts(names: frozenset[str]) -> tuple[tuple[str, str, str], ...]:
    """(name, its field, "") or (name, "lines", the field of each line), in order."""
    split = ((name, *name.partition(".")) for name in sorted(names))
    return tuple((name, head, inner) for name, head, _, inner in split)

"""What differs between what a record came to under the old rules and under the new ones."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shared.domain.record import record
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.operations.trial_step import Came, Step

Changes = tuple[tuple[str, Any, Any], ...]
"""(native field of the target, before, after)"""


@record
class Difference:
    """One record that would come out differently from `source` to `target`. `before` and `after` say what
    becomes of it: sent, or skipped or held with the sentence. `live`: it was read just now."""

    entity: str
    source: str
    target: str
    record_id: str
    label: str
    before: str
    after: str
    fields: Changes
    total_before: Decimal | None
    total_after: Decimal | None
    currency: str
    live: bool = False


Places = tuple[frozenset[str], frozenset[str]]
"""Native paths of the target, and those in each of its lines."""
NOWHERE: Places = (frozenset(), frozenset())


def places(steps: tuple[Step, ...], unknown: frozenset[str]) -> Places:
    """Where fields that were not fetched would stand on the other side."""
    if not unknown:
        return NOWHERE
    header, rows = set[str](), set[str]()
    for step in steps:
        for name in unknown if step.flow is not None else ():
            inner = name.removeprefix("lines.")
            if inner != name:
                rows |= {*step.writer.line_fields.get(inner, ())}
            elif name in step.writer.writable:
                header |= _written(step, name)
    return frozenset(header), frozenset(rows)


def _written(step: Step, name: str) -> set[str]:
    own = set(step.writer.native_paths.get(name, ()))
    try:
        return own | step.writer.write({name: None}, {}, []).keys()
    except (FieldUnreadable, LinkMissing, KeyError, TypeError):
        return own


SENT = ("sent", "sent")
"""What becomes of a record that both rules let go."""


def said(came: Came) -> str:
    return came.kind if came.kind == "sent" else f"{came.kind}: {came.why}"


def alike(before: Came, after: Came) -> bool:
    """Whether nothing differs: the usual case, told at once."""
    return before.kind == after.kind and before.why == after.why and before.values == after.values


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], left_out: Places
) -> Iterator[tuple[str, Any, Any]]:
    header, rows = left_out
    for path in before if before.keys() == after.keys() else dict.fromkeys((*before, *after)):
        was, now = before.get(path), after.get(path)
        if was == now:
            continue
        was, now = _blank(was), _blank(now)
        if was == now or path in header:
            continue
        if isinstance(was, list) or isinstance(now, list):
            yield from _lines(path, was or [], now or [], rows)
        else:
            yield path, was, now


def _lines(
    path: str, before: list[Any], after: list[Any], left_out: frozenset[str]
) -> Iterator[tuple[str, Any, Any]]:
    for number in range(max(len(before), len(after))):
        was = before[number] if number < len(before) else {}
        now = after[number] if number < len(after) else {}
        if not isinstance(was, Mapping) or not isinstance(now, Mapping):
            if was != now:
                yield f"{path} {number + 1}", was, now
            continue
        for name, *pair in changes(was, now, (left_out, frozenset())):
            yield f"{path} {number + 1} {name}", pair[0], pair[1]


def _blank(value: Any) -> Any:
    """Empty is empty, however it is written."""
    return None if value in ("", None) or value == [] else value

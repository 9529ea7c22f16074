"""What changed in the lines of a document, line by line and field by field, and lines that nobody can tell
apart."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words

Line = Mapping[str, Any]
_TOLD = 40
"""So many changes stand in the sentence; all of them stand in the log's row."""
_COUNTED = ("quantity", "tax_rate", "discount")
_MONEY = ("quantity", "unit_price", "discount_amount", "discount", "tax_rate")


def rows(
    system: str, before: Sequence[Line], old: Sequence[str], after: Sequence[Line], new: Sequence[str]
) -> list[dict[str, Any]]:
    """Log rows of what came from `system`. `old` and `new` are our ids of the lines, in their order."""
    was = dict(zip(old, zip(range(1, len(old) + 1), before, strict=True), strict=True))
    found: list[dict[str, Any]] = []
    for place, (line_id, line) in enumerate(zip(new, after, strict=True), 1):
        here = f"line {place} “{_text(line)}”"
        if line_id not in was:
            found.append(_row(f"{here} added", system, None, _worth(line)))
            continue
        earlier = was[line_id][1]
        found += [
            _row(
                f"{here}: {words(name)}", system, _tidy(name, earlier.get(name)), _tidy(name, line.get(name))
            )
            for name in {**earlier, **line}
            if earlier.get(name) != line.get(name)
        ]
    found += [
        _row(f"line {place} “{_text(line)}” removed", system, _worth(line), None)
        for line_id, (place, line) in was.items()
        if line_id not in new
    ]
    kept = [line_id for line_id in new if line_id in was]
    if kept != [line_id for line_id in old if line_id in new]:
        found.append(_row("order of the lines", system, _names(old, was), _names(kept, was)))
    return found


def sentences(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rows from above as notes, such as "line 2 “Widget”: quantity 3 → 4"."""
    told = [_sentence(one) for one in changes[:_TOLD]]
    left = len(changes) - len(told)
    return [*told, f"and {left} more changes of lines"] if left > 0 else told


def not_told_apart(system: str, source: str, places: Sequence[int], codings: Sequence[str]) -> Outcome:
    """`system` has the codings, and the lines at `places` are those of `source`."""
    lines = f"line{'s' if len(places) > 1 else ''} {' and '.join(str(place + 1) for place in places)}"
    both = " or ".join(f"“{one}”" for one in dict.fromkeys(codings))
    why = (
        f"nobody can tell which line of {title(system)} is now {lines} of {title(source)}: the same item "
        f"stands there more than once, or was divided, and its lines are coded {both}. Change the lines in "
        f"{title(system)} by hand so that both agree; then it is synchronised again"
    )
    return Outcome("held", why, Rule.LINE_IDENTITY, "lines", "; ".join(dict.fromkeys(codings)))


def _row(field: str, system: str, before: Any, after: Any) -> dict[str, Any]:
    return {"field": field, "system": system, "before": before, "after": after}


def _sentence(row: Mapping[str, Any]) -> str:
    if row["before"] is None and row["field"].endswith(" added"):
        return f"{row['field']}: {row['after']}"
    if row["after"] is None and row["field"].endswith(" removed"):
        return f"{row['field']}: {row['before']}"
    return f"{row['field']} {_shown(row['before'])} → {_shown(row['after'])}"


def _tidy(name: str, value: Any) -> Any:
    """A count or a rate without the zeros that only prices need."""
    if not isinstance(value, Decimal) or name not in _COUNTED:
        return value
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "blank"
    return format(value, "f") if hasattr(value, "as_tuple") else str(value)[:60]


def _text(line: Line) -> str:
    return str(line.get("description") or line.get("sku") or "without text").splitlines()[0][:40]


def _worth(line: Line) -> str:
    told = [
        f"{words(name)} {_shown(_tidy(name, line[name]))}"
        for name in _MONEY
        if line.get(name) not in (None, "")
    ]
    return ", ".join(told)


def _names(ids: Sequence[str], was: Mapping[str, tuple[int, Line]]) -> str:
    return ", ".join(str(was[line_id][0]) for line_id in ids)

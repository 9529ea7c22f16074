"""Conditions on native fields: which records are read, which are done with, and which lines are taken."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.titles import title
from shared.errors import RuleInvalid
from shared.operations.mapping_rows import sources_of
from shared.operations.sections.model import Given, Kind, Line, Section
from shared.operations.sections.said import Spot, now_at, section_at, with_keys, without_own
from shared.operations.settings_text import Parts

OPERATORS: Mapping[str, str] = {
    "equals": "is",
    "not_equals": "is not",
    "in": "is one of",
    "blank": "is blank",
    "not_blank": "is not blank",
    "gt": "is more than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
}
BLANK = ("blank", "not_blank")
_PLACES: Mapping[Kind, tuple[str, ...]] = {
    "where": ("poll", "where"),
    "closed": ("poll", "closed"),
    "line-where": ("lines", "where"),
}


def listed(parts: Parts, entity: str) -> Iterator[Section]:
    for system, source in sources_of(parts, entity).items():
        for kind, path in _PLACES.items():
            spot = Spot(system, entity, path)
            polled = isinstance(source.data.get("poll"), dict) and kind == "where"
            in_rows = kind == "line-where" and isinstance(source.data.get("lines"), dict)
            if polled or in_rows or now_at(parts, spot):
                yield section_at(parts, spot, kind, _lines)


def changed(parts: Parts, entity: str, section: Section, given: Given) -> Parts:
    """Raises RuleInvalid."""
    spot = Spot(section.system, entity, _PLACES[section.kind])
    now = now_at(parts, spot)
    wanted: dict[str, Any] = {key: now[key] for key in section.hidden}
    faults = []
    for number, line in enumerate(given.lines, 1):
        if fault := _fault(line, wanted, section.system):
            faults.append(f"condition {number}: {fault}")
        else:
            wanted.setdefault(line.name, {})[_key(line)] = _wanted(line)
    if faults:
        raise RuleInvalid("\n".join(faults))
    short = {key: one if key in section.hidden else _short(one) for key, one in wanted.items()}
    return with_keys(parts, spot, short, _long)


def as_shipped(parts: Parts, entity: str, section: Section) -> Parts:
    return without_own(parts, Spot(section.system, entity, _PLACES[section.kind]))


def _fault(line: Line, wanted: Mapping[str, Any], system: str) -> str:
    if not line.name:
        return f"enter the field of {title(system)}, or empty the row"
    if line.how not in OPERATORS:
        return f"choose how {line.name} is compared"
    if line.how not in BLANK and not line.values:
        return f"enter what {line.name} is compared with, or choose “is blank”"
    if line.how in BLANK and line.values:
        return f"“{OPERATORS[line.how]}” takes no value: empty it"
    if line.how not in BLANK and line.how != "in" and len(line.values) > 1:
        return f"“{OPERATORS[line.how]}” takes one value: choose “is one of” for several"
    held = wanted.get(line.name, {})
    return f"{line.name} is compared twice in the same way" if _key(line) in held else ""


def _key(line: Line) -> str:
    return "blank" if line.how in BLANK else line.how


def _wanted(line: Line) -> Any:
    if line.how in BLANK:
        return line.how == "blank"
    return [*line.values] if line.how == "in" else line.values[0]


def _lines(name: str, test: Any) -> list[Line] | None:
    """None for what is no condition that a form has a place for."""
    made = []
    for key, value in _long(test).items() if isinstance(_long(test), dict) else ():
        if key == "blank" and isinstance(value, bool):
            made.append(Line(name, "blank" if value else "not_blank"))
        elif key == "in" and isinstance(value, list) and all(isinstance(one, str) for one in value):
            made.append(Line(name, "in", tuple(value)))
        elif key in OPERATORS and key not in (*BLANK, "in") and isinstance(value, str):
            made.append(Line(name, key, (value,)))
        else:
            return None
    return made or None


def _long(test: Any) -> Any:
    """With the short spellings written out."""
    if isinstance(test, str):
        return {"equals": test}
    return {"in": test} if isinstance(test, list) else test


def _short(test: dict[str, Any]) -> Any:
    for key in ("equals", "in"):
        if test.keys() == {key}:
            return test[key]
    return test

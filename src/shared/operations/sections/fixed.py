"""Native fields that get a fixed value when a record, or each of its lines, is created."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.domain.titles import title
from shared.errors import RuleInvalid
from shared.operations.mapping_rows import sources_of
from shared.operations.sections.model import Given, Kind, Line, Section
from shared.operations.sections.said import Spot, now_at, section_at, with_keys, without_own
from shared.operations.settings_text import Parts

TYPES: Mapping[str, str] = {"text": "text", "number": "number", "flag": "yes or no"}
_PLACES: Mapping[Kind, tuple[str, ...]] = {
    "constants": ("constants",),
    "line-constants": ("lines", "constants"),
}
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


def listed(parts: Parts, entity: str) -> Iterator[Section]:
    for system, source in sources_of(parts, entity).items():
        for kind, path in _PLACES.items():
            if kind == "line-constants" and not isinstance(source.data.get("lines"), dict):
                continue
            yield section_at(parts, Spot(system, entity, path), kind, _lines)


def changed(parts: Parts, entity: str, section: Section, given: Given) -> Parts:
    """Raises RuleInvalid."""
    spot = Spot(section.system, entity, _PLACES[section.kind])
    now = now_at(parts, spot)
    wanted: dict[str, Any] = {key: now[key] for key in section.hidden}
    faults = []
    for number, line in enumerate(given.lines, 1):
        value = _value(line)
        if not line.name:
            faults.append(f"fixed value {number}: enter the field of {title(section.system)}")
        elif line.name in wanted:
            faults.append(f"fixed value {number}: {line.name} stands there twice")
        elif line.values and value is None:
            faults.append(f"fixed value {number}: “{line.values[0]}” is no {TYPES.get(line.how, 'text')}")
        elif value is not None:
            wanted[line.name] = value
    if faults:
        raise RuleInvalid("\n".join(faults))
    return with_keys(parts, spot, wanted, lambda value: (type(value).__name__, value))


def as_shipped(parts: Parts, entity: str, section: Section) -> Parts:
    return without_own(parts, Spot(section.system, entity, _PLACES[section.kind]))


def _lines(name: str, value: Any) -> tuple[Line, ...] | None:
    if isinstance(value, bool):
        return (Line(name, "flag", ("yes" if value else "no",)),)
    if isinstance(value, int | Decimal):
        return (Line(name, "number", (f"{value:f}" if isinstance(value, Decimal) else str(value),)),)
    return (Line(name, "text", (value,)),) if isinstance(value, str) else None


def _value(line: Line) -> Any:
    """None for a line without a value, and for one that is not of its type."""
    if not line.values:
        return None
    text = line.values[0]
    if line.how == "flag":
        return _FLAGS.get(text.casefold())
    return number(text) if line.how == "number" else text


def number(text: str) -> int | Decimal | None:
    """As a rule file may have it, at most 40 digits."""
    if len(text) > 40 or not text.isascii() or any(one in text for one in "eE_"):
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    if not found.is_finite():
        return None
    return found if "." in text else int(text)

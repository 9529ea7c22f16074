"""What a record must meet before it goes over: `[ENTITY.require.NAME]` of the flow."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shared.domain.record import replace
from shared.errors import RuleInvalid
from shared.operations.sections.fixed import number
from shared.operations.sections.model import Given, Section
from shared.operations.sections.said import Spot, base_at, is_own, now_at, with_keys, without_own
from shared.operations.settings_text import Parts

RULES: Mapping[str, str] = {
    "present": "is filled in",
    "positive": "is above zero",
    "not_negative": "is not below zero",
    "max_places": "has at most this many decimal places:",
    "at_most": "is at most",
    "equals": "is equal to the field",
    "one_of": "is one of",
    "is_false": "is not ticked",
    "is_zero": "is zero or blank",
    "within_credit": "is within the customer’s credit",
}
TAKE_VALUE = ("max_places", "at_most", "equals", "one_of", "within_credit")
_SHOWN = ("rule", "field", "value", "message", "hold", "new")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NEW = "require:"


def listed(parts: Parts, entity: str) -> Iterator[Section]:
    """Those that are switched off come last."""
    now, base = (read(parts, _all(entity)) for read in (now_at, base_at))
    for name, stated in now.items():
        if isinstance(stated, Mapping):
            yield _section(parts, entity, name, stated)
    for name, stated in base.items():
        if name not in now and isinstance(stated, Mapping):
            yield replace(_section(parts, entity, name, stated), own=True, off=True)


def new() -> Section:
    return Section(NEW, "require", said={"rule": ("present",)})


def changed(parts: Parts, entity: str, section: Section, given: Given) -> Parts:
    """Raises RuleInvalid."""
    said = {key: values[0] if values else "" for key, values in given.said.items()}
    name = section.name or said.get("name", "")
    if not _NAME.fullmatch(name):
        raise RuleInvalid(
            "the condition needs a name of small letters, digits and underscores, such as po_number: the log "
            "names it"
        )
    if not section.name and name in {*now_at(parts, _all(entity)), *base_at(parts, _all(entity))}:
        raise RuleInvalid(f"there is a condition {name} already: choose another name")
    spot = _spot(entity, name)
    wanted = dict(now_at(parts, spot))
    for key in ("rule", "field", "message"):
        wanted[key] = said.get(key, str(wanted.get(key, "")))
    if "value" not in section.hidden:
        wanted.pop("value", None)
        value = _value(wanted["rule"], given.said.get("value", ()))
        if value is not None:
            wanted["value"] = value
    for key in ("hold", "new"):
        if (said.get(key) == "yes") != bool(wanted.get(key, False)):
            wanted[key] = said.get(key) == "yes"
    return with_keys(parts, spot, wanted)


def as_shipped(parts: Parts, entity: str, section: Section) -> Parts:
    parts = without_own(parts, _spot(entity, section.name))
    return without_own(parts, _all(entity), (section.name,))


def switched_off(parts: Parts, entity: str, section: Section) -> Parts:
    """Raises RuleInvalid."""
    parts = as_shipped(parts, entity, section)
    kept = {name: one for name, one in now_at(parts, _all(entity)).items() if name != section.name}
    return with_keys(parts, _all(entity), kept)


def _all(entity: str) -> Spot:
    return Spot("", entity, (entity, "require"))


def _spot(entity: str, name: str) -> Spot:
    return Spot("", entity, (entity, "require", name))


def _section(parts: Parts, entity: str, name: str, stated: Mapping[str, Any]) -> Section:
    said = {key: _text(stated.get(key)) for key in _SHOWN}
    hidden = [key for key in stated if key not in _SHOWN]
    if said["value"] is None:
        hidden.append("value")
    return Section(
        NEW + name,
        "require",
        name=name,
        said={key: value or () for key, value in said.items()},
        own=is_own(parts, _spot(entity, name)),
        hidden=tuple(hidden),
    )


def _text(value: Any) -> tuple[str, ...] | None:
    """None for what a form cannot show."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("yes",) if value else ()
    if isinstance(value, list):
        return tuple(value) if all(isinstance(one, str) for one in value) else None
    return (f"{value:f}" if isinstance(value, Decimal) else str(value),)


def _value(rule: str, entered: tuple[str, ...]) -> Any:
    """What cannot be read as such stays a text, for the check to name."""
    if not entered:
        return None
    if rule == "one_of":
        return [*entered]
    found = number(entered[0]) if rule in ("max_places", "at_most") else None
    return entered[0] if found is None else found

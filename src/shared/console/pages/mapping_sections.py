"""What the mapping editor shows of value tables, conditions, fixed values and prices."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from shared.console.pages.mapping_choices import choices_of, ours_of
from shared.console.pages.mapping_fields import Live
from shared.domain.record import record, replace
from shared.domain.titles import title
from shared.domain.wording import words
from shared.entities.registry import kinds
from shared.mapping.model import Flow
from shared.operations.mapping_rows import Row
from shared.operations.sections import prices
from shared.operations.sections.conditions import OPERATORS
from shared.operations.sections.demands import RULES, TAKE_VALUE
from shared.operations.sections.fixed import TYPES
from shared.operations.sections.listing import section_of
from shared.operations.sections.model import Given, Section
from shared.operations.sections.tables import missing
from shared.operations.settings_text import Parts

_SPARE = 2
_OFFERED = 60
_TITLES = {
    "where": "{} records that are read",
    "closed": "{} records that are done with",
    "line-where": "{} lines that are taken",
    "constants": "New records in {}",
    "line-constants": "New lines in {}",
}


@record
class Offer:
    """A value that the system offers and no line has, and which of ours may be meant."""

    value: str
    label: str
    ours: str


@record
class Opened:
    """`section` with what was entered; `choices`: native value -> label, of a table; `of_field`: native field
    -> the same, of conditions; `ours`: our values that are known; `spare`: how many empty rows follow."""

    section: Section
    title: str
    choices: Mapping[str, str]
    of_field: Mapping[str, Mapping[str, str]]
    ours: Sequence[str]
    offers: Sequence[Offer]
    groups: Sequence[prices.Group]
    spare: int = _SPARE


def opened(
    parts: Parts,
    entity: str,
    found: Sequence[Section],
    name: str,
    entered: Given | None,
    rows: Sequence[Row],
    known: Live,
) -> Opened | None:
    """None where none is open."""
    section = section_of(found, name) if name else None
    if section is None:
        return None
    choices = choices_of(section, rows, known)
    ours = ours_of(section, found, rows, known)
    offers = [Offer(one, choices[one], _alike(one, choices[one], ours)) for one in missing(section, choices)]
    if entered is not None:
        said = {**section.said, **entered.said}
        section = replace(section, lines=entered.lines, said=said)
    of_field = {one.name: dict(one.choices) for one in known.of(section.system) if one.choices}
    return Opened(
        section,
        title_of(section),
        choices,
        of_field,
        ours,
        offers[:_OFFERED],
        [*prices.groups(parts, entity)] if section.kind == "prices" else (),
    )


def title_of(section: Section) -> str:
    if section.kind == "table":
        return f"{title(section.system)} values: {words(section.name)}"
    if section.kind == "require":
        return f"Condition: {words(section.name)}" if section.name else "A new condition"
    if section.kind == "prices":
        return "Lines and prices"
    return _TITLES[section.kind].format(title(section.system))


def summary(section: Section) -> str:
    """In one sentence, "" where nothing is said."""
    if section.kind == "require":
        rule = section.said.get("rule", ("",))[0]
        value = ", ".join(section.said.get("value", ())) if rule in TAKE_VALUE else ""
        return f"{''.join(section.said.get('field', ()))} {RULES.get(rule, rule)} {value}".strip()
    if section.kind == "prices":
        known = {
            f"{name}.{one.key}": one
            for name, settings in (("pricing", prices.PRICING), ("figures", prices.FIGURES))
            for one in settings
        }
        told = [
            f"{known[key].label}: {', '.join((known[key].choices or {}).get(one, one) for one in values)}"
            for key, values in section.said.items()
            if key in known
        ]
        return "; ".join(told)
    return "; ".join(_line(section, line.name, line.how, line.values) for line in section.lines)


def _line(section: Section, name: str, how: str, values: Sequence[str]) -> str:
    shown = ", ".join(f"“{one}”" for one in values)
    if section.kind == "table":
        return f"“{name}” ↔ {shown}"
    if section.kind in ("constants", "line-constants"):
        return f"{name} = {shown}"
    return f"{name} {OPERATORS[how]} {shown}".strip()


def forms(flow: Flow, entity: str) -> dict[str, Any]:
    """The closed sets that the forms choose from, and the names that a condition may ask for."""
    made = flow.entities[entity]
    names = [name for name, kind in kinds(entity).items() if kind != "lines"]
    for one in made.references:
        names += [f"{one.name}.{name}" for name, kind in kinds(one.entity).items() if kind != "lines"]
    return {
        "operators": OPERATORS,
        "types": TYPES,
        "rules": RULES,
        "names": names,
        "group_label": prices.label_of,
    }


def _alike(value: str, label: str, ours: Sequence[str]) -> str:
    by_case = {one.casefold(): one for one in ours}
    for one in (value, label):
        found = difflib.get_close_matches(one.casefold(), by_case, 1, 0.75)
        if found:
            return by_case[found[0]]
    return ""

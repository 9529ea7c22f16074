"""What the conditions, as they are and as they would be, say to the sample record. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.record import record
from shared.domain.titles import title
from shared.mapping.conditions import unmet_condition
from shared.mapping.faults import FieldUnreadable, RuleRefused
from shared.mapping.model import Flow
from shared.operations.mapping_sample import Sample, Tables
from shared.operations.sections.conditions import OPERATORS
from shared.operations.sections.model import Section
from shared.operations.trial_rules import Rules
from shared.operations.trial_step import Step
from shared.ports import Condition


@record
class Verdict:
    """`what`: the condition in words; `has`: what the record has there; `before` and `after` in words."""

    what: str
    has: Any
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def verdicts(
    found: Sample | None, old: Flow, new: Flow, entity: str, section: Section, tables: Tables
) -> list[Verdict]:
    if found is None or entity not in new.entities or entity not in old.entities:
        return []
    if section.kind in ("where", "closed"):
        return [*_conditions(found, old, new, entity, section)]
    return [*_demand(found, old, new, entity, section.name, tables)] if section.kind == "require" else []


def _conditions(found: Sample, old: Flow, new: Flow, entity: str, section: Section) -> Iterator[Verdict]:
    values = found.values.get(section.system)
    if values is None:
        return
    were, are = (_of(flow, entity, section) for flow in (old, new))
    for one in dict.fromkeys((*are, *were)):
        says = _says(one, values)
        yield Verdict(
            in_words(one),
            values.get(one.field),
            says if one in were else "not asked",
            says if one in are else "not asked",
        )


def _of(flow: Flow, entity: str, section: Section) -> tuple[Condition, ...]:
    maps = flow.entities[entity].maps
    if section.system not in maps:
        return ()
    spec = maps[section.system].spec
    return spec.where if section.kind == "where" else spec.closed


def _says(one: Condition, values: Mapping[str, Any]) -> str:
    if one.field not in values:
        return "not read for this record"
    return "met" if unmet_condition((one,), values) is None else "not met"


def in_words(one: Condition) -> str:
    wanted = one.value if isinstance(one.value, tuple) else () if one.value is None else (one.value,)
    return f"{one.field} {OPERATORS[one.op]} {', '.join(f'“{value}”' for value in wanted)}".strip()


def _demand(found: Sample, old: Flow, new: Flow, entity: str, name: str, tables: Tables) -> Iterator[Verdict]:
    for source, values in found.values.items():
        target = new.sage if source == new.crm else new.crm
        said = [_asked(flow, entity, name, source, target, values, tables) for flow in (old, new)]
        if said != ["", ""]:
            yield Verdict(f"{title(source)} → {title(target)}", None, said[0], said[1])


def _asked(
    flow: Flow, entity: str, name: str, source: str, target: str, values: Mapping[str, Any], tables: Tables
) -> str:
    """ "" where the record does not go that way."""
    step = Step(flow, entity, source, target, tables)
    if step.flow is None:
        return ""
    rule = next((one for one in step.flow.requirements if one.name == name), None)
    if rule is None or rule.source == target:
        return "not asked"
    if (
        "." in rule.field
        or rule.rule == "within_credit"
        or (rule.rule == "equals" and "." in str(rule.value))
    ):
        return "cannot be told here: it asks for a record that is looked up"
    try:
        view = step.view(values)
        if rule.field not in view:
            return "not read for this record"
        Rules(step.flow, [rule]).keep(view, {})
    except RuleRefused as no:
        return f"{'held' if no.held else 'skipped'}: {no}"
    except (FieldUnreadable, KeyError) as no:
        return str(no)
    return "met"

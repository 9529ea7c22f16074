"""What the page of the mapping editor is made of."""

from collections.abc import Mapping, Sequence

from shared.console.pages.mapping_choices import warned_of
from shared.console.pages.mapping_fields import live, suggested, warned
from shared.console.pages.mapping_form import (
    Edited,
    draft_of,
    stored,
)
from shared.console.pages.mapping_sections import forms, summary, title_of
from shared.console.pages.mapping_sections import opened as opened_section
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.record import record
from shared.entities.registry import kinds
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.mapping.directions import OFF
from shared.mapping.model import Flow
from shared.mapping.stated import shipped_text
from shared.mapping.transforms import TRANSFORMS
from shared.operations.mapping_rows import LINES, Row, files_of, rows, systems_of, unmapped
from shared.operations.mapping_sample import Sample, Shown, Tables, sample, shown, tables_for
from shared.operations.sections.listing import sections
from shared.operations.sections.met import verdicts
from shared.operations.sections.model import Section
from shared.operations.settings_changes import Change, settings_changes
from shared.operations.settings_text import Parts, digest, settings_text
from shared.operations.settings_trial import Tried
from shared.operations.settings_versions import with_settings


@record
class File:
    """One rule file: the integration's own text, and what is shipped."""

    name: str
    text: str
    shipped: str


def flow_of(parts: Parts) -> Flow:
    return compile_flow(parts.flow, parts.rules, parts.directions)


def page(
    visit: Visit, now: Edited, faults: Sequence[str] = (), tried: Tried | None = None, not_tried: str = ""
) -> Reply:
    faults = [*faults] or [*now.told]
    entity, services = now.entity, visit.services
    shown_rows = _rows(now.parts, stored(visit), entity)
    flow = services.flow if faults else flow_of(now.parts)
    known = live(services, entity)
    found = sample(services, entity)
    tables = tables_for(services, services.flow, flow) if found is not None else {}
    opened, ways = _opened(now, shown_rows), _ways(flow, entity)
    parts = _sections(now.parts, stored(visit), entity, shown_rows)
    part = opened_section(now.parts, entity, parts, now.section, now.given, shown_rows, known)
    return visit.show(
        "mapping.html",
        "Mapping",
        entity=entity,
        entities=[name for name, one in services.flow.entities.items() if one.maps and not one.lookup_only],
        systems=systems_of(stored(visit)),
        rows=[one for one in shown_rows if ways.get(one.name, OFF) != OFF],
        others=[one for one in shown_rows if not one.in_lines and ways.get(one.name, OFF) == OFF],
        lines=[one for one in shown_rows if one.in_lines],
        ways=ways,
        fields=_unmapped(now.parts, entity, faults),
        opened=opened,
        live=known,
        suggested=suggested(opened, shown_rows, known) if opened else {},
        transforms=[*TRANSFORMS],
        sampled=_sampled(found, services.flow, flow, entity, tables),
        sample=found,
        faults=faults,
        warnings=[]
        if faults
        else [*warned(flow, now.parts, entity, shown_rows, known), *warned_of(parts, shown_rows, known)],
        found=parts,
        part=part,
        tables=[one for one in parts if one.kind == "table"],
        verdicts=verdicts(found, services.flow, flow, entity, part.section, tables) if part else [],
        titles={one.id: title_of(one) for one in parts},
        summaries={one.id: summary(one) for one in parts},
        forms=forms(flow, entity) if part else {},
        changes=_changes(visit, now.parts),
        files=[
            File(one, now.parts.rules.get(one, ""), shipped_text(one) or "")
            for one in files_of(now.parts, entity)
        ],
        draft=draft_of(visit, now.parts),
        base=visit.request.said("base") or digest(settings_text(services.integration)),
        tried=tried,
        not_tried=not_tried,
        follow=known.waiting(visit),
    )


def _rows(parts: Parts, before: Parts, entity: str) -> list[Row]:
    """Of a text that is no TOML nothing can be told: then those that are stored."""
    try:
        return rows(parts, entity)
    except RuleInvalid:
        return rows(before, entity)


def _sections(parts: Parts, before: Parts, entity: str, listed: Sequence[Row]) -> list[Section]:
    try:
        return sections(parts, entity, listed)
    except RuleInvalid:
        return sections(before, entity, listed)


def _unmapped(parts: Parts, entity: str, faults: Sequence[str]) -> list[str]:
    try:
        return unmapped(parts, entity)
    except RuleInvalid:
        return []


def _opened(now: Edited, listed: Sequence[Row]) -> Row | None:
    if not now.open:
        return None
    return next((one for one in listed if one.name == now.open), None) or _new(now)


def _new(now: Edited) -> Row:
    """Of a field that neither side has yet."""
    inner = now.open.removeprefix(LINES)
    return Row(now.open, kinds("line")[inner] if inner != now.open else kinds(now.entity)[inner], {})


def _ways(flow: Flow, entity: str) -> Mapping[str, str]:
    """Which way each field goes."""
    return {name: rule.direction for name, rule in flow.entities[entity].fields.items()}


def _sampled(
    found: Sample | None, old: Flow, new: Flow, entity: str, tables: Tables
) -> Mapping[str, list[Shown]]:
    if found is None or entity not in new.entities:
        return {}
    return shown(found, old, new, entity, tables)


def _changes(visit: Visit, parts: Parts) -> list[Change]:
    integration = visit.services.integration
    return [*settings_changes(integration, with_settings(integration, parts))]

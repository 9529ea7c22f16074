"""An integration's settings as choices, and what a form of them makes of the settings."""

from collections.abc import Mapping
from typing import Any

from shared.domain.record import record, replace
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.compile import compile_flow
from shared.mapping.directions import OFF, OTHERS
from shared.mapping.model import EntityFlow, Flow
from shared.mapping.stated import flow_file, flow_source
from shared.mapping.toml_edit import REMOVED, changed
from shared.operations.poll_tasks import CREDIT, credit_of
from shared.operations.settings_check import POLLED
from shared.operations.settings_text import Parts
from shared.settings import EVERY

APART = "apart"
"""In place of a choice: it differs from field to field, or from system to system, and stays so."""
_DELETES = ("keep", "hold", "archive", "delete")


@record
class Choices:
    """One entity. `chosen`: the direction that the settings give it, "" where it is as shipped. `conflict`: a
    system that wins, "newest" or "hold", `APART`, or "" where no field goes both ways. `needs`: what must be
    on with it."""

    entity: str
    direction: str
    chosen: str
    shipped: str
    conflict: str
    deletes: str
    can_delete: tuple[str, ...]
    needs: tuple[str, ...]
    follows: str
    minutes: Any

    @property
    def on(self) -> bool:
        return self.direction != OFF


def choices(parts: Parts) -> list[Choices]:
    """Of each entity that is synchronised, in the flow's order. Raises RuleInvalid."""
    flow = compile_flow(parts.flow, parts.rules, parts.directions)
    as_shipped = compile_flow(parts.flow, parts.rules)
    stated = flow_source(parts.flow, parts.rules).data
    return [
        _choices(one, as_shipped.entities[one.entity].direction, stated[one.entity], parts, flow)
        for one in flow.entities.values()
        if not one.lookup_only
    ]


def polled_names(flow: Flow) -> list[str]:
    """Whatever an interval may be given for, beside all of it."""
    known = [name for name, one in flow.entities.items() if name in POLLED and not one.lookup_only]
    return [*known, CREDIT] if credit_of(flow) is not None else known


def _choices(
    entity: EntityFlow, shipped: str, stated: Mapping[str, Any], parts: Parts, flow: Flow
) -> Choices:
    systems = (flow.crm, flow.sage)
    other = dict(zip(systems, systems[::-1], strict=True))
    able = any(entity.maps[one].spec.deletable for one in other if one in entity.maps)
    deletes = stated.get("deletes", "hold")
    return Choices(
        entity.entity,
        entity.direction,
        parts.directions.get(entity.entity, ""),
        shipped,
        _conflict(entity),
        deletes if isinstance(deletes, str) else APART,
        _DELETES if able else _DELETES[:3],
        tuple(stated.get("needs", ())),
        stated.get("follows") or "",
        parts.intervals.get(entity.entity, ""),
    )


def _conflict(entity: EntityFlow) -> str:
    kinds = {rule.conflict for rule in entity.fields.values() if rule.direction == "both"}
    if not kinds:
        return ""
    if len(kinds) > 1:
        return APART
    return entity.winner[0] if kinds == {"winner"} else kinds.pop()


def edited(parts: Parts, form: Mapping[str, str]) -> tuple[Parts, list[str]]:
    """The settings with what a form says (`direction.ENTITY`, `conflict.ENTITY`, `deletes.ENTITY`,
    `minutes.ENTITY`, `brake.records`, `brake.percent`), unchecked; what it leaves out stays. Beside them a
    sentence for each entity that was switched on with another. Raises RuleInvalid where the settings
    themselves cannot be read."""
    before = choices(parts)
    directions, notes = _directions(parts, before, form)
    rules = dict(parts.rules)
    name = flow_file(parts.flow)
    edits: dict[tuple[str, ...], Any] = {}
    for one in before:
        edits |= _conflict_edits(parts, one, form.get(f"conflict.{one.entity}", one.conflict))
        edits |= _deletes_edits(parts, one, form.get(f"deletes.{one.entity}", one.deletes))
    if edits:
        rules[name] = changed(rules.get(name, ""), edits)
        if not rules[name].strip():
            del rules[name]
    made = replace(
        parts,
        directions=directions,
        rules=rules,
        brake=_numbers(parts.brake, form, "brake", ("records", "percent")),
        intervals=_numbers(parts.intervals, form, "minutes", (EVERY, *POLLED)),
    )
    return made, notes


def _directions(
    parts: Parts, before: list[Choices], form: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """What is switched on takes along what it needs; switching off what is needed is left to the check, which
    says who needs it."""
    asked = {one.entity: form.get(f"direction.{one.entity}", one.chosen) for one in before}
    known = {one.entity: one for one in before}

    def way(entity: str) -> str:
        one = known[entity]
        if asked[entity]:
            return asked[entity]
        if OTHERS in parts.directions:
            return parts.directions[OTHERS]
        return way(one.follows) if one.follows in known else one.shipped

    notes: list[str] = []

    def take_along(entity: str) -> None:
        for needed in known[entity].needs:
            if needed in known and way(needed) == OFF and not (known[needed].on and asked[needed] == OFF):
                asked[needed] = way(entity)
                why = f"{words(entity)} records refer to {words(needed)} records"
                notes.append(f"{why}: these are switched on with them")
                take_along(needed)

    for one in before:
        if not one.on and way(one.entity) != OFF:
            take_along(one.entity)
    kept = {name: given for name, given in parts.directions.items() if name not in known}
    return {**kept, **{name: given for name, given in asked.items() if given}}, notes


def _conflict_edits(parts: Parts, one: Choices, wanted: str) -> dict[tuple[str, ...], Any]:
    if wanted in (one.conflict, APART, ""):
        return {}
    flow = compile_flow(parts.flow, parts.rules, parts.directions)
    shipped = flow_source(parts.flow, {}).data.get(one.entity, {})
    systems, kind = (flow.crm, flow.sage), wanted
    edits: dict[tuple[str, ...], Any] = {}
    if wanted in systems:
        kind, order = "winner", [wanted, *(name for name in systems if name != wanted)]
        same = order == list(shipped.get("winner") or systems)
        edits[(one.entity, "winner")] = REMOVED if same else order
    for name, rule in flow.entities[one.entity].fields.items():
        if rule.direction == "both":
            own = shipped.get("fields", {}).get(name, {})
            usual = own.get("conflict", "winner") if isinstance(own, dict) else "winner"
            edits[(one.entity, "fields", name, "conflict")] = REMOVED if usual == kind else kind
    return edits


def _deletes_edits(parts: Parts, one: Choices, wanted: str) -> dict[tuple[str, ...], Any]:
    if wanted in (one.deletes, APART):
        return {}
    shipped = flow_source(parts.flow, {}).data.get(one.entity, {}).get("deletes", "hold")
    return {(one.entity, "deletes"): REMOVED if shipped == wanted else wanted}


def _numbers(
    stated: Mapping[str, int], form: Mapping[str, str], inside: str, names: tuple[str, ...]
) -> dict[str, Any]:
    """What is no number stays a text, for the check to name."""
    made: dict[str, Any] = dict(stated)
    for name in names:
        given = form.get(f"{inside}.{name}")
        if given is None:
            continue
        made.pop(name, None)
        if text := given.strip():
            made[name] = int(text) if text.isdecimal() and len(text) < 10 else text
    return made


def way_in_words(direction: str, crm: str, sage: str) -> str:
    if direction.startswith("from "):
        source = direction.removeprefix("from ")
        return f"from {title(source)} to {title(sage if source == crm else crm)}"
    return {"both": "both ways", OFF: "off"}.get(direction, direction)
